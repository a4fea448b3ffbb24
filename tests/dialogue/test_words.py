import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.words import blank_quotations, fold, sentences


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Straße", "strasse"),
        ("DON'T", "dont"),
        ("été", "ete"),
        ("niño", "nino"),
        ("agenttttt", "agent"),
        ("good", "good"),
        ("2000", "2000"),
    ],
)
def test_folding_takes_away_case_accents_and_drawn_out_letters(word: str, folded: str) -> None:
    assert fold(word) == folded


def test_sentences_keep_their_marks_and_clauses() -> None:
    first, second = sentences("No, a human please!!! Why?")
    assert [(word.text, word.clause) for word in first.words] == [
        ("no", 0),
        ("a", 1),
        ("human", 1),
        ("please", 1),
    ]
    assert (first.mark, second.mark) == ("!!!", "?")


def test_an_address_is_one_word_that_says_nothing() -> None:
    (sentence,) = sentences("mail anna.agent@example.com now")
    assert [word.text for word in sentence.words] == ["mail", "@", "now"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('press "talk to us" now', 'press "' + " " * 12 + "now"),
        ('a "real" person', 'a "real" person'),
        ('"talk to a person"', '"talk to a person"'),
        ("I don't think it's 'call me' time", "I don't think it's \"" + " " * 9 + "time"),
        ("> I want a human\nno, how do I pay", " " * 16 + "\nno, how do I pay"),
    ],
)
def test_quotations_are_blanked_unless_they_are_all_there_is(text: str, expected: str) -> None:
    assert blank_quotations(text) == expected


@given(st.text(max_size=300))
def test_words_stand_where_they_say(text: str) -> None:
    assert len(blank_quotations(text)) == len(text)
    for sentence in sentences(text):
        assert sentence.words
        for word in sentence.words:
            assert 0 <= word.start < word.end <= len(text)
            assert not text[word.start : word.end].isspace()


@pytest.mark.parametrize("text", ["@" * 4000, "x@" * 2000, "x" * 4000 + "@", "a@b." * 1000, "www." * 1000])
def test_thousands_of_address_signs_are_read_like_any_other_text(text: str) -> None:
    # Would not come back for minutes if a pattern tried every way to part them.
    assert all(sentence.words for sentence in sentences(text))
