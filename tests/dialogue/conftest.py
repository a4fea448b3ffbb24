import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.dialogue.conversation import Message, Role
from bot.dialogue.language import LanguageDetector
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.dialogue.triggers import Triggers

CASES = Path(__file__).with_name("cases")


def cases(name: str) -> list[tuple[str, str, str]]:
    """The lines of a case file: what is expected, the second column, the message."""
    lines = (CASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    columns = (line.split("|", 2) for line in lines if line and not line.startswith("#"))
    return [(expected, second, message) for expected, second, message in columns]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with a `case` argument runs once for each line of the file its module names in `CASE_FILE`."""
    if "case" in metafunc.fixturenames:
        found = cases(metafunc.module.CASE_FILE)
        metafunc.parametrize("case", found, ids=[f"{second}: {message}" for _, second, message in found])


@pytest.fixture(scope="session")
def triggers() -> Triggers:
    return Triggers.load()


@pytest.fixture(scope="session")
def detector() -> LanguageDetector:
    return LanguageDetector.load()


@pytest.fixture
def said() -> Callable[[str], Message]:
    """Makes a customer's message."""
    return lambda text: Message("m", Role.CUSTOMER, text, dt.datetime(2026, 1, 5, tzinfo=dt.UTC))


@pytest.fixture
def answered() -> Callable[..., Message]:
    """Makes a message of the bot that cites articles with these titles."""

    def make(*titles: str, reason: Reason = Reason.ANSWERED) -> Message:
        citations = tuple(
            Citation("id", "en", title, (), "", "quote", "quote", 0, 5, "abc123abc123") for title in titles
        )
        reply = Reply(ReplyKind.ANSWER, "text", citations, 0.9, reason, "", "en")
        return Message("m", Role.BOT, "text", dt.datetime(2026, 1, 5, tzinfo=dt.UTC), reply)

    return make
