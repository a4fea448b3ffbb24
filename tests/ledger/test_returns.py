"""Who came back on the matter, and by what they are known."""

import pytest

from bot.ledger.customers import account_mark, contact_mark, marks_of, text_mark
from tests.ledger.telling import DAY, MINUTE, OPENED, counted, told

ADA, BOB = ("cada",), ("cbob",)
LATER = OPENED + 3 * DAY


@pytest.mark.parametrize("after", ["answered", "clarified", "handed_off", "opened", "answered helpful"])
def test_a_return_of_the_same_customer_takes_a_contained_one_back(after: str) -> None:
    one = counted(told("c1", "answered", marks=ADA), told("c2", *after.split(), at=LATER, marks=ADA))
    assert (one.returned, one.conversations) == (1, 2)
    alone = counted(told("c2", *after.split(), at=LATER, marks=ADA))
    assert one.at_most_deflected == alone.at_most_deflected
    assert one.contained == alone.contained + 1


@pytest.mark.parametrize(("days", "returned"), [(0.001, 1), (6.99, 1), (7, 1), (7.01, 0), (30, 0)], ids=str)
def test_the_window_is_seven_days(days: float, returned: int) -> None:
    again = told("c2", "answered", at=OPENED + days * DAY, marks=ADA)
    assert counted(told("c1", "answered", marks=ADA), again).returned == returned


def test_another_customer_is_no_return() -> None:
    assert (
        counted(told("c1", "answered", marks=ADA), told("c2", "answered", at=LATER, marks=BOB)).returned == 0
    )
    assert counted(told("c1", "answered"), told("c2", "answered", at=LATER)).returned == 0


def test_a_greeting_is_no_return() -> None:
    assert (
        counted(told("c1", "answered", marks=ADA), told("c2", "small_talk", at=LATER, marks=ADA)).returned
        == 0
    )


def test_who_was_helped_and_asks_something_else_has_not_come_back_on_the_matter() -> None:
    helped = told("c1", "answered", "helpful", marks=ADA, articles=("returns",))
    other = told("c2", "answered", at=LATER, marks=ADA, articles=("invoices",))
    same = told("c2", "answered", at=LATER, marks=ADA, articles=("invoices", "returns"))
    unknown = told("c2", "handed_off", at=LATER, marks=ADA)
    assert counted(helped, other).surely_deflected == 1
    assert counted(helped, same).surely_deflected == 0
    assert counted(helped, unknown).surely_deflected == 0


def test_who_said_nothing_has_come_back_whatever_they_ask() -> None:
    other = told("c2", "answered", at=LATER, marks=ADA, articles=("invoices",))
    assert counted(told("c1", "answered", marks=ADA, articles=("returns",)), other).at_most_deflected == 1


def test_the_same_words_are_one_customer_unless_both_said_who_they_are() -> None:
    words = ("tsame",)
    first = told("c1", "answered", marks=words)
    assert counted(first, told("c2", "answered", at=LATER, marks=words)).returned == 1
    assert counted(first, told("c2", "answered", at=LATER, marks=(*words, *ADA))).returned == 1
    known = told("c1", "answered", marks=(*words, *BOB))
    assert counted(known, told("c2", "answered", at=LATER, marks=(*words, *ADA))).returned == 0


def test_a_contact_given_after_the_window_links_nothing() -> None:
    late = told("c2", "answered", at=OPENED + 6 * DAY)
    named = told("c2", "answered", at=OPENED + 8 * DAY, marks=ADA)
    assert counted(told("c1", "answered", marks=ADA), late, named).returned == 0


def test_of_three_contacts_in_a_row_only_the_last_stands() -> None:
    row = [told(f"c{place}", "answered", at=OPENED + place * DAY, marks=ADA) for place in range(3)]
    one = counted(*row)
    assert (one.returned, one.at_most_deflected, one.conversations) == (2, 1, 3)


def test_words_that_thousands_send_are_compared_in_little_time_and_take_all_but_strangers_back() -> None:
    crowd = [
        told(f"c{place:05}", "answered", at=OPENED + place * MINUTE / 10, marks=("tcopied", f"c{place}"))
        for place in range(5000)
    ]
    assert counted(*crowd).returned == 0


def test_contacts_are_known_whatever_their_capitals() -> None:
    assert (
        contact_mark(" Ada@Example.org ")
        == contact_mark("ada@example.org")
        != contact_mark("bob@example.org")
    )
    assert contact_mark("  ") == account_mark("") == ""
    assert contact_mark("17") != account_mark("17")


def test_a_long_sentence_is_known_in_an_email_with_greeting_and_signature() -> None:
    chat = "my Wren kettle stopped heating after two weeks and the light blinks red"
    email = f"Hello,\n\n{chat.capitalize()}!\nBest regards\nAda"
    assert text_mark(chat) == text_mark(email) != ""


@pytest.mark.parametrize("text", ["", "where is my parcel", "?!.", "\x00", "a b c d e f g"])
def test_what_anybody_might_write_is_nobodys_mark(text: str) -> None:
    assert text_mark(text) == ""


def test_marks_hold_nothing_that_was_written() -> None:
    marks = marks_of("ada@example.org", "one two three four five six seven eight nine")
    assert [len(mark) for mark in marks] == [17, 17]
    assert marks_of("", "hi") == ()
