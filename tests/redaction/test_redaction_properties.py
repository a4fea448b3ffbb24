"""What holds for every text: nothing leaks, nothing else changes, and no input takes long."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import Kind, Level, Redactor

REDACTOR = Redactor.load()
PIECES = [
    *("4242", "4242 4242 4242 4242", "378282246310005", "12/27", "123", "1", "99"),
    *(
        "my password is",
        "password:",
        "hunter22",
        "wrong",
        "contraseña",
        "Passwort ist",
        "mdp :",
        "pin",
        "cvv",
        "otp",
    ),
    *(
        "DE89 3704 0044 0532 0130 00",
        "GB29NWBK60161331926819",
        "DE89",
        "12345678Z",
        "536-90-4399",
        "ssn",
        "iban",
    ),
    *(
        "ann@shop.example",
        "@",
        "+44 7700 900123",
        "call me",
        "order",
        "tracking",
        "token",
        "sk_live_abcdefghij0123456789",
    ),
    *(
        "[password]",
        "[card ending 4242]",
        "[",
        "]",
        "My name is",
        "Ann Lee",
        "Frau",
        "Hauptstraße 5",
        "born on 1.2.1984",
    ),
    *(
        " ",
        "\n",
        "-",
        ".",
        ",",
        ":",
        "=",
        "'",
        '"',
        "\u200b",
        "\u00a0",
        "４２",
        "İ",
        "é",
        "e\u0301",
        "4\ufe0f\u20e3",
    ),
]
texts = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=12).map(" ".join),
    st.text(max_size=80),
)


@given(texts, st.sampled_from(Level))
@settings(max_examples=400, deadline=None)
def test_only_what_was_found_changes(text: str, level: Level) -> None:
    redacted = REDACTOR.redact(text, level)
    place, kept = 0, []
    for one in redacted.found:
        assert place <= one.start < one.end <= len(text)
        kept.append(text[place : one.start])
        place = one.end
    kept.append(text[place:])
    rest = redacted.text
    for part in kept:
        assert part in rest
        rest = rest[rest.index(part) + len(part) :]
    assert bool(redacted.found) == (redacted.text != text)


def luhn_digit(digits: str) -> str:
    """The check digit, computed here on its own: every second digit from the right doubled, sums of digits."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


@given(
    st.sampled_from(["4", "51", "2221", "6011", "3530", "62"]),
    st.text("0123456789", min_size=14, max_size=14),
    st.sampled_from(["", " ", "-", ".", "\n", "\u00a0", "\u200b", "‑", "  ", " \u200b "]),
    st.sampled_from(["", "my card is ", "visa: ", "hola, mi tarjeta ", "("]),
    st.sampled_from(["", " thanks", ", please", ")", "\nbye"]),
)
@settings(max_examples=200, deadline=None)
def test_no_card_number_gets_through(begin: str, rest: str, sign: str, before: str, after: str) -> None:
    digits = (begin + rest)[:15]
    number = digits + luhn_digit(digits)
    written = sign.join(number[place : place + 4] for place in range(0, 16, 4))
    redacted = REDACTOR.redact(f"{before}{written}{after}")
    assert redacted.text == f"{before}[card ending {number[-4:]}]{after}"
    assert redacted.kinds == (Kind.CARD,)


@given(
    st.sampled_from(
        ["order", "tracking number", "Bestellnummer", "pedido", "commande n°", "article no.", "invoice #"]
    ),
    st.integers(0, 10**16 - 1).map(str),
)
@settings(max_examples=300, deadline=None)
def test_announced_order_numbers_are_left_alone(word: str, number: str) -> None:
    text = f"{word} {number}"
    assert REDACTOR.redact(text).text == text


@given(st.dates(), st.times(), st.decimals(0, 10**7, places=2, allow_nan=False))
@settings(max_examples=200, deadline=None)
def test_dates_times_and_prices_are_left_alone(day, time, price) -> None:
    written = f"{day.isoformat()} {time:%H:%M:%S} {day:%d.%m.%Y} {day:%d/%m/%y} {day:%Y%m%d}{time:%H%M%S}"
    text = f"{written} {price} € {price:,}"
    assert REDACTOR.redact(text).text == text


#: Repeated until the text is long; each is the worst for some pattern.
HOSTILE = [
    *(
        "1",
        "4 ",
        "4242 ",
        "4242\n",
        "1.",
        "1-",
        "12-",
        "a",
        "a1 ",
        "Aa ",
        "@",
        "a@",
        "a@b.",
        ".",
        "-",
        ":",
        "a:",
        "(at) ",
    ),
    *(
        "password ",
        "password is ",
        "password '",
        "otp 123456 ",
        "ssn is is is ",
        "cvv 123 ",
        "token ",
        "my name is Ab ",
    ),
    *(
        "AB12 ",
        "DE89",
        "DE89 3704 0044 0532 0130 00 ",
        "eyJ",
        "sk-",
        "-----BEGIN PRIVATE KEY-----",
        "?token=",
        "://a:",
    ),
    *(
        "calle aaaaaaaaaaaaaaaaaaaaaaaaaaaa ",
        "straße ",
        "12 aa bb ",
        "+1 212 555 2368 ",
        "06 12 34 56 78 ",
        "192.168.1.1 ",
    ),
    *(
        "\u200b",
        "4\ufe0f\u20e3",
        "٤٢ ",
        "İ",
        "漢",
        "2 55 08 14 ",
        "order 4242424242424242 ",
        "born on 1.2.1984 ",
    ),
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_long_input_takes_long(piece: str) -> None:
    # Ten times the longest message that is taken by default: a pattern that backtracks would never end here.
    text = (piece * (40_000 // len(piece) + 1))[:40_000]
    for level in Level:
        redacted = REDACTOR.redact(text, level)
        assert all(one.start < one.end for one in redacted.found)


def test_a_digit_string_of_a_whole_message_is_no_card() -> None:
    text = "4242424242424242" * 1250
    assert REDACTOR.redact(text).text == text
