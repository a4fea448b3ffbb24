"""A day of the desk through real HTTP, with the server killed on the way: nothing is lost, doubled or forgotten."""

from dataclasses import replace
from pathlib import Path

import pytest

from evaluations.day.__main__ import ingested, planned, run
from tests.flows import sample_centre
from tests.storage.conftest import postgres

__all__ = ["postgres"]


#: What some of the ten ask for.
ARTICLES = (
    "en/devices/heron-lights-and-errors.md",
    "en/devices/set-up-heron.md",
    "en/returns/return-coffee.md",
    "en/returns/refund-times.md",
    "en/delivery/delivery-times-and-costs.md",
)


def test_of_a_short_day_with_a_kill_everything_has_its_place(tmp_path: Path) -> None:
    data = sample_centre.ingested(tmp_path, ARTICLES).data
    plan = replace(planned(10, seed=4, kills=(0.5,)), days_after=(9,))
    day, lines = run(plan, tmp_path, data, "")
    assert [line.told for line in lines if line.faults] == []
    assert day.house.kills == 1
    assert day.notes.replies


@pytest.mark.proof
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_of_a_day_of_five_hundred_customers_everything_has_its_place(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue("postgres").empty() if database == "postgresql" else ""
    ingested(tmp_path / "data", url)
    day, lines = run(planned(500, seed=1), tmp_path, tmp_path / "data", url)
    assert [line.told for line in lines if not line.holds] == []
    assert day.house.kills == 2
