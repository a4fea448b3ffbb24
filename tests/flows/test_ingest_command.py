"""`tierzero ingest` says what it changed, changes nothing in a dry run, and fails in a sentence."""

import fcntl
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main
from tests.index.small_centre import ARTICLES, Centre

pytestmark = pytest.mark.usefixtures("own_environment")

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


def test_a_folder_that_is_not_there_is_said(centre: Centre, failing: Callable[..., str]) -> None:
    assert "nothing was changed" in failing(centre, "ingest", str(centre.source / "absent"))


def test_a_second_ingest_at_once_is_refused_politely(centre: Centre, failing: Callable[..., str]) -> None:
    with (centre.data / "index/ingest.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "Another ingest is running" in failing(centre, "ingest", str(centre.source))
        assert "Another ingest is running" in failing(centre, "reindex")
    assert main(["ingest", str(centre.source), "--data", str(centre.data)]) == 0
