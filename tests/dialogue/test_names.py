"""Names that stand against each other, read off titles and products."""

import pytest

from bot.dialogue.names import Names, Titled

MACHINES = [
    Titled("Descale the Wren", "en", "Wren"),
    Titled("Descale the Heron", "en", "Heron"),
    Titled("The Heron Duo for offices", "en", "Heron Duo"),
    Titled("A machine leaks", "en", "Heron, Wren"),
    Titled("Delivery times", "en", ""),
]


@pytest.fixture(scope="module")
def names() -> Names:
    return Names.read(MACHINES)


def test_names_are_found_whatever_their_case_and_as_whole_words(names: Names) -> None:
    assert names.said("my WREN blinks") == {("wren",)}
    assert names.said("heron duo or heron") == {("heron",), ("heron", "duo")}
    assert names.said("the wrench") == frozenset()


@pytest.mark.parametrize(
    ("asked", "head", "text", "out"),
    [
        ("wren blinks red", "Heron lights", "Red means empty.", True),
        ("wren blinks red", "Wren lights", "Red means empty.", False),
        ("wren blinks red", "Heron lights", "On the Wren it means the same.", False),
        ("wren or heron", "Heron lights", "", False),
        ("it blinks red", "Heron lights", "", False),
        ("wren blinks red", "Delivery times", "", False),
        ("heron duo price", "Descale the Heron", "", False),
    ],
)
def test_a_passage_about_a_rival_is_ruled_out(
    names: Names, asked: str, head: str, text: str, out: bool
) -> None:
    assert names.rules_out(names.said(asked), head, text) is out


def test_two_heads_differ_where_each_is_about_its_own(names: Names) -> None:
    assert names.differ("Heron lights", "Wren lights")
    assert not names.differ("Heron lights", "Wren and Heron lights")
    assert not names.differ("Heron lights", "Delivery times")


def test_titles_alone_tell_names_apart_where_they_do_so_twice() -> None:
    titles = [
        "Set up the Alto",
        "Set up the Bruno",
        "Clean the Alto in five steps",
        "Clean the Bruno in five steps",
        "Change a monthly plan",
        "Change a yearly plan",
        "Where we deliver to",
    ]
    names = Names.read(Titled(title, "en", "") for title in titles)
    assert names.said("alto, bruno, monthly, yearly, clean") == {("alto",), ("bruno",)}


def test_titles_in_capital_letters_tell_no_names() -> None:
    titles = ["Close Your Account", "Delete Your Account", "Close Your Profile", "Delete Your Profile"]
    names = Names.read(Titled(title, "en", "") for title in [*titles, "How To Close An Account"])
    assert names.said(" ".join(titles)) == frozenset()


@pytest.mark.parametrize(
    ("message", "earlier", "meant"),
    [
        ("and the wren?", "how do I descale my Heron", "how do I descale my wren"),
        ("and the heron", "how do I descale my wren", "how do I descale my heron"),
        ("and the wren, how often?", "how do I descale my Heron", ""),
        ("and the wren?", "how do I descale my wren", ""),
        ("and the wren?", "wren or heron", ""),
        ("and the wren?", "delivery times", ""),
        ("and how often?", "how do I descale my Heron", ""),
    ],
)
def test_who_only_names_the_other_thing_asks_the_same_about_it(
    names: Names, message: str, earlier: str, meant: str
) -> None:
    assert names.instead(message, earlier, "en") == meant


@pytest.mark.parametrize(
    ("message", "earlier", "answered", "meant"),
    [
        ("the Wren", "my machine blinks", "Heron lights", "my machine blinks wren"),
        ("wren!", "my machine blinks", "Heron lights", "my machine blinks wren"),
        ("the wren blinks too", "my machine blinks", "Heron lights", ""),
        ("the Wren", "my machine blinks", "Wren lights", ""),
        ("the Wren", "my machine blinks", "Wren and Heron lights", ""),
        ("the Wren", "my machine blinks", "Delivery times", ""),
    ],
)
def test_who_names_another_machine_than_was_answered_about_asks_again_about_that_one(
    names: Names, message: str, earlier: str, answered: str, meant: str
) -> None:
    assert names.instead(message, earlier, "en", answered) == meant
