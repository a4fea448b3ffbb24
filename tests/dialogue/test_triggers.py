from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.reply import Reason
from bot.dialogue.triggers import Fired, Handlings, Meaning, Triggers
from bot.dialogue.triggers.concepts import Concepts
from bot.dialogue.triggers.features import CONCEPT_BUCKETS, LETTER_BUCKETS, letter_sequences
from bot.dialogue.triggers.meaning import FLOOR, FLOOR_OF_QUESTIONS, Signals
from bot.dialogue.triggers.reading import Reading
from bot.dialogue.triggers.rules import TRIGGERED, load
from bot.dialogue.triggers.weights import Weights
from bot.errors import SettingsInvalid

RULE = """
language: en
lists:
  person: human|agent
rules:
  - name: person/ask
    says: The customer asks for a person
    when: |
      want .. {person}
"""


def test_what_fired_says_rule_words_and_handling(triggers: Triggers) -> None:
    fired = triggers.match("Hello. I want to speek to a humna, please", "en")
    assert fired is not None
    assert fired.reason is Reason.PERSON
    assert fired.rule == "person/talk-to-a-human"
    assert fired.words == "speek to a humna"
    assert fired.explanation == "The customer asks to talk to a person: “speek to a humna”"
    assert (fired.priority, fired.queue, fired.sentence) == ("medium", "general", "handoff_person")
    assert fired.language == "en"


def test_the_stronger_of_two_reasons_is_kept(triggers: Triggers) -> None:
    fired = triggers.match("get me a human, someone hacked my account and I will sue you", "en")
    assert fired is not None
    assert fired.reason is Reason.SECURITY


def test_without_a_language_the_rules_of_all_are_tried(triggers: Triggers) -> None:
    assert triggers.match("mein konto wurde gehackt", "en") is None
    fired = triggers.match("mein konto wurde gehackt", "")
    assert fired is not None
    assert (fired.reason, fired.language) == (Reason.SECURITY, "de")


def test_a_language_without_rules_is_tried_with_the_english_ones(triggers: Triggers) -> None:
    fired = triggers.match("agent please", "it")
    assert fired is not None
    assert fired.reason is Reason.PERSON


def test_explain_lists_every_rule_and_why_it_did_not_fire(triggers: Triggers) -> None:
    considered = {one.rule: one for one in triggers.explain("I don't need an agent, thanks", "en")}
    held_back = considered["person/wants-a-human"]
    assert not held_back.fired
    assert held_back.words == "need an agent"
    assert held_back.why == "negated: “don't” stands before it"
    assert considered["danger/fire"].why == "none of its phrases is in the message"


def test_explain_names_the_words_that_spare_a_mention(triggers: Triggers) -> None:
    considered = triggers.explain("what happens if my account gets hacked", "en")
    spared = next(one for one in considered if one.rule == "security/hacked")
    assert not spared.fired
    assert spared.why.startswith("spared: “what happens if”")


def test_explain_puts_what_fired_first(triggers: Triggers) -> None:
    first = triggers.explain("I want to talk to a human", "en")[0]
    assert first.fired
    assert first.rule == "person/talk-to-a-human"


def test_each_reason_a_customer_can_give_is_handled() -> None:
    handlings = Handlings.load()
    assert all(reason in handlings for reason in TRIGGERED)
    ranked = sorted(TRIGGERED, key=lambda reason: handlings[reason].rank)
    assert [reason.value for reason in ranked] == [
        "danger",
        "security",
        "legal",
        "privacy",
        "payment_dispute",
        "abuse",
        "person",
        "upset",
    ]


def test_a_security_incident_is_critical_and_goes_to_the_security_queue() -> None:
    handling = Handlings.load()[Reason.SECURITY]
    assert (handling.priority, handling.queue) == ("critical", "security")


def test_rule_files_of_all_languages_have_rules_for_every_reason() -> None:
    folder = Path(__file__).parents[2] / "bot" / "dialogue" / "triggers" / "rules"
    reasons = {file.stem: {rule.reason for rule in load(file).rules} for file in folder.glob("*.yaml")}
    assert sorted(reasons) == ["de", "en", "es", "fr"]
    assert all(found == set(TRIGGERED) for found in reasons.values())


@dataclass(frozen=True)
class Seen:
    """A text as an encoder would see it."""

    vector: npt.NDArray[np.float32]
    tokens: npt.NDArray[np.float32]
    lower: npt.NDArray[np.float32] | None = None


