"""The line that people know a ticket by: the matter, without greeting and name."""

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.subject import SUBJECT_CHARS, subject

CASES = yaml.safe_load(Path(__file__).with_name("subjects.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["subject"])
def test_the_subject_begins_with_the_matter(case: dict[str, str]) -> None:
    assert subject([case["written"]]) == case["subject"]


@given(st.lists(st.text(), max_size=5))
def test_a_subject_is_one_short_line_of_the_customers_words(messages: list[str]) -> None:
    line = subject(messages)

    assert len(line) <= SUBJECT_CHARS
    assert not re.search(r"[\r\n\t]", line)
