"""A part of the sample help centre, ingested once for the tests that talk about it."""

from collections.abc import Sequence
from pathlib import Path

from tests.index import small_centre
from tests.index.small_centre import ROOT, Centre

SAMPLE = ROOT / "kb" / "sample"
ARTICLES = (
    "en/account/sign-in-problems.md",
    "en/billing/payment-failed.md",
    "en/billing/payment-methods.md",
    "en/delivery/delivery-times-and-costs.md",
    "en/devices/descale-heron.md",
    "en/devices/descale-wren.md",
    "en/devices/heron-lights-and-errors.md",
    "en/devices/set-up-heron.md",
    "en/devices/set-up-wren.md",
    "en/devices/wren-lights.md",
    "en/devices/factory-reset.md",
    "en/orders/change-or-cancel-order.md",
    "en/returns/refund-times.md",
    "en/returns/return-coffee.md",
    "en/security/reset-password.md",
    "en/subscriptions/cancel-monthly-plan.md",
    "en/subscriptions/cancel-yearly-plan.md",
    "en/subscriptions/pause-or-skip.md",
    "en/troubleshooting/machine-leaks.md",
    "de/delivery/delivery-times-and-costs.md",
    "de/devices/heron-lights-and-errors.md",
    "de/devices/set-up-heron.md",
    "de/devices/set-up-wren.md",
    "de/orders/track-your-order.md",
    "de/returns/refund-times.md",
    "de/security/reset-password.md",
)


def ingested(folder: Path, articles: Sequence[str] = ARTICLES) -> Centre:
    """Those articles in a fresh index."""
    centre = small_centre.empty(folder)
    for path in articles:
        centre.write(path, (SAMPLE / path).read_text(encoding="utf-8"))
    centre.ingest()
    return centre
