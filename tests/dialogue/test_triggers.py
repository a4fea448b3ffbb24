from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.reply import Reason
from bot.dialogue.triggers import Handlings, Nearest, Triggers
from bot.dialogue.triggers.rules import TRIGGERED, load
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
class OnePrototype:
    similarity: float

    def nearest(self, text: str) -> Nearest | None:
        return Nearest(Reason.LEGAL, "my counsel will write to you", self.similarity)


@pytest.mark.parametrize(("similarity", "fires"), [(0.79, False), (0.8, True)])
def test_a_prototype_fires_from_its_floor_on(tmp_path: Path, similarity: float, fires: bool) -> None:
    (tmp_path / "en.yaml").write_text(RULE, encoding="utf-8")
    files = [load(tmp_path / "en.yaml")]
    tried = Triggers(files, Handlings.load(), OnePrototype(similarity), prototype_floor=0.8)
    fired = tried.match("our advocate is going to be in touch", "en")
    assert (fired is not None) is fires
    if fired is not None:
        assert (fired.rule, fired.queue) == ("legal/prototype", "legal")


def test_a_rule_wins_over_a_prototype(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text(RULE, encoding="utf-8")
    tried = Triggers([load(tmp_path / "en.yaml")], Handlings.load(), OnePrototype(1.0), prototype_floor=0.8)
    fired = tried.match("I want an agent", "en")
    assert fired is not None
    assert fired.rule == "person/ask"


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
