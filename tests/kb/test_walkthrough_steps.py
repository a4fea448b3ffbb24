"""The steps of an article and their places."""

import pytest

from kb.errors import ArticleRejected
from kb.markdown import steps

ARTICLE = """---
title: Pause a plan
walkthrough:
  - "#account"
  - ""
  - "[data-test='confirm']"
---
Before that, two notes:

1. Only one.

Then:

1. Open **Account**. It is at the top.
2. Press *Pause*:
   - for a week
3. Confirm.
"""


def test_steps_are_those_of_the_first_list_of_several_with_their_places() -> None:
    found = [(step.text, step.at) for step in steps(ARTICLE)]
    assert found == [
        ("Open Account. It is at the top.", "#account"),
        ("Press Pause:", ""),
        ("Confirm.", "[data-test='confirm']"),
    ]


def test_without_places_steps_have_none_and_without_a_list_there_are_no_steps() -> None:
    assert [step.at for step in steps("1. One.\n2. Two.\n")] == ["", ""]
    assert steps("# A title\n\nJust words.\n\n- and a list\n- of items\n") == ()


@pytest.mark.parametrize("wrong", ['"#account"', f'["{"x" * 201}"]'])
def test_a_walkthrough_that_is_no_list_of_selectors_is_refused_with_advice(wrong: str) -> None:
    with pytest.raises(ArticleRejected, match="list of CSS selectors"):
        steps(f"---\nwalkthrough: {wrong}\n---\n1. One.\n2. Two.\n")
