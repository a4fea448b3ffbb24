"""Politeness is told from content by letters and words, and what tells it is what is served."""

from pathlib import Path

import numpy as np
import pytest

from bot.cli import main
from bot.dialogue import courtesy
from bot.dialogue.courtesies import SURE
from bot.dialogue.words import sentences
from bot.errors import SettingsInvalid
from evaluations.courtesies import FOLDER, fit, held_out, pieces

LANGUAGES = ("de", "en", "es", "fr")


def says(model: courtesy.CourtesyModel, text: str) -> float:
    [part] = sentences(text)
    return model.probability(part.words, asks="?" in part.mark)


@pytest.mark.parametrize(
    "text",
    [
        "thnaks in advanse",  # in no list
        "goood evening dear support",
        "hope sombody can help me",
        "vielen dnak im vorraus euch",
        "espero que alguien pueda ayudarme porfa",
        "j'espere que qqn pourra m'aider",
    ],
)
def test_courtesy_is_told_however_it_is_typed(text: str) -> None:
    assert says(courtesy.read(), text) > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "switch to yearly",
        "wren zurückgeben",
        "pausar suscripción",
        "voyant orange fixe",
        "order 4711",
        "why?",
    ],
)
def test_what_a_customer_asks_is_none(text: str) -> None:
    assert says(courtesy.read(), text) < SURE


def test_the_served_model_is_what_the_files_give() -> None:
    served, fitted = courtesy.read(), fit(pieces())
    assert served.known == fitted.known
    for text in ("thanks a lot", "where is it", "bin neu hier", "la bleue"):
        # Other sets are learned from too, and grow.
        assert says(served, text) == pytest.approx(says(fitted, text), abs=0.1)


def test_pieces_are_of_both_kinds_in_each_language_and_none_is_both() -> None:
    for language in LANGUAGES:
        both = [
            {
                one.casefold()
                for one in (FOLDER / f"{language}-{kind}.txt").read_text(encoding="utf-8").splitlines()
            }
            for kind in ("courtesy", "content")
        ]
        assert all(len(one) > 40 for one in both)
        assert not both[0] & both[1]


def test_of_held_out_pieces_most_are_found_and_hardly_any_content_is_lost() -> None:
    told = held_out(pieces())
    assert told.found / told.courtesy > 0.55
    assert told.lost / told.content < 0.008


def test_the_command_fits_and_writes(tmp_path: Path) -> None:
    file = tmp_path / "model.npz"
    assert main(["eval", "courtesies", "--write", str(file)]) == 0
    assert courtesy.read(file).known == courtesy.read().known


@pytest.mark.parametrize("content", [b"nothing", b""])
def test_a_damaged_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "model.npz"
    file.write_bytes(content)
    with pytest.raises(SettingsInvalid, match="model of courtesies"):
        courtesy.read(file)


def test_a_model_of_another_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.npz"
    np.savez_compressed(
        file, weights=np.zeros(7, dtype=np.float16), bias=0.0, known=np.zeros(1, dtype=np.uint32)
    )
    with pytest.raises(SettingsInvalid, match="another version"):
        courtesy.read(file)
