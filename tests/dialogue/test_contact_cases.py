import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.contact import Contact, Doubtful, is_address, is_nothing_else, read

CASE_FILE = "contacts"


def test_an_address_is_read_as_it_says_beside_it(case: tuple[str, str, str]) -> None:
    expected, address, message = case
    heard = read(message)
    if expected == "none":
        assert heard is None
    elif expected == "ok":
        assert heard == Contact(address)
    else:
        assert isinstance(heard, Doubtful)
        assert heard.meant == address


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("ann@gmial.com", "ann@gmial.com"), ("ann@shop", None), ("ann@@gmail.com", None)],
)
def test_who_stands_by_an_address_is_believed_where_it_could_exist(typed: str, taken: str | None) -> None:
    heard = read(typed)
    assert isinstance(heard, Doubtful)
    assert heard.insisted() == (Contact(taken) if taken else None)


@pytest.mark.parametrize(
    ("text", "alone"),
    [(" ann@shop.example. ", True), ("+49 30 1234567", True), ("it is ann@shop.example", False)],
)
def test_an_address_alone_is_told_from_one_in_a_sentence(text: str, alone: bool) -> None:
    assert is_nothing_else(text) is alone


@pytest.mark.parametrize("sign", ["a", "a.", "(at"])
def test_a_page_without_a_blank_is_read_in_one_go(sign: str) -> None:
    # Tried anew at each sign, this would take hours, and every other customer would wait.
    assert read(sign * 200_000) is None
    assert read(f"{sign * 200_000} ann@shop.example") == Contact("ann@shop.example")


@given(st.text(max_size=80))
def test_what_is_taken_for_an_email_address_could_be_one(text: str) -> None:
    heard = read(text)
    if isinstance(heard, Contact):
        assert heard.address.startswith("+") or is_address(heard.address)


@given(st.text(alphabet="ab@.,+ 0", max_size=60))
def test_what_was_probably_meant_could_be_an_address(text: str) -> None:
    heard = read(text)
    if isinstance(heard, Doubtful) and heard.meant:
        assert is_address(heard.meant)
