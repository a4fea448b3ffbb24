"""Which titles are worth asking about."""

import pytest

from bot.dialogue.choices import undecided

CASES = [
    ("two machines, none named", "how do I descale", "en", ["Descale the Wren", "Descale the Heron"], True),
    ("one machine is named", "descale my heron", "en", ["Descale the Heron", "Descale the Wren"], False),
    ("two plans, none named", "cancel my subscription", "en", ["Cancel a yearly plan", "Cancel a monthly plan"], True),
    ("copies", "how do I descale", "en", ["Descale the Wren", "Descale the Wren"], False),
    ("other matters", "how do I descale", "en", ["Descale the Wren", "Delivery times"], False),
    ("a German compound", "abo kündigen", "de", ["Monatsabo kündigen", "Jahresabo kündigen"], True),
    ("function words do not count", "cancel", "en", ["Cancel a plan", "Cancel the plan"], False),
    ("only one article", "how do I descale", "en", ["Descale the Wren"], False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "language", "titles", "asks"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_asks_only_where_titles_differ_in_a_name_that_was_not_said(
    question: str, language: str, titles: list[str], asks: bool
) -> None:
    assert undecided(question, titles, language) == (tuple(titles) if asks else ())
