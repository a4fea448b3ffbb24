"""The policy file that a support lead edits."""

import datetime as dt
from pathlib import Path

import pytest

from bot.desk.policy import duration, load_policy
from bot.desk.ticket import Priority
from bot.errors import SettingsInvalid

HOUR = dt.timedelta(hours=1)


def test_the_shipped_service_levels_are_those_of_the_teams() -> None:
    levels = load_policy().service_levels

    assert [(levels[p].first_response, levels[p].resolution) for p in Priority] == [
        (HOUR, 24 * HOUR),
        (4 * HOUR, 48 * HOUR),
        (24 * HOUR, 120 * HOUR),
        (48 * HOUR, 240 * HOUR),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("15m", dt.timedelta(minutes=15)), ("4h", 4 * HOUR), ("5d", dt.timedelta(days=5))],
)
def test_durations_are_written_with_their_unit(written: str, meant: dt.timedelta) -> None:
    assert duration(written) == meant


@pytest.mark.parametrize("written", ["", "4", "h", "-4h", "4 h", "4w", "1h30m", None])
def test_a_duration_without_a_known_unit_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        duration(written)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("service_levels: {high: {first_response: 4h, resolution: 48h}}", "critical"),
        ("service_levels: {urgent: {first_response: 4h, resolution: 48h}}", "urgent"),
        ("service_levels: [1, 2]", "policy"),
        ("service_levels: {high: {first_response: soon, resolution: 48h}}", "soon"),
        (": : :", "policy"),
        ("", "policy"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused_by_name(tmp_path: Path, content: str, named: str) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(SettingsInvalid, match=named):
        load_policy(file)
