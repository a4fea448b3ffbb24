"""Which titles are worth asking about."""

import pytest

from bot.dialogue.choices import (
    already_said,
    is_copy,
    picked_choice,
    picked_several,
    refuses,
    same_choice,
    takes,
    undecided,
)
from bot.dialogue.decide import Evidence, Turn, after_search
from bot.dialogue.reply import ReplyKind
from bot.dialogue.wording import Wording

WORDING = Wording.load()
CASES = [
    ("two machines, none named", "how do I descale", "en", ["Descale the Wren", "Descale the Heron"], True),
    ("one machine is named", "descale my heron", "en", ["Descale the Heron", "Descale the Wren"], False),
    ("two plans, none named", "cancel my subscription", "en", ["Cancel a yearly plan", "Cancel a monthly plan"], True),
    ("a name in another form", "mon abonnement mensuel", "fr", ["Formule mensuelle", "Formule annuelle"], False),
    ("copies", "how do I descale", "en", ["Descale the Wren", "Descale the Wren"], False),
    ("other matters", "how do I descale", "en", ["Descale the Wren", "Delivery times"], False),
    ("a German compound", "abo kündigen", "de", ["Monatsabo kündigen", "Jahresabo kündigen"], True),
    ("function words do not count", "cancel", "en", ["Cancel a plan", "Cancel the plan"], False),
    ("articles follow the name", "cómo descalcificar", "es", ["Descalcificar la Heron", "Descalcificar el Wren"], True),
    ("a matter in common and no name", "and with paypal?", "en", ["Payment methods", "My payment failed"], False),
    ("only one article", "how do I descale", "en", ["Descale the Wren"], False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "language", "titles", "asks"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_asks_only_where_titles_differ_in_a_name_that_was_not_said(
    question: str, language: str, titles: list[str], asks: bool
) -> None:
    assert undecided(question, titles, language) == (tuple(titles) if asks else ())


@pytest.mark.parametrize(
    ("said", "question", "chosen"),
    [
        (["I have a yearly plan"], "how do I cancel", True),
        (["I have a yearly plan", "or monthly?"], "how do I cancel", False),
        (["I have a yearly plan"], "how do I cancel my monthly plan", False),
        ([], "how do I cancel", False),
    ],
)
def test_a_name_that_was_said_before_need_not_be_asked(said: list[str], question: str, chosen: bool) -> None:
    assert already_said(question, said, "Cancel a yearly plan", "Cancel a monthly plan", "en") is chosen


@pytest.mark.parametrize(
    ("first", "second", "copy"),
    [
        ("Press the button for 5 seconds.", "Press the button for 5 seconds!", True),
        ("Press the button for 5 seconds.", "Fill the tank and wait.", False),
        ("", "", False),
    ],
)
def test_passages_in_nearly_the_same_words_are_copies(first: str, second: str, copy: bool) -> None:
    assert is_copy(first, second) is copy


def test_a_choice_is_known_however_it_is_spaced_or_written() -> None:
    assert same_choice("  descale the WREN ", ["Descale the Heron", "Descale the Wren"]) == "Descale the Wren"
    assert same_choice("the wren", ["Descale the Wren"]) == ""


PLANS = ["Cancel a monthly plan", "Cancel a yearly plan", "Choose monthly if you like"]


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        ("cancel a YEARLY plan", "Cancel a yearly plan"),
        ("the yearly one", "Cancel a yearly plan"),
        ("yearly", "Cancel a yearly plan"),
        ("2", "Cancel a yearly plan"),
        ("3.", "Choose monthly if you like"),
        ("4", ""),
        ("0", ""),
        ("monthly", ""),
        ("plan", ""),
        ("", ""),
        ("the one", ""),
        ("how long does a yearly plan run after I cancel it", ""),
    ],
)
def test_a_choice_is_picked_by_what_only_it_has_or_by_its_number(text: str, picked: str) -> None:
    assert picked_choice(text, PLANS, "en") == picked


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("the first one", "en", 0),
        ("second please", "en", 1),
        ("number 2", "en", 1),
        ("the last one", "en", 1),
        ("das erste bitte", "de", 0),
        ("die zweite Variante", "de", 1),
        ("la segunda opción", "es", 1),
        ("le premier", "fr", 0),
        ("la dernière", "fr", 1),
        ("Nova One", "en", 0),
        ("nova two", "en", 1),
        ("the third one", "en", None),
        ("not the first one", "en", None),
        ("the first one is broken", "en", None),
        ("one", "en", 0),
        ("the one", "en", 0),
    ],
)
def test_a_choice_is_picked_by_its_place_or_by_a_name_that_stands_in_it(
    text: str, language: str, place: int | None
) -> None:
    phones = ["Reset the Nova One", "Reset the Nova Two"]
    assert picked_choice(text, phones, language) == ("" if place is None else phones[place])