SEEN = Seen(np.asarray([1.0, 0.0], dtype=np.float32), np.asarray([[1.0, 0.0]], dtype=np.float32))


def meaning(label: str, certainty: float, rule: str = "person/ask") -> Meaning:
    """Tells everything as one label, with a probability that `certainty` says (0 is even chances)."""
    none, nothing = np.zeros((1, 2), dtype=np.float32), np.zeros(1, dtype=np.float32)
    weights = Weights(
        model="model",
        labels=("none", label),
        vector=np.asarray([[0.0, certainty], [0.0, 0.0]], dtype=np.float32),
        letters=np.zeros((LETTER_BUCKETS, 2), dtype=np.float32),
        concepts=np.zeros((CONCEPT_BUCKETS, 2), dtype=np.float32),
        signals=np.zeros((2 * len(TRIGGERED) + 1, 2), dtype=np.float32),
        look=none.T,
        look_bias=nothing,
        looked=none,
        bias=np.zeros(2, dtype=np.float32),
        examples=("my counsel will write to you",),
        meant=(label,),
        rules=frozenset({rule}),
        lists="",
        places=np.asarray([[1.0, 0.0]], dtype=np.float32),
    )
    return Meaning(weights, Concepts({}, {}, 0))


def felt(tmp_path: Path, text: str, meant: Meaning) -> Fired | None:
    (tmp_path / "en.yaml").write_text(RULE, encoding="utf-8")
    return Triggers.load(tmp_path, meant).felt(text, SEEN, "en")


@pytest.mark.parametrize(("certainty", "fires"), [(-0.1, False), (3.0, True)])
def test_meaning_brings_in_people_from_a_floor_on(tmp_path: Path, certainty: float, fires: bool) -> None:
    fired = felt(tmp_path, "our advocate is going to be in touch", meaning("legal", certainty))
    assert (fired is not None) is fires
    if fired is not None:
        assert (fired.rule, fired.queue, fired.sentence) == ("legal/by-meaning", "legal", "handoff_legal")
        assert "like “my counsel will write to you”" in fired.explanation


@pytest.mark.parametrize(("certainty", "fires"), [(1.1, False), (9.0, True)])
def test_a_reason_that_a_rule_was_held_back_from_needs_more(
    tmp_path: Path, certainty: float, fires: bool
) -> None:
    negated = RULE.replace("lists:", "negations: |\n  do not\nspellings:\n  dont: do not\nlists:")
    (tmp_path / "en.yaml").write_text(negated, encoding="utf-8")
    tried = Triggers.load(tmp_path, meaning("person", certainty))
    assert tried.felt("get somebody on the line", SEEN, "en") is not None
    assert (tried.felt("I don't want an agent, only the price", SEEN, "en") is not None) is fires


def weighed(tmp_path: Path, text: str, against: str, certainty: float, rules: str = RULE) -> Fired | None:
    """What is left of a rule that fires on a text whose meaning is `against` it."""
    (tmp_path / "en.yaml").write_text(rules, encoding="utf-8")
    return Triggers.load(tmp_path, meaning(against, certainty)).told(text, "en", lambda _: SEEN)


@pytest.mark.parametrize(("certainty", "rule"), [(0.7, "person/ask"), (9.0, "legal/by-meaning")])
def test_a_meaning_that_is_sure_overrules_a_rule(tmp_path: Path, certainty: float, rule: str) -> None:
    fired = weighed(tmp_path, "I want an agent for my lawsuit", "legal", certainty)
    assert fired is not None
    assert fired.rule == rule


def test_what_is_surely_nothing_hands_nothing_off(tmp_path: Path) -> None:
    assert weighed(tmp_path, "I want the agent licence", "upset", -9.0) is None


LIKELY = RULE.replace("when:", "likely:")
DOUBTS = RULE.replace("rules:", "doubts: |\n  last year\nrules:")


@pytest.mark.parametrize(
    ("text", "rules", "certainty", "fires"),
    [
        ("I want the agent licence", LIKELY, -0.1, False),
        ("I want the agent licence", LIKELY, 0.1, True),
        ("I want the agent licence", RULE, -0.1, True),
        ("Last year was fine. I want the agent licence", DOUBTS, -0.1, False),
        ("Last year was fine. I want the agent licence", DOUBTS, 0.1, True),
        ("I want the agent licence", DOUBTS, -0.1, True),
    ],
)
def test_a_rule_that_is_only_likely_needs_the_meaning_to_agree(
    tmp_path: Path, text: str, rules: str, certainty: float, fires: bool
) -> None:
    assert (weighed(tmp_path, text, "person", certainty, rules) is not None) is fires


