"""Addresses in a text are found, and hostile text costs no more than its length."""

import re

import pytest

from bot.writing import addresses as module
from bot.writing.addresses import LONGEST, addresses
from bot.writing.writer import _plain


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Write to help@shop.example.", {"help@shop.example"}),
        ("See https://shop.example/returns?a=1, please", {"https://shop.example/returns?a=1"}),
        ("Open (www.shop.example)!", {"www.shop.example"}),
        ("Open Shop-One.COM/returns and sign in.", {"shop-one.com"}),
        ("(mail.shop.org)", {"mail.shop.org"}),
        ("me@www.shop.org", {"me@www.shop.org"}),
        ("Nobody e.g. writes 3.5 or a @ b.", set()),
    ],
)
def test_web_and_mail_addresses_are_found(text: str, named: set[str]) -> None:
    assert addresses(text) == named


@pytest.mark.parametrize("end", ["@shop.org", ".shop.org", ".com"])
def test_a_word_longer_than_any_address_is_one_only_as_a_whole(end: str) -> None:
    word = "a" * LONGEST + end
    assert addresses(f"Go to {word} now") == {word}


@pytest.mark.parametrize("unit", ["a", "a-", "a.", "a@", "a@b.", "www", "https:/"])
def test_no_more_than_a_longest_address_is_searched_from_each_of_its_letters(
    unit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[int] = []

    class Counting:
        """The real pattern, counting the letters that it is given."""

        def findall(self, word: str) -> list[str]:
            searched.append(len(word))
            return named.findall(word)

    named: re.Pattern[str] = module._NAMED
    monkeypatch.setattr(module, "_NAMED", Counting())
    for blank in ("", " "):
        text = f"{unit}{blank}" * 2_000 + f" {'b' * (LONGEST - 4)}.com"
        addresses(text)
        assert max(searched) == LONGEST
        assert sum(searched) <= len(text)


@pytest.mark.parametrize("mark", ["- ", "• ", "1. ", "12) ", "  * ", "\t- "])
def test_a_mark_is_looked_for_in_its_own_line_however_many_empty_ones_stand_before(mark: str) -> None:
    # What crossed lines would take the empty ones away too, and would go through all of them from each.
    assert _plain("\n" * 50_000 + f"{mark}Print the label.") == "\n" * 50_000 + "Print the label."
