"""A message that is not plainly an everyday one is looked at again; a file of changes is read whole or refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.reply import Reason
from bot.dialogue.triggers import Triggers
from bot.dialogue.triggers.closer import FILE, Closer, read, together, write
from bot.dialogue.triggers.meaning import Seen
from bot.dialogue.triggers.wordlists import digest
from bot.errors import SettingsInvalid
from index.change import Change
from tests.dialogue.test_triggers import RULE, SEEN, meaning


def small() -> Closer:
    """Believes a message with a token at the top to be legal."""
    return Closer(
        model="abc",
        lists="",
        labels=("legal", "none"),
        changes={"layer": Change(np.ones((2, 1), np.float32), np.ones((1, 2), np.float32))},
        vector=np.zeros((2, 2), np.float32),
        look=np.asarray([[0.0], [4.0]], np.float32),
        look_bias=np.zeros(1, np.float32),
        looked=np.asarray([[1.0, -1.0]], np.float32),
        bias=np.asarray([-1.0, 1.0], np.float32),
    )


class Looks:
    """A second look that says the same of everything, and remembers what it was shown."""

    def __init__(self, legal: float) -> None:
        self.chances = {"legal": legal, "none": 1.0 - legal}
        self.shown: list[Seen] = []
        self.opened = False

    def prepare(self) -> None:
        self.opened = True

    def __call__(self, seen: Seen) -> dict[str, float]:
        self.shown.append(seen)
        return self.chances


def triggers(folder: Path, certainty: float, looks: Looks) -> Triggers:
    (folder / "en.yaml").write_text(RULE, encoding="utf-8")
    return Triggers.load(folder).including(meaning("legal", certainty), looks)


@pytest.mark.parametrize(("legal", "fires"), [(0.99, True), (0.02, False)])
def test_what_is_not_plain_is_told_by_both_looks(tmp_path: Path, legal: float, fires: bool) -> None:
    looks = Looks(legal)
    text = "our advocate is going to be in touch"
    fired = triggers(tmp_path, 0.0, looks).felt(text, SEEN, "en")
    assert (fired is not None and fired.reason is Reason.LEGAL) is fires
    assert looks.shown == [SEEN]


def test_what_is_plainly_everyday_is_not_looked_at_again(tmp_path: Path) -> None:
    looks = Looks(0.99)
    assert triggers(tmp_path, -9.0, looks).felt("where is my parcel", SEEN, "en") is None
    assert looks.shown == []


def test_a_rule_that_fires_is_always_looked_at_again(tmp_path: Path) -> None:
    looks = Looks(0.0001)
    assert triggers(tmp_path, -9.0, looks).told("I want the agent licence", "en", lambda _: SEEN) is None
    assert looks.shown == [SEEN]


def test_it_is_opened_before_anybody_writes(tmp_path: Path) -> None:
    looks = Looks(0.5)
    triggers(tmp_path, 0.0, looks).prepare()
    assert looks.opened


def test_where_nothing_can_look_again_the_first_look_counts(tmp_path: Path) -> None:
    looks = Looks(0.0)
    looks.chances = {}
    fired = triggers(tmp_path, 3.0, looks).felt("our advocate is going to be in touch", SEEN, "en")
    assert fired is not None


def test_both_looks_make_one_probability() -> None:
    joined = together({"legal": 0.8, "none": 0.2}, {"legal": 0.2, "none": 0.8})
    assert joined == pytest.approx({"legal": 0.5, "none": 0.5})


def test_the_strongest_token_tells() -> None:
    plain, telling = np.zeros((3, 2), np.float32), np.asarray([[0.0, 0.0], [0.0, 1.0]], np.float32)
    assert small().chances(plain)["none"] > 0.8
    assert small().chances(telling)["legal"] > 0.99
    assert sum(small().chances(telling).values()) == pytest.approx(1.0)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "closer.npz"
    write(file, small())
    again = read(file)
    assert (again.labels, again.model) == (("legal", "none"), "abc")
    assert again.changes["layer"].up.tolist() == [[1.0, 1.0]]
    assert again.fits("abc-fp32-256")
    assert not again.fits("def-fp32-256")


def test_a_damaged_file_says_how_to_make_it_anew(tmp_path: Path) -> None:
    file = tmp_path / "closer.npz"
    file.write_bytes(b"no numbers")
    with pytest.raises(SettingsInvalid, match="tierzero eval prototypes --closer"):
        read(file)
    write(file, replace(small(), bias=np.zeros(3, np.float32)))
    with pytest.raises(SettingsInvalid, match="other reasons or layers"):
        read(file)


def test_what_is_shipped_was_fitted_with_the_word_lists_of_now() -> None:
    assert read(FILE).lists == digest(), (
        "a word list has changed: fit anew with "
        "`tierzero eval prototypes --closer bot/dialogue/triggers/closer.npz`"
    )