@pytest.mark.parametrize("rules", [LIKELY, DOUBTS])
def test_without_the_model_a_rule_that_is_only_likely_fires(tmp_path: Path, rules: str) -> None:
    (tmp_path / "en.yaml").write_text(rules, encoding="utf-8")
    fired = Triggers.load(tmp_path).match("I want an agent as last year", "en")
    assert fired is not None
    assert not fired.sure


def test_what_is_only_likely_does_not_hide_what_is_sure(tmp_path: Path) -> None:
    rules = LIKELY.replace("person/ask", "legal/perhaps") + RULE.partition("rules:\n")[2].replace(
        "want", "get"
    )
    (tmp_path / "en.yaml").write_text(rules, encoding="utf-8")
    both = Triggers.load(tmp_path, meaning("legal", -0.5, rule="legal/perhaps"))
    fired = both.told("I want an agent now, get me an agent", "en", lambda _: SEEN)
    assert fired is not None
    assert fired.rule == "person/ask"


def test_what_is_likely_in_a_story_or_beside_a_quotation_needs_the_meaning_too(tmp_path: Path) -> None:
    story = "the box was late and then it was wrong and then it was open " * 3
    for text in (story + "I want an agent", "I want an agent, “as it says here”, where"):
        assert weighed(tmp_path, text, "person", -0.5, LIKELY) is None


@pytest.mark.parametrize("reason", ["danger", "abuse"])
def test_what_is_neither_over_nor_supposed_is_not_doubted(tmp_path: Path, reason: str) -> None:
    rules = DOUBTS.replace("person/ask", f"{reason}/ask")
    (tmp_path / "en.yaml").write_text(rules, encoding="utf-8")
    known = Triggers.load(tmp_path, meaning(reason, -0.5, rule=f"{reason}/ask"))
    assert known.told("Last year I want an agent", "en", lambda _: SEEN) is not None