@pytest.mark.parametrize(
    ("probability", "translated", "asks"), [(0.3, False, True), (0.3, True, False), (0.6, True, True)]
)
def test_articles_in_a_language_that_the_model_hardly_knows_are_offered_only_when_they_fit_well(
    probability: float, translated: bool, asks: bool
) -> None:
    turn = Turn(
        fired=None,
        rule="",
        small_talk=None,
        supported_language=True,
        vague=False,
        asked_back=False,
        chosen=False,
    )
    evidence = Evidence(
        probability=probability, threshold=0.7, clarify_threshold=0.25, choices=2, translated=translated
    )
    assert (after_search(turn, evidence).kind is ReplyKind.CLARIFY) is asks


@pytest.mark.parametrize(
    ("probability", "asked_back", "asks"), [(0.5, False, True), (0.3, False, False), (0.5, True, False)]
)
def test_one_article_that_fits_alone_is_asked_about_where_it_is_probable_enough(
    probability: float, asked_back: bool, asks: bool
) -> None:
    turn = Turn(
        fired=None,
        rule="",
        small_talk=None,
        supported_language=True,
        vague=False,
        asked_back=asked_back,
        chosen=False,
    )
    evidence = Evidence(probability=probability, threshold=0.7, clarify_threshold=0.25, choices=0, alone=True)
    assert (after_search(turn, evidence).kind is ReplyKind.CLARIFY) is asks


@pytest.mark.parametrize("text", ["yes", "Yes please", "ja genau", "oui c'est ça", "sí", "that is it", "1"])
def test_a_yes_takes_the_one_thing_that_was_offered(text: str) -> None:
    assert picked_choice(text, ["Hire a lamp"], "en") == "Hire a lamp"
    assert picked_choice(text, ["Hire a lamp", "Hire a pump"], "en") in (
        "",
        "Hire a lamp" if text == "1" else "",
    )


@pytest.mark.parametrize("text", ["no", "is it free?", "yes but for how long and where"])
def test_what_is_no_yes_takes_nothing(text: str) -> None:
    assert picked_choice(text, ["Hire a lamp"], "en") == ""


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("no", True),
        ("None of these", True),
        ("nein, das nicht", True),
        ("non", True),
        ("neither of them", True),
        ("something else", True),
        ("keins von beiden", True),
        ("otra cosa", True),
        ("aucun des deux", True),
        ("autre chose", True),
        ("no thanks", False),
        ("no parcel came", False),
        ("that one", False),
        ("", False),
    ],
)
def test_a_no_refuses_what_was_offered(text: str, refused: bool) -> None:
    assert refuses(text) is refused


@pytest.mark.parametrize("key", ["clarify_choice_none", "clarify_one_none"])
@pytest.mark.parametrize("language", WORDING.languages)
def test_what_the_button_for_none_says_is_understood_when_it_is_typed(language: str, key: str) -> None:
    said = WORDING.say(key, language)
    assert refuses(said)
    assert refuses(said.lower().replace("’", "'").rstrip("."))
    assert picked_choice(said, ["Hire a lamp", "Hire a pump"], language) == ""
    assert picked_several(said, ["Hire a lamp", "Hire a pump"]) == ()
    assert not takes(said)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("both", (0, 1, 2)),
        ("both of them please", (0, 1, 2)),
        ("all three", (0, 1, 2)),
        ("alle beide", (0, 1, 2)),
        ("las dos", (0, 1, 2)),
        ("tous les deux", (0, 1, 2)),
        ("the first and the third", (0, 2)),
        ("1 and 2", (0, 1)),
        ("2, 3", (1, 2)),
        ("2", ()),
        ("1 and 7", ()),
        ("aucun des deux", ()),
        ("both machines leak", ()),
        ("and", ()),
        ("", ()),
    ],
)
def test_several_choices_are_picked_by_who_names_them_all(text: str, places: tuple[int, ...]) -> None:
    choices = ["Hire a lamp", "Hire a pump", "Hire a saw"]
    assert picked_several(text, choices) == tuple(choices[place] for place in places)


@pytest.mark.parametrize(
    ("text", "yes"), [("yes", True), ("ja genau", True), ("yes but", False), ("", False)]
)
def test_a_yes_is_nothing_but_a_yes(text: str, yes: bool) -> None:
    assert takes(text) is yes
