"""The commands say what they did, fail in a sentence, and load nothing they do not use."""

import fcntl
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import COMMANDS, main
from tests.index.small_centre import ARTICLES, ROOT, TIERZERO, Centre, clean_environment, empty

RECEIPT = {
    "added",
    "changed",
    "removed",
    "unchanged",
    "quarantined",
    "dry_run",
    "generation",
    "chunks",
    "embedded",
}


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)


def in_python(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=clean_environment() | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def failing(centre: Centre, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line that a failing command says."""
    assert main([*arguments, "--data", str(centre.data)]) == 1
    said = capsys.readouterr().err.strip()
    assert "Traceback" not in said
    assert said.startswith(f"tierzero {arguments[0]}: ")
    return said


def test_help_loads_nothing_heavy() -> None:
    said = in_python(
        "import sys\nfrom bot.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as done:\n    assert done.code == 0\n"
        "heavy = {'numpy', 'pydantic', 'sqlalchemy', 'onnxruntime', 'faiss', 'tantivy', 'yaml', 'fastapi', 'torch'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert said.splitlines()[-1] == "[]"
    for command in COMMANDS:
        assert command.name in said


def test_neither_answering_nor_ingesting_loads_torch(centre: Centre) -> None:
    centre.write("en/lamps.md", "We hire out lamps.\n")
    said = in_python(
        "import sys\nfrom bot.cli import main\n"
        f"main(['ingest', {str(centre.source)!r}])\nmain(['ask', 'how do I reset my password'])\n"
        "from bot.web.server import app_from_environment\nfrom fastapi.testclient import TestClient\n"
        "with TestClient(app_from_environment(), base_url='http://127.0.0.1') as client:\n"
        "    print(client.post('/chat', json={'message': 'where are my invoices'}).status_code)\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'onnx'} & set(sys.modules)))",
        TIERZERO_DATA=str(centre.data),
    )
    assert said.splitlines()[-2:] == ["200", "[]"]


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["--nonsense"], ["search"], ["search", "a", "--k", "x"], ["model"]]
)
def test_wrong_usage_is_exit_code_two(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2


def test_no_command_prints_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "ingest" in capsys.readouterr().out


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert re.fullmatch(r"tierzero \d+\.\d+.*\n", capsys.readouterr().out)


def test_the_receipt_says_what_changed(centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    centre.edit("en/orders/track.md", "twelve hours", "twenty hours")
    centre.write("en/new.md", "We hire out lamps.\n")
    centre.write("en/broken.md", "---\ntitle: [\n---\nText.\n")
    (centre.source / "en/account/email.md").unlink()
    given = ["ingest", str(centre.source), "--data", str(centre.data), "--json"]
    assert main([*given, "--dry-run"]) == 0
    promised = json.loads(capsys.readouterr().out)
    assert main(given) == 0
    done = json.loads(capsys.readouterr().out)
    assert set(done) == set(promised) == RECEIPT
    assert promised["dry_run"] is True
    assert done["added"] == promised["added"] == [{"id": "new", "locale": "en"}]
    assert done["changed"] == promised["changed"] == [{"id": "orders/track", "locale": "en"}]
    assert done["removed"] == promised["removed"] == [{"id": "account/email", "locale": "en"}]
    assert done["unchanged"] == promised["unchanged"] == len(ARTICLES) - 2
    (quarantined,) = done["quarantined"]
    assert quarantined["path"] == "en/broken.md"
    assert "front matter" in quarantined["reason"]
    assert (done["generation"], done["embedded"]) == ("2", 2)


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_dry_run_changes_nothing(centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(centre.source / "es")
    before = snapshot(centre.data / "index")
    assert main(["ingest", str(centre.source), "--data", str(centre.data), "--dry-run"]) == 0
    assert "nothing was changed" in capsys.readouterr().out
    after = snapshot(centre.data / "index")
    assert {name: after[name] for name in before} == before
    with centre.services() as opened:
        assert len(opened.shelf.published()) == len(ARTICLES)
        assert opened.ingestion.ingest([centre.source]).receipt.removed


def test_a_receipt_is_readable(centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    (centre.source / "en/account/email.md").unlink()
    centre.write("en/broken.md", "")
    assert main(["ingest", str(centre.source), "--data", str(centre.data)]) == 0
    said = capsys.readouterr().out
    assert re.search(r"removed +1\n +en/account/email", said)
    assert "en/broken.md: The file is empty." in said


def test_search_prints_every_raw_score(shared_centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["search", "reset my password", "--data", str(shared_centre.data), "--k", "3"]
    assert main([*given, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found["hits"]) == 3
    best = found["hits"][0]
    assert best["article_id"] == "account/password"
    assert set(best["scores"]) >= {"dense", "title", "late", "lexical", "coverage"}
    assert main(given) == 0
    assert "dense" in capsys.readouterr().out


def test_search_keeps_to_locale_and_audience(
    shared_centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["search", "goodwill kestrel", "--data", str(shared_centre.data), "--json", "--k", "50"]
    for more, agents in (([], False), (["--audience", "agent"], True)):
        assert main([*given, *more]) == 0
        hits = json.loads(capsys.readouterr().out)["hits"]
        assert ("agents/goodwill" in {hit["article_id"] for hit in hits}) is agents
    for written in ("es", "ES"):
        assert main([*given, "--locale", written]) == 0
        assert {hit["locale"] for hit in json.loads(capsys.readouterr().out)["hits"]} == {"es"}


def test_search_keeps_to_tags_and_product(shared_centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    given = ["search", "lamp", "--data", str(shared_centre.data), "--json", "--k", "50"]
    brewer = {"devices/descale", "devices/error-codes"}
    for more, expected in (
        (["--product", "Brewer One"], brewer),
        (["--tag", "returns", "--tag", "devices"], {*brewer, "returns/send-back"}),
        (["--tag", "returns", "--product", "Brewer One"], set()),
    ):
        assert main([*given, *more]) == 0
        assert {hit["article_id"] for hit in json.loads(capsys.readouterr().out)["hits"]} == expected


def test_ask_gives_the_object_that_the_chat_gives(
    shared_centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "how do I reset my password", "--data", str(shared_centre.data)]) == 0
    asked = json.loads(capsys.readouterr().out)
    assert {"kind", "text", "citations", "confidence", "reason", "language"} <= set(asked)
    for citation in asked["citations"]:
        source = ARTICLES[f"{citation['locale']}/{citation['article_id']}.md"]
        assert source[citation["start"] : citation["end"]] == citation["quote"]
        assert {"article_id", "title", "heading_path", "url", "revision"} <= set(citation)


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


def test_an_empty_knowledge_base_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    centre = empty(tmp_path)
    for command in (
        ["search", "where is my parcel"],
        ["ask", "where is my parcel"],
        ["status"],
        ["translations"],
    ):
        said = failing(centre, capsys, *command)
        assert "run `tierzero ingest` first or choose another folder with --data" in said
    assert not centre.data.exists()


def test_a_folder_whose_name_means_something_in_an_address_holds_its_database(tmp_path: Path) -> None:
    centre = Centre(tmp_path / "source", tmp_path / "what? 100% #1")
    with centre.services() as opened:
        opened.conversations.ping()
    assert (centre.data / "tierzero.db").stat().st_size > 0
    assert [path.name for path in tmp_path.iterdir()] == ["what? 100% #1"]


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


def test_a_refused_index_says_what_to_run(centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = centre.data / "index/generations/1/manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"chunker": "old"}))
    for command in ("search", "ask"):
        assert "tierzero reindex" in failing(centre, capsys, command, "where is my parcel")


def test_a_folder_that_is_not_there_is_said(centre: Centre, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing was changed" in failing(centre, capsys, "ingest", str(centre.source / "absent"))


def test_a_second_ingest_at_once_is_refused_politely(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    with (centre.data / "index/ingest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Another ingest is running" in failing(centre, capsys, "ingest", str(centre.source))
        assert "Another ingest is running" in failing(centre, capsys, "reindex")
    assert main(["ingest", str(centre.source), "--data", str(centre.data)]) == 0


def test_a_data_folder_that_cannot_be_made_is_said(
    centre: Centre, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = Centre(centre.source, centre.source / "en/orders/track.md")
    assert "--data" in failing(blocked, capsys, "status")


@pytest.mark.parametrize(
    "url", ["mysql://me:hunter2@host/db", "postgresql://me:hunter2@127.0.0.1:1/db", "nonsense"]
)
def test_a_database_that_cannot_be_used_is_said_without_its_password(
    centre: Centre, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("TIERZERO_DATABASE_URL", url)
    for command in (["status"], ["serve", "--port", "0"]):
        assert "hunter2" not in failing(centre, capsys, *command)


def test_words_that_are_not_utf8_are_searched_for_and_printed(centre: Centre) -> None:
    done = subprocess.run(
        [TIERZERO.encode(), b"search", b"caf\xe9 invoice", b"--json", b"--data", os.fsencode(centre.data)],
        env=clean_environment(),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["hits"]


def test_a_reader_that_goes_away_is_no_error(centre: Centre) -> None:
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {TIERZERO} status --data {centre.data} | true"],
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_port_that_is_no_number_is_wrong_usage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "web")
    with pytest.raises(SystemExit) as stopped:
        main(["serve"])
    assert stopped.value.code == 2


@pytest.mark.parametrize(
    "given",
    [("--port", "99999"), ("--port", "-4"), ("--port", "web"), ("--workers", "0"), ("--data", "")],
    ids=" ".join,
)
def test_a_value_that_serve_cannot_use_is_refused_before_anything_starts(
    given: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["serve", *given])

    assert refused.value.code == 2
    assert given[0] in capsys.readouterr().err
