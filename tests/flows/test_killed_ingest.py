"""An ingest that is killed leaves the old corpus or the new one, whole, and the next ingest goes on from there."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.killed_ingest import POINTS, RANDOM_KILLS
from tests.index.small_centre import ROOT, Centre, clean_environment


@pytest.mark.parametrize("random_kills", [RANDOM_KILLS, pytest.param(120, marks=pytest.mark.proof)])
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_corpus(
    shared_centre: Centre, tmp_path: Path, random_kills: int
) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.flows.killed_ingest",
            str(shared_centre.source.parent),
            str(tmp_path),
            str(random_kills),
        ],
        cwd=ROOT,
        env=clean_environment() | {"TOKENIZERS_PARALLELISM": "false"},
        capture_output=True,
        text=True,
        timeout=1500,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    corpora, *kills = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(kills) == POINTS + random_kills
    for kill in kills:
        assert kill["bad"] == [], kill
        assert kill["left"] in (corpora["old"], corpora["new"]), kill
        assert kill["mended"] == corpora["new"], kill
        assert kill["embedded_again"] == 0, kill
    assert [kill["code"] for kill in kills[:POINTS]] == [-signal.SIGKILL] * POINTS
    # The points lie on both sides of the one statement that publishes.
    left = [kill["left"] for kill in kills]
    assert corpora["old"] in left
    assert corpora["new"] in left
