"""Which words deny a phrase, said of small rule files, so that the shipped words may change."""

from pathlib import Path

import pytest

from bot.dialogue.reply import Reason
from bot.dialogue.triggers import Triggers

RULES = """
language: en
spellings:
  wont: will not
negations: |
  do not
within: |
  not [to]
around: |
  ne _ pas
  _ [you] not
refusals: |
  not going to
joints: |
  and|that
turns: |
  but
rules:
  - name: legal/court
    says: The customer goes to court
    when: |
      take ... court
      court of law
      sue you
      =lawyer
      vous poursuis
      we ... charge .. (not ours)
  - name: legal/always
    says: The customer threatens
    negatable: no
    when: |
      see .. judge
  - name: privacy/share
    says: The customer wants no data to be shared
    when: |
      share .. number
  - name: security/hacked
    says: The customer reports a break-in
    when: |
      account .. hacked
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Triggers:
    folder: Path = tmp_path_factory.mktemp("rules")
    (folder / "en.yaml").write_text(RULES, encoding="utf-8")
    return Triggers.load(folder)


def why(small: Triggers, text: str) -> str:
    """Why the rule whose phrase stands in a message is held back; what it says where it fires."""
    return next(one.why for one in small.explain(text, "en") if one.words)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("I do not take this to court", "negated: “do not” stands before it"),
        ("I take you not to court", "negated: “not to” stands in it"),
        ("my account was not hacked", "negated: “not” stands in it"),
        ("je ne vous poursuis pas", "negated: “pas” stands after it"),
        ("I sue you not", "negated: “not” stands after it"),
        ("I am not going to hire a lawyer", "negated: “not going to” stands before it"),
    ],
)
def test_it_is_said_which_words_deny_a_phrase_and_where(small: Triggers, text: str, denied: str) -> None:
    assert why(small, text) == denied
    assert small.match(text, "en") is None


@pytest.mark.parametrize(
    "text",
    [
        # In another clause, or of another matter.
        "you do not, I take you to court",
        "take this and not to court",
        "I am not going to pay and need a lawyer",
        # Further off than a wish reaches.
        "I am not going to pay this bill ever lawyer",
        # After the phrase, in the midst of a clause.
        "I sue you not him",
        # Half of what stands on both sides.
        "je ne sais pas, vous poursuis",
        "vous poursuis pas",
        # The phrase says “not” itself.
        "we see a charge not ours",
        # It asks for it.
        "why not take this not to court?",
        # The rule cannot be denied.
        "I will not see a judge",
    ],
)
def test_a_negation_of_something_else_denies_nothing(small: Triggers, text: str) -> None:
    assert small.match(text, "en") is not None


def test_what_goes_on_from_a_denied_phrase_is_denied_with_it(small: Triggers) -> None:
    assert small.match("a court of law", "en") is not None
    assert small.match("I do not take you to court of law", "en") is None
    assert small.match("I do not take you to court, a court of law decides", "en") is not None


def test_not_to_share_data_is_what_the_rules_of_privacy_are_about(small: Triggers) -> None:
    assert small.match("share not my number", "en") is not None


def test_a_refusal_reaches_only_what_is_announced(small: Triggers) -> None:
    assert small.match("I am not going to wait account hacked", "en") is not None


def test_what_is_denied_and_said_as_well_is_said(small: Triggers) -> None:
    denied = small.signals("I do not take you to court", "en")
    assert (denied.fired, denied.denied) == (frozenset(), {Reason.LEGAL})
    both = small.signals("I do not take you to court. I sue you", "en")
    assert (both.fired, both.denied) == ({Reason.LEGAL}, frozenset())


@pytest.mark.parametrize(
    "text", ["I do not take you to court, but will", "I do not sue you. But you will see"]
)
def test_what_may_be_taken_back_is_not_denied(small: Triggers, text: str) -> None:
    weighed = small.signals(text, "en")
    assert (weighed.held_back, weighed.denied) == ({Reason.LEGAL}, frozenset())


def test_what_is_spared_is_not_denied(triggers: Triggers) -> None:
    spared = triggers.signals("what happens if my account gets hacked", "en")
    assert Reason.SECURITY in spared.held_back
    assert not spared.denied


def test_clauses_that_decline_are_left_out_of_what_is_looked_up(triggers: Triggers) -> None:
    assert triggers.meant("Ich werde Sie nicht verklagen, wo finde ich die Rechnung", "de") == (
        "wo finde ich die Rechnung"
    )
