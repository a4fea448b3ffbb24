"""Text that a database cannot hold is replaced one for one; times need a zone."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from bot.storage.columns import Moment, legal


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("plain", "plain"),
        ("", ""),
        ("☕ naïve 😀", "☕ naïve 😀"),
        ("a\x00b", "a\ufffdb"),
        ("é\x00b", "é\ufffdb"),
        ("\ud800x\udfff", "\ufffdx\ufffd"),
        ("tab\tand\x01control", "tab\tand\x01control"),
    ],
)
def test_only_nul_and_lone_surrogates_are_replaced(text: str, stored: str) -> None:
    assert legal(text) == stored


@given(st.text(st.characters(codec=None)))
def test_legal_text_keeps_its_length_and_fits_in_utf8(text: str) -> None:
    stored = legal(text)
    assert len(stored) == len(text)
    assert "\x00" not in stored
    assert stored.encode("utf-8").decode("utf-8") == stored


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        Moment().process_bind_param(dt.datetime(2025, 1, 1), sqlite.dialect())  # noqa: DTZ001
