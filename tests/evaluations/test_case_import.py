"""Cases made of logged turns: masked, labelled where a customer confirmed, never twice, and fit to be measured with."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.chat.incoming import Handled, Incoming
from bot.cli import main
from bot.composition import Services
from bot.dialogue.reply import ReplyKind
from bot.errors import NotFound
from evaluations.beir import read
from evaluations.case_import import Selection, import_cases
from evaluations.errors import DatasetInvalid, EvaluationError
from index.compiled import CompiledEncoder
from tests.flows.deciding import ALWAYS_ANSWER, deciding
from tests.index import small_centre
from tests.index.small_centre import Centre

PRIVATE = ("ann@example.org", "4242 4242 4242 4242", "07700 900123", "Ann Lee")
QUESTION = (
    "My name is Ann Lee, ann@example.org, 07700 900123. How do I reset my password? Card 4242 4242 4242 4242"
)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Centre:
    return small_centre.ingested(tmp_path_factory.mktemp("cases"))


@pytest.fixture
def centre(shared: Centre, tmp_path: Path) -> Centre:
    return shared.copy(tmp_path / "centre")


@pytest.fixture
def opened(centre: Centre) -> Iterator[Services]:
    with deciding(centre, ALWAYS_ANSWER) as services:
        yield services


def say(opened: Services, text: str, before: Handled | None = None) -> Handled:
    return opened.chat.reply(Incoming(text, conversation_id=before.conversation_id if before else ""))


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def everything_in(folder: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file())


def test_a_helpful_answer_becomes_a_labelled_case_without_personal_data(
    opened: Services, tmp_path: Path
) -> None:
    handled = say(opened, QUESTION)
    opened.chat.feedback(handled.message_id, helpful=True, comment="thanks, Ann (ann@example.org)")
    folder = tmp_path / "set"
    imported = import_cases(opened, Selection(message_id=handled.message_id), folder)
    (case,) = rows(folder / "queries.jsonl")
    cited = handled.reply.citations[0]
    assert imported.added == (case["_id"],)
    assert imported.unlabelled == ()
    assert case["text"] == (
        "My name is [name], [email address], [phone number]. How do I reset my password? Card [card ending 4242]"
    )
    assert (case["labelled"], case["feedback"], case["comment"]) == (
        True,
        "helpful",
        "thanks, Ann ([email address])",
    )
    assert (case["cited"], case["cited_revision"]) == (cited.article_id, cited.revision)
    assert case["answers"] == [cited.text]
    assert handled.reply.citations[0].text in str(case["given"])
    written = everything_in(folder)
    assert not [one for one in (*PRIVATE, handled.conversation_id, handled.message_id) if one in written]
    assert read(folder).wanted == {case["_id"]: {cited.article_id: 1}}


def test_a_customers_message_names_the_same_case_as_the_answer_to_it(
    opened: Services, tmp_path: Path
) -> None:
    handled = say(opened, "how do I reset my password")
    asked = opened.chat.conversation(handled.conversation_id).messages[0].id
    first = import_cases(opened, Selection(message_id=handled.message_id), tmp_path / "set")
    second = import_cases(opened, Selection(message_id=asked), tmp_path / "set")
    assert second.added == ()
    assert second.known == first.added


def test_a_second_import_adds_nothing_and_changes_no_line(opened: Services, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    handled = say(opened, "how do I reset my password")
    which = Selection(conversation_id=handled.conversation_id)
    (case,) = import_cases(opened, which, folder).added
    with (folder / "qrels" / "test.tsv").open("a", encoding="utf-8") as file:
        file.write(f"{case}\torders/cancel\t1\n")  # what a specialist wrote
    before = everything_in(folder)
    again = import_cases(opened, which, folder, article="orders/track")
    assert (again.added, again.known) == ((), (case,))
    assert everything_in(folder) == before


def test_a_follow_up_keeps_what_was_said_before_and_a_new_question_does_not(
    opened: Services, tmp_path: Path
) -> None:
    first = say(opened, "how do I cancel an order? I am at ann@example.org")
    say(opened, "and how long does that take?", first)
    say(opened, "Which ways to pay do you accept in Germany?", first)
    folder = tmp_path / "set"
    imported = import_cases(
        opened, Selection(conversation_id=first.conversation_id), folder, article="orders/cancel"
    )
    assert len(imported.added) == 3
    (spoken,) = rows(folder / "conversations.jsonl")
    assert spoken["_id"] == imported.added[1]
    turns = spoken["turns"]
    assert isinstance(turns, list)
    assert [turn["role"] for turn in turns] == ["user", "bot", "user"]
    assert turns[0]["text"] == "how do I cancel an order? I am at [email address]"
    queries = {query.id: query for query in read(folder).queries}
    assert queries[imported.added[1]].earlier == ("how do I cancel an order? I am at [email address]",)
    assert queries[imported.added[2]].earlier == ()


def test_small_talk_makes_no_case(opened: Services, tmp_path: Path) -> None:
    greeted = say(opened, "hello")
    assert greeted.reply.kind is ReplyKind.CLARIFY
    with pytest.raises(EvaluationError, match="Nothing was asked in this conversation"):
        import_cases(opened, Selection(conversation_id=greeted.conversation_id), tmp_path / "set")


def test_unhelpful_answers_wait_for_a_specialist(opened: Services, tmp_path: Path) -> None:
    for text, helpful in (("how do I reset my password", False), ("how do I cancel an order", True)):
        opened.chat.feedback(say(opened, text).message_id, helpful=helpful, comment="")
    changed = say(opened, "track my parcel")
    opened.chat.feedback(changed.message_id, helpful=False, comment="no")
    opened.chat.feedback(changed.message_id, helpful=True, comment="ah, yes")
    folder = tmp_path / "set"
    imported = import_cases(opened, Selection(helpful=False), folder)
    (case,) = rows(folder / "queries.jsonl")
    assert (case["text"], case["labelled"], case["feedback"]) == (
        "how do I reset my password",
        False,
        "not helpful",
    )
    assert imported.unlabelled == imported.added
    assert (folder / "qrels" / "test.tsv").read_text(encoding="utf-8") == "query-id\tcorpus-id\tscore\n"
    since = opened.chance.now()
    with pytest.raises(EvaluationError, match="No answer was judged not helpful since then yet"):
        import_cases(opened, Selection(helpful=False, since=since), folder)


def test_the_article_that_a_specialist_names_is_the_wanted_one(opened: Services, tmp_path: Path) -> None:
    handled = say(opened, "how do I reset my password")
    with pytest.raises(NotFound, match="no public article nowhere/at-all in en"):
        import_cases(
            opened, Selection(message_id=handled.message_id), tmp_path / "set", article="nowhere/at-all"
        )
    assert not (tmp_path / "set").exists()
    imported = import_cases(
        opened, Selection(message_id=handled.message_id), tmp_path / "set", article="orders/track"
    )
    assert read(tmp_path / "set").wanted == {imported.added[0]: {"orders/track": 1}}


def test_no_folder_of_others_is_written_to(opened: Services, tmp_path: Path) -> None:
    handled = say(opened, "how do I reset my password")
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "queries.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(DatasetInvalid, match="was not made by `tierzero eval import`"):
        import_cases(opened, Selection(message_id=handled.message_id), folder)
    assert [path.name for path in folder.iterdir()] == ["queries.jsonl"]


def test_a_folder_keeps_its_language(opened: Services, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    german = say(opened, "Wie setze ich mein Passwort zurück?")
    english = say(opened, "how do I reset my password")
    assert german.reply.language == "de"
    import_cases(opened, Selection(message_id=english.message_id), folder)
    passed = import_cases(opened, Selection(message_id=german.message_id), folder)
    assert passed.added == ()
    assert len(passed.other_language) == 1
    assert len(rows(folder / "queries.jsonl")) == 1


def test_unknown_ids_are_told(opened: Services, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="No message has this id"):
        import_cases(opened, Selection(message_id="nobody"), tmp_path / "set")
    with pytest.raises(NotFound, match="There is no conversation nobody"):
        import_cases(opened, Selection(conversation_id="nobody"), tmp_path / "set")


def test_the_corpus_has_public_articles_as_they_are_now(opened: Services, tmp_path: Path) -> None:
    handled = say(opened, "how do I reset my password")
    import_cases(opened, Selection(message_id=handled.message_id), tmp_path / "set", article="orders/track")
    corpus = {str(row["_id"]): str(row["text"]) for row in rows(tmp_path / "set" / "corpus.jsonl")}
    public = {key.id for key, one in opened.shelf.published().items() if one.audience == "public"}
    assert set(corpus) == public
    assert corpus["orders/track"].startswith("You can see where your parcel is at any time.")


def test_the_command_makes_a_set_that_the_other_commands_read(
    encoder: CompiledEncoder, centre: Centre, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with deciding(centre, ALWAYS_ANSWER) as opened:
        for text in ("how do I reset my password", "how do I cancel an order"):
            opened.chat.feedback(say(opened, text).message_id, helpful=True, comment="")
    capsys.readouterr()  # what a chat logs where nobody has said where to
    folder, data = tmp_path / "set", ["--data", str(centre.data)]
    assert main(["eval", "import", "--feedback", "helpful", "--to", str(folder), *data, "--json", "-"]) == 0
    assert len(json.loads(capsys.readouterr().out)["added"]) == 2
    measured = [*data, "--cache", str(tmp_path / "cache"), "--json", "-"]
    assert main(["eval", "retrieval", str(folder), *measured]) == 0
    (ranking,) = json.loads(capsys.readouterr().out)
    assert (ranking["queries"], ranking["hit@1"]) == (2, 1.0)
    assert main(["eval", "answers", str(folder), *measured]) == 0
    (answers,) = json.loads(capsys.readouterr().out)
    assert answers["messages"] == 2
    assert main(["eval", "import", "nobody", "--to", str(folder), *data]) == 1
    assert "No message has this id" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--to", "x"], "one of the arguments MESSAGE_ID --conversation --feedback is required"),
        (["some-id", "--conversation", "other", "--to", "x"], "not allowed with argument"),
        (
            ["--feedback", "helpful", "--since", "soon", "--to", "x"],
            "'soon' is not a date such as 2026-03-01",
        ),
    ],
)
def test_a_wrong_call_is_told(given: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["eval", "import", *given])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_a_date_without_feedback_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["some-id", "--since", "2026-03-01", "--to", str(tmp_path / "x"), "--data", str(tmp_path)]
    assert main(["eval", "import", *given]) == 1
    assert "--since goes with --feedback" in capsys.readouterr().err
