from pathlib import Path

import pytest

from bot.answering.answered import Answered
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.settings import load
from evaluations.answers import EXPECTED, METRICS, Expected, evaluate, of_dataset
from evaluations.beir import read
from evaluations.corpus_index import open_index
from evaluations.corpus_service import apart, services_over
from evaluations.result import SetResult
from index.compiled import CompiledEncoder


def _citation(article: str, quote: str, locale: str = "en") -> Citation:
    return Citation(article, locale, article, (), "", quote, quote, 0, len(quote), "r1")


class Scripted:
    """Answers each message as the test says."""

    def __init__(self, replies: dict[str, Answered]) -> None:
        self.replies = replies
        self.seen: list[tuple[str, ...]] = []

    def answer(self, text: str, *, locale: str = "", conversation: object = None) -> Answered:
        messages = getattr(conversation, "messages", ())
        self.seen.append(tuple(message.text for message in messages))
        return self.replies[text]


def _answer(*citations: Citation, confidence: float = 0.9) -> Answered:
    return Answered(
        Reply(ReplyKind.ANSWER, "", citations, confidence, Reason.ANSWERED, "", "en"), (), "", "", ""
    )


def _hand_off(reason: Reason, *considered: Citation) -> Answered:
    return Answered(Reply(ReplyKind.HANDOFF, "", (), 0.2, reason, "", "en"), considered, "medium", "q", "s")


def _expected(
    text: str, kind: str, *articles: str, answers: tuple[str, ...] = (), reason: str = ""
) -> Expected:
    return Expected(text, text, "en", kind, articles, answers, True, reason, {EXPECTED: kind}, ())


def _result(expected: list[Expected], replies: dict[str, Answered]) -> SetResult:
    return evaluate("made", "c", expected, Scripted(replies))  # type: ignore[arg-type]


def _values(result: SetResult) -> dict[str, dict[str, float]]:
    return {
        case.id: {name: case.values[name] for name in METRICS if name in case.values} for case in result.cases
    }


def test_an_answer_is_right_when_it_quotes_a_wanted_article_in_the_messages_language() -> None:
    expected = [
        _expected(name, "answerable", "a", "b", answers=("five days",))
        for name in ("yes", "also", "no", "es")
    ]
    values = _values(
        _result(
            expected,
            {
                "yes": _answer(_citation("a", "It takes five days."), _citation("x", "…")),
                "also": _answer(_citation("b", "Five or six.")),
                "no": _answer(_citation("x", "five days"), _citation("a", "…")),
                "es": _answer(_citation("a", "five days", locale="es")),
            },
        )
    )
    assert values["yes"] == {
        "right": 1,
        "answered": 1,
        "cited_right": 1,
        "citation_precision": 0.5,
        "citation_recall": 1,
        "quote_has_answer": 1,
        "quote_f1": pytest.approx(2 * 2 / 6),
        "handed_off": 0,
    }
    assert (values["also"]["right"], values["also"]["quote_has_answer"]) == (1, 0)
    assert (values["no"]["right"], values["no"]["citation_recall"]) == (0, 1)
    assert values["es"]["right"] == 0


def test_a_hand_off_of_an_answerable_message_is_not_right_and_cites_nothing() -> None:
    values = _values(
        _result(
            [_expected("m", "answerable", "a", answers=("x",))],
            {"m": _hand_off(Reason.LOW_CONFIDENCE, _citation("a", "x"))},
        )
    )["m"]
    assert values == {
        "right": 0,
        "answered": 0,
        "citation_recall": 0,
        "quote_has_answer": 0,
        "quote_f1": 0,
        "handed_off": 1,
    }


def test_answering_what_no_article_answers_is_wrong_and_silence_is_right() -> None:
    values = _values(
        _result(
            [_expected("talks", "unanswerable"), _expected("silent", "unanswerable")],
            {"talks": _answer(_citation("a", "x")), "silent": _hand_off(Reason.LOW_CONFIDENCE)},
        )
    )
    assert values["talks"] == {
        "right": 0,
        "answered": 1,
        "handed_off": 0,
        "cited_right": 0,
        "citation_precision": 0,
    }
    assert values["silent"] == {"right": 1, "answered": 0, "handed_off": 1}


def test_a_message_for_a_person_is_right_with_one_and_its_reason_counts_apart() -> None:
    result = _result(
        [_expected(name, "person", reason="legal") for name in ("legal", "other", "answered")],
        {
            "legal": _hand_off(Reason.LEGAL),
            "other": _hand_off(Reason.PERSON),
            "answered": _answer(_citation("a", "x")),
        },
    )
    assert result.figures["right"].value == pytest.approx(2 / 3)
    assert result.figures["reason_right"].value == pytest.approx(1 / 3)


def test_confidence_is_kept_for_what_was_quoted_or_considered() -> None:
    result = _result(
        [
            _expected("said", "answerable", "a"),
            _expected("kept", "answerable", "a"),
            _expected("rule", "answerable", "a"),
        ],
        {
            "said": _answer(_citation("a", "x")),
            "kept": _hand_off(Reason.LOW_CONFIDENCE, _citation("b", "x")),
            "rule": _hand_off(Reason.SECURITY),
        },
    )
    rated = {case.id: (case.values.get("confidence"), case.values.get("top_right")) for case in result.cases}
    assert rated == {"said": (0.9, 1.0), "kept": (0.2, 0.0), "rule": (None, None)}


def test_earlier_turns_are_given_oldest_first() -> None:
    one = Expected(
        "m", "m", "en", "answerable", ("a",), (), False, "", {EXPECTED: "answerable"}, ("newer", "older")
    )
    scripted = Scripted({"m": _answer(_citation("a", "x"))})
    evaluate("made", "c", [one], scripted)  # type: ignore[arg-type]
    assert scripted.seen == [("older", "newer")]


def test_a_beir_set_is_asked_through_the_whole_product(
    little_set: Path, encoder: CompiledEncoder, cache: Path
) -> None:
    dataset = read(little_set)
    index = open_index(dataset, encoder, cache)
    for _ in range(2):  # the second time on what the first has published
        services = services_over(dataset, index, encoder, load())
        try:
            result = evaluate(dataset.name, dataset.corpus, of_dataset(dataset), services.answering)
        finally:
            services.close()
        assert [case.id for case in result.cases] == ["q1", "q2", "q3", "q4"]
        assert result.cases[0].got[0] == "kettle"
        assert set(result.cases[2].values) >= {"right", "answered", "quote_has_answer", "quote_f1"}


def test_an_evaluation_never_touches_the_users_database(tmp_path: Path) -> None:
    own = apart(
        load(data=tmp_path / "mine", database_url="postgresql://db.example/mine"), tmp_path / "apart", "en"
    )
    assert own.url == f"sqlite:///{tmp_path / 'apart' / 'tierzero.db'}"
