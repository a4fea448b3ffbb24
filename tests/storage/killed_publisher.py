"""A process that publishes and is killed before its first, second, third … statement, then before its commit.

Prints one JSON line for each attempt: whether it was killed, and what the database holds afterwards. The last
attempt is not killed. Run as `python -m tests.storage.killed_publisher URL`.
"""

import itertools
import json
import os
import signal
import sys

import sqlalchemy as sa
from sqlalchemy import event

from bot.ports import Release
from bot.storage.articles import ArticleShelf
from bot.storage.engine import open_database
from tests.storage.samples import LATER, REFUNDS, RETURNS, article, generation, release

OLD = (article(source="old text"), article(REFUNDS, "refunds"))
NEW = (
    Release("/help", (), (), (), (REFUNDS,)),
    release(article(source="new text"), root="/new"),
)


def publish_until(url: str, point: int) -> None:
    """Publishes; the process is killed when it comes to `point`, counted from 1."""
    passed = itertools.count(1)

    def pass_point(*_: object) -> None:
        if next(passed) == point:
            os.kill(os.getpid(), signal.SIGKILL)

    database = open_database(url)
    shelf = ArticleShelf(database)
    shelf.generation()  # the connection is made before points are counted
    event.listen(sa.Engine, "before_cursor_execute", pass_point)
    event.listen(sa.Engine, "commit", pass_point)
    shelf.publish(NEW, generation(2), LATER)
    database.close()


def state(url: str) -> list[object]:
    """Generation, published texts and chunk count."""
    database = open_database(url)
    shelf = ArticleShelf(database)
    served = shelf.generation()
    texts = [shelf.source(key, found.revision) for key, found in sorted(shelf.published().items())]
    old = shelf.revisions(RETURNS)
    held: list[object] = [served.name if served else None, texts, shelf.chunk_count(), len(old)]
    database.close()
    return held


def main(url: str) -> None:
    """Forks a publisher for each point until one lives to the end."""
    for point in itertools.count(1):
        child = os.fork()
        if child == 0:
            publish_until(url, point)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), state(url)]), flush=True)
        if not os.WIFSIGNALED(status):
            return


if __name__ == "__main__":
    main(sys.argv[1])
