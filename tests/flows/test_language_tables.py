"""The language model's tables are converted once, mapped afterwards, and made anew where they are damaged."""

import logging
import shutil
from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.language import LanguageDetector
from bot.dialogue.letters import LetterModel, LetterTables, published_tables
from bot.language_tables import kept_folder, load_letter_model

TEXTS = (
    "Where is my order?",
    "¿Dónde está mi pedido?",
    "GDZIE JEST MOJE ZAMÓWIENIE",
    "де моє замовлення",
    "ご注文はどこですか",
    "",
)


@pytest.fixture(scope="module")
def tables() -> LetterTables:
    return published_tables()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("models")
    load_letter_model(root)
    return root


@pytest.fixture
def copied(kept: Path, tmp_path: Path) -> Path:
    """Kept tables to damage."""
    shutil.copytree(kept, tmp_path / "models")
    return tmp_path / "models"


def test_kept_tables_say_what_the_published_ones_say(kept: Path, tables: LetterTables) -> None:
    published, mapped = LetterModel(tables), load_letter_model(kept)
    assert mapped.languages == published.languages
    assert [mapped.logs(text) for text in TEXTS] == [published.logs(text) for text in TEXTS]


def test_the_model_says_what_its_own_library_says(tables: LetterTables) -> None:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    library.set_languages(LetterModel(tables).languages)
    model = LetterModel(tables)
    for text in TEXTS:
        ranked = dict(library.rank(text))
        ours = dict(zip(model.languages, np.exp(model.logs(text)), strict=True))
        assert max(abs(ranked[language] - ours[language]) for language in ranked) < 2e-3
        assert max(ours, key=ours.__getitem__) == next(iter(ranked)) or not text


def test_nothing_is_converted_twice(kept: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in kept_folder(kept).iterdir()}
    load_letter_model(kept)
    assert {path: path.stat().st_mtime_ns for path in kept_folder(kept).iterdir()} == before
    assert [path.name for path in kept.iterdir()] == [kept_folder(kept).name]


@pytest.mark.parametrize("name", ["names", "prior", "weights", "steps", "rows", "sequences"])
@pytest.mark.parametrize("damage", ["absent", "empty", "cut", "another"])
def test_damaged_tables_are_made_anew(
    copied: Path, tables: LetterTables, name: str, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Converting takes most of a second, and what comes of it is tested above.
    monkeypatch.setattr("bot.language_tables.published_tables", lambda: tables)
    file = kept_folder(copied) / f"{name}.npy"
    content = file.read_bytes()
    if damage == "absent":
        file.unlink()
    elif damage == "another":
        np.save(file, np.zeros((2, 3), dtype=np.uint32))
    else:
        file.write_bytes(b"" if damage == "empty" else content[: len(content) // 2])
    assert load_letter_model(copied).logs("Where is it?") == LetterModel(tables).logs("Where is it?")
    assert file.read_bytes() == content
    assert [path.name for path in copied.iterdir()] == [kept_folder(copied).name]


def test_where_nothing_can_be_written_the_tables_are_held_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING):
        detector = LanguageDetector.load(model=load_letter_model(tmp_path / "models"))
    assert detector.detect("Wo ist meine Bestellung?", supported=("en", "de")).language == "de"
    assert "cannot be kept" in caplog.text
