import pytest

from bot.dialogue.reply import SMALL_TALK
from bot.dialogue.smalltalk import SmallTalk
from bot.dialogue.wording import Wording

CASE_FILE = "smalltalk"


@pytest.fixture(scope="module")
def small_talk() -> SmallTalk:
    return SmallTalk.load()


def test_small_talk_is_answered_with_the_sentence_beside_it(
    small_talk: SmallTalk, case: tuple[str, str, str]
) -> None:
    expected, language, message = case
    said = small_talk.classify(message, language)
    assert (said.sentence if said else "none") == expected
    if said is not None:
        assert said.reason in SMALL_TALK
        assert Wording.load().say(said.sentence, language)