def test_explain_says_which_rule_is_only_likely(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(LIKELY, encoding="utf-8")
    (rule,) = Triggers.load(tmp_path).explain("I want an agent", "en")
    assert (rule.fired, rule.why) == (True, "The customer asks for a person, if its meaning agrees")


def test_a_rule_that_a_team_adds_is_never_overruled(tmp_path: Path) -> None:
    added = RULE.replace("person/ask", "person/of-our-own")
    fired = weighed(tmp_path, "I want the agent licence", "upset", -9.0, added)
    assert fired is not None
    assert fired.rule == "person/of-our-own"


def test_what_a_rule_finds_in_a_long_story_is_not_overruled(tmp_path: Path) -> None:
    story = "the box was late and then it was wrong and then it was open " * 3
    fired = weighed(tmp_path, story + "I want an agent", "upset", -9.0)
    assert fired is not None
    assert fired.rule == "person/ask"


def test_danger_is_never_explained_away(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(RULE.replace("person/ask", "danger/ask"), encoding="utf-8")
    known = meaning("upset", -9.0, rule="danger/ask")
    assert Triggers.load(tmp_path, known).told("I want the agent licence", "en", lambda _: SEEN) is not None


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_a_message_quotes_is_no_part_of_its_meaning(language: str) -> None:
    quoting, other = (
        f'the button says "{words}", where is it' for words in ("call my lawyer", "press me now")
    )
    reading = Reading.load()
    assert reading.of(quoting, language).split() == reading.of(other, language).split()
    assert "lawyer" not in reading.of(quoting, language)
    assert letter_sequences(quoting).places.tolist() == letter_sequences(other).places.tolist()


def test_a_message_that_quotes_somebody_is_told_by_the_rest_of_it(tmp_path: Path) -> None:
    fired = felt(tmp_path, 'I put my code into a page from "your bank"', meaning("security", 9.0))
    assert fired is not None
    assert fired.reason is Reason.SECURITY


def test_a_question_that_is_quoted_is_not_asked() -> None:
    told = meaning("legal", 0.0)
    quoted, asked = 'I typed it in where it says "is it you?"', "where did I type it in?"
    floors = [told.floor(text, Reason.LEGAL, Signals()) for text in (quoted, asked)]
    assert floors == [FLOOR, FLOOR_OF_QUESTIONS]


@pytest.mark.parametrize(("reason", "fires"), [("privacy", True), ("legal", False), ("security", False)])
def test_what_everyday_messages_are_hardly_taken_for_need_not_be_as_sure(
    tmp_path: Path, reason: str, fires: bool
) -> None:
    # The chance is about .7.
    assert (felt(tmp_path, "it went to a stranger", meaning(reason, 0.57)) is not None) is fires


def test_without_fitted_weights_nothing_is_felt(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(RULE, encoding="utf-8")
    assert Triggers.load(tmp_path).felt("get somebody on the line", SEEN, "en") is None


def test_words_of_another_language_fire_with_typos_only_where_the_language_is_known(
    triggers: Triggers,
) -> None:
    assert triggers.match("Bulk gainer", "") is None
    typed = triggers.match("mein konto wurde gehakt", "de")
    assert typed is not None
    assert typed.reason is Reason.SECURITY


def test_a_rule_may_have_its_own_priority_queue_and_sentence(tmp_path: Path) -> None:
    own = "    priority: high\n    queue: vip\n    sentence: handoff_upset\n"
    (tmp_path / "en.yaml").write_text(RULE + own, encoding="utf-8")
    fired = Triggers.load(tmp_path).match("I want an agent", "en")
    assert fired is not None
    assert (fired.priority, fired.queue, fired.sentence) == ("high", "vip", "handoff_upset")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (
            RULE.replace("{person}", "{persons}"),
            "rule “person/ask”: “want .. {persons}” uses the list {persons}",
        ),
        (
            RULE.replace("want ..", "(want .."),
            "rule “person/ask”: “(want .. {person}” opens a ( that is not closed",
        ),
        (RULE.replace("want ..", "[want] |"), "rule “person/ask”"),
        (RULE.replace("person/ask", "pirates/ask"), "“pirates” must be one of danger, security"),
        (RULE.replace("person/ask", "person"), "a name is a reason, a slash and a few words"),
        (RULE.replace("when:", "wenn:"), "rule “person/ask”: “wenn” is not known here"),
        (RULE + "    negatable: maybe\n", "rule “person/ask”: “negatable” must be yes or no"),
        (RULE + "    priority: enormous\n", "rule “person/ask”: “enormous” must be one of critical, high"),
        (RULE.replace("want .. {person}", "[want] .."), "needs at least one word that is not optional"),
        (LIKELY.replace("person/ask", "danger/ask"), "danger has no “likely”"),
        (RULE.replace("want .. {person}", ""), "“when” or “likely” needs at least one phrase"),
        (RULE + "doubts: (last\n", "doubts: “(last” opens a ( that is not closed"),
        (RULE + "around: do not\n", "around: “do not” lacks the _ that stands for the phrase"),
        (RULE + "within: (not\n", "within: “(not” opens a ( that is not closed"),
        ("language: en\nrules: all\n", "“rules” must be a list"),
        ("language: [", "is not valid YAML"),
        ("- a\n- b\n", "must hold names with values"),
        (RULE.replace("person: human|agent", "person: yes"), "write both in quotes"),
    ],
)
def test_a_mistake_in_a_rule_file_is_told_with_file_and_rule(
    tmp_path: Path, wrong: str, problem: str
) -> None:
    file = tmp_path / "en.yaml"
    file.write_text(wrong, encoding="utf-8")
    with pytest.raises(SettingsInvalid) as raised:
        load(file)
    assert problem in str(raised.value)
    assert str(file) in str(raised.value)


def test_two_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    rule = RULE.partition("rules:\n")[2]
    (tmp_path / "en.yaml").write_text(RULE + rule, encoding="utf-8")
    with pytest.raises(SettingsInvalid, match="two rules are called “person/ask”"):
        load(tmp_path / "en.yaml")


@given(st.text(max_size=400))
def test_any_text_is_judged_without_an_error(text: str) -> None:
    tried = _TRIGGERS.match(text, "")
    assert tried is None or tried.words in text


_TRIGGERS = Triggers.load()


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        (
            "Do not connect me to an agent. How do I change my delivery date?",
            "en",
            "How do I change my delivery date",
        ),
        ("I don't need a human, how do I pause my plan?", "en", "how do I pause my plan"),
        ("I don't need an agent", "en", "I don't need an agent"),
        ("How do I pause my plan?", "en", "How do I pause my plan?"),
    ],
)
def test_what_is_declined_is_not_what_is_meant(text: str, language: str, meant: str) -> None:
    assert Triggers.load().meant(text, language) == meant
