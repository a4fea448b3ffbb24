"""`status`, `doctor` and `translations` say how the knowledge base is."""

import json
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from bot.cli import main
from tests.index.small_centre import Centre, empty

pytestmark = pytest.mark.usefixtures("own_environment")


def test_status_and_doctor_print_json(shared_centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--data", str(shared_centre.data), "--json"]) == 0
    status = json.loads(capsys.readouterr().out)
    assert status["articles"] == {"en": 11, "es": 2}
    assert (status["agent_only"], status["chunks"], status["generation"]) == (1, 18, "1")
    assert main(["doctor", "--data", str(shared_centre.data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["healthy"] is True


def test_doctor_finds_damage_and_says_so_with_its_exit_code(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    (centre.data / "index/segments/1/vectors.npy").write_bytes(b"")
    assert main(["doctor", "--data", str(centre.data), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["healthy"] is False
    assert any("tierzero reindex" in finding["detail"] for finding in found["findings"])


def test_doctor_finds_a_damaged_model(
    shared_centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.model import model_folder
    from bot.settings import load

    folder = model_folder(load())
    copy = tmp_path / folder.name
    copy.mkdir()
    for name in ("manifest.json", "tokenizer.json"):
        shutil.copy2(folder / name, copy / name)
    (copy / "projection.npy").write_bytes(b"spoiled")
    monkeypatch.setenv("TIERZERO_MODEL_DIR", str(tmp_path))
    assert main(["doctor", "--data", str(shared_centre.data)]) == 1
    said = capsys.readouterr().out
    assert re.search(r"BAD +model +Damaged or absent: model.onnx, (model.onnx.data, )?projection.npy", said)


def test_doctor_finds_an_index_that_is_not_the_databases(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    with sqlite3.connect(centre.data / "tierzero.db") as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("DELETE FROM articles WHERE article_id = 'orders/track'")
    connection.close()
    assert main(["doctor", "--data", str(centre.data)]) == 1
    assert "en/orders/track" in capsys.readouterr().out
    assert main(["reindex", "--data", str(centre.data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["chunks"] == 16
    assert main(["doctor", "--data", str(centre.data)]) == 0


def test_files_in_quarantine_count_where_no_article_is_published(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    centre = empty(tmp_path)
    (centre.source / "broken.md").write_bytes(b"\xff\xfe\x00")
    centre.ingest()
    assert main(["status", "--data", str(centre.data), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["quarantined"] == 1


def test_missing_and_outdated_translations_are_listed(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["translations", "--data", str(centre.data), "--json"]) == 0
    locales = {one["locale"]: one for one in json.loads(capsys.readouterr().out)["locales"]}
    assert set(locales) == {"es", "de", "fr"}
    assert (locales["es"]["articles"], locales["es"]["translated"]) == (10, 2)
    assert "goodwill" not in str(locales)
    assert locales["es"]["outdated"] == []
    centre.edit("en/account/password.md", "The link works for one hour.", "The link works for two hours.")
    centre.ingest()
    assert main(["translations", "--locale", "es", "--data", str(centre.data)]) == 0
    printed = capsys.readouterr().out
    assert "es  2 of 10 articles, 1 outdated" in printed
    assert "outdated  account/password: its source changed on" in printed
    assert "missing   orders/track: Track your order" in printed
