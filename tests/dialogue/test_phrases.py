import pytest

from bot.dialogue.matching import Reader, cover, find
from bot.dialogue.phrases import PhraseBook, PhraseInvalid
from bot.dialogue.words import sentences


def places(phrase: str, text: str, **lists: str) -> list[str]:
    """The parts of the text on which the phrase stands."""
    book = PhraseBook(lists, fillers=["hi", "please"])
    compiled = book.compile(phrase)
    reader = Reader(book, known=["police", "lawyers"], spellings={"u": "you"}, masked=["fuck"])
    found = []
    for sentence in sentences(text):
        line = reader.read(sentence)
        found += [
            text[line.words[place.first].start : line.words[place.last - 1].end]
            for place in find(compiled, line)
        ]
    return found


@pytest.mark.parametrize(
    ("phrase", "text", "expected"),
    [
        ("talk|speak to", "I speak to you", ["speak to"]),
        ("(get rid of|delete) it", "get rid of it", ["get rid of it"]),
        ("talk to [a] human", "talk to human, talk to a human", ["talk to human", "talk to a human"]),
        ("talk .. human", "talk to a human", ["talk to a human"]),
        ("talk .. human", "talk to a nice human", []),
        ("talk ... human", "talk to a very nice human", ["talk to a very nice human"]),
        ("talk human", "Let us talk. Human nature is odd.", []),
        ("^ agent $", "hi, agent please!", ["agent"]),
        ("^ agent $", "the agent", []),
        ("hack*", "hackers and hacking", ["hackers", "hacking"]),
        ("=sue you", "I am with Sue, you know", ["Sue, you"]),
        ("=suing", "sueing", []),
        ("human", "humna", ["humna"]),
        ("human", "uhman", ["uhman"]),
        ("human", "hum", []),
        ("policy", "police", []),
        ("attorney general", "atorney genral", ["atorney genral"]),
        ("talk", "tlak", ["tlak"]),
        ("talk", "tall", []),
        ("agent", "agenttttt", ["agenttttt"]),
        ("call #", "call 555", ["call 555"]),
        ("fuck you", "f*** u", ["f*** u"]),
        ("don't", "I DON’T", ["DON’T"]),
        ("möchte", "Ich mochte und MÖCHTE", ["mochte", "MÖCHTE"]),
        ("l'agent", "passez-moi l’agent", ["l’agent"]),
    ],
)
def test_a_phrase_stands_where_it_should(phrase: str, text: str, expected: list[str]) -> None:
    assert places(phrase, text) == expected


def test_a_list_is_used_by_its_name() -> None:
    assert places("a {person}", "a team member, a human", person="human|team member") == [
        "a team member",
        "a human",
    ]


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        ("(a b", r"opens a \( that is not closed by \)"),
        ("a b)", "closes a bracket that was not opened"),
        ("a |", "has an empty alternative"),
        ("| a", "nothing before it"),
        ("(a|) b", "has an empty alternative"),
        ("{nobody} b", "uses the list {nobody}"),
        ("[a] ..", "needs at least one word that is not optional"),
        ("what?", "which is not a word"),
        ("a & b", "which is not a word"),
        ("{b", "a sign that means nothing here"),
    ],
)
def test_a_phrase_that_cannot_be_read_is_refused(phrase: str, problem: str) -> None:
    with pytest.raises(PhraseInvalid, match=problem):
        PhraseBook().compile(phrase)


def test_phrases_cover_a_line_only_if_nothing_is_left_over() -> None:
    book = PhraseBook()
    named = [("greeting", book.compile("hello [there]")), ("thanks", book.compile("thanks [a lot]"))]
    reader = Reader(book)
    covered = cover(named, reader.read(sentences("hello there thanks")[0]))
    assert covered == {"greeting", "thanks"}
    assert cover(named, reader.read(sentences("hello there order")[0])) is None
