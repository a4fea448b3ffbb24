"""A publish that is killed leaves the old state, at whichever statement it was killed."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from bot.storage.articles import ArticleShelf
from bot.storage.engine import open_database
from tests.storage.killed_publisher import OLD
from tests.storage.samples import NOON, generation, release

ROOT = Path(__file__).parents[2]


def test_a_kill_at_any_statement_of_a_publish_leaves_the_old_state(url: str) -> None:
    database = open_database(url)
    ArticleShelf(database).publish([release(*OLD)], generation(1), NOON)
    database.close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.storage.killed_publisher", url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    *killed, finished = [json.loads(line) for line in done.stdout.splitlines()]
    old = ["generation-1", ["refunds", "old text"], 2, 1]
    assert killed == [[-signal.SIGKILL, old]] * len(killed)
    assert finished == [0, ["generation-2", ["new text"], 1, 2]]
    # One point for each of the nine statements at least, and one for the commit.
    assert len(killed) >= 10
