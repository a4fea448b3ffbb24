"""Every command fails in a sentence and loads nothing it does not use; wrong usage is told before anything starts."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import COMMANDS, main
from tests.index.small_centre import ROOT, TIERZERO, Centre, clean_environment, empty

pytestmark = pytest.mark.usefixtures("own_environment")


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


def test_an_empty_knowledge_base_says_what_to_do(tmp_path: Path, failing: Callable[..., str]) -> None:
    centre = empty(tmp_path)
    for command in (
        ["search", "where is my parcel"],
        ["ask", "where is my parcel"],
        ["status"],
        ["translations"],
    ):
        said = failing(centre, *command)
        assert "run `tierzero ingest` first or choose another folder with --data" in said
    assert not centre.data.exists()


def test_a_folder_whose_name_means_something_in_an_address_holds_its_database(tmp_path: Path) -> None:
    centre = Centre(tmp_path / "source", tmp_path / "what? 100% #1")
    with centre.services() as opened:
        opened.conversations.ping()
    assert (centre.data / "tierzero.db").stat().st_size > 0
    assert [path.name for path in tmp_path.iterdir()] == ["what? 100% #1"]


def test_a_data_folder_that_cannot_be_made_is_said(centre: Centre, failing: Callable[..., str]) -> None:
    blocked = Centre(centre.source, centre.source / "en/orders/track.md")
    assert "--data" in failing(blocked, "status")


@pytest.mark.parametrize(
    "url", ["mysql://me:hunter2@host/db", "postgresql://me:hunter2@127.0.0.1:1/db", "nonsense"]
)
def test_a_database_that_cannot_be_used_is_said_without_its_password(
    centre: Centre, failing: Callable[..., str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("TIERZERO_DATABASE_URL", url)
    for command in (["status"], ["serve", "--port", "0"]):
        assert "hunter2" not in failing(centre, *command)


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
