"""The pages under /insights, in the order of their navigation: a new one adds its line here."""

from typing import Final

#: Label and address.
PAGES: Final = (
    ("Overview", "/insights"),
    ("Volume", "/insights/volume"),
    ("Gaps", "/insights/gaps"),
    ("Articles", "/insights/articles"),
    ("Experiments", "/insights/experiments"),
    ("Contact form", "/insights/form"),
)
