"""A running server follows every ingest without dropping a request, and forgets at once what is withdrawn."""

import contextlib
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from evaluations.ports import free_port
from tests.index.small_centre import ROOT, TIERZERO, Centre, clean_environment

#: Far more than the second it should take, for a machine that is busy with other things.
PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server process, the help centre it serves and a client of it."""

    centre: Centre
    client: httpx.Client
    process: "subprocess.Popen[str]"

    def ask(self, message: str) -> httpx.Response:
        return self.client.post("/chat", json={"message": message})

    def cited(self, message: str) -> set[str]:
        """Ids of the articles that a reply cites."""
        reply = self.ask(message)
        assert reply.status_code == 200, reply.text
        return {citation["article_id"] for citation in reply.json()["citations"]}

    def ingest(self) -> None:
        """From a process of its own, as people do."""
        done = self.centre.command("ingest", str(self.centre.source))
        assert done.returncode == 0, done.stderr


def until(what: str, true: Callable[[], bool]) -> None:
    """Waits for a condition."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.1)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture(scope="module")
def server(shared_centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("served")
    centre, port = shared_centre.copy(folder / "copy"), free_port()
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(
            [TIERZERO, "serve", "--port", str(port), "--data", str(centre.data)],
            cwd=ROOT,
            env=clean_environment()
            | {"TIERZERO_RATE_PER_MINUTE": "1000000", "TIERZERO_RATE_BURST": "100000"},
            stdout=log,
            stderr=log,
            text=True,
        ) as process,
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS) as client,
    ):
        try:
            until("the start", lambda: answers(client))
            yield Server(centre, client, process)
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
            process.wait(timeout=PATIENCE_SECONDS)
    said = (folder / "log").read_text()
    assert process.returncode in (0, -signal.SIGTERM), said
    assert "Traceback" not in said, said


@dataclass(slots=True)
class Customers:
    """Threads that ask all the time; what they were answered."""

    server: Server
    statuses: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def _ask(self, message: str) -> None:
        while not self._stop.is_set():
            try:
                reply = self.server.ask(message)
                self.statuses.append(reply.status_code)
                if reply.status_code != 200 or reply.json()["reason"] == "failure":
                    self.failed.append(reply.text)
            except httpx.HTTPError as exc:
                self.failed.append(repr(exc))
            time.sleep(0.05)

    def __enter__(self) -> "Customers":
        for message in ("how do I reset my password", "where are my invoices"):
            self._threads.append(threading.Thread(target=self._ask, args=(message,), daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=PATIENCE_SECONDS)


def test_a_new_article_answers_without_a_restart_or_a_failed_request(server: Server) -> None:
    question = "How much does it cost to rent a lamp for one week?"
    assert "lamps/rent" not in server.cited(question)
    with Customers(server) as customers:
        until("the first answer", lambda: len(customers.statuses) > 3)
        server.centre.write(
            "en/lamps/rent.md",
            "---\ntitle: Rent a lamp\n---\nIt costs nine euros to rent a lamp for one week.\n",
        )
        server.ingest()
        until("the new article", lambda: "lamps/rent" in server.cited(question))
        for number in range(3):
            server.centre.write(
                "en/lamps/more.md", f"---\ntitle: More lamps\n---\nLamp number {number} is blue.\n"
            )
            server.centre.ingest()
    assert customers.failed == []
    assert set(customers.statuses) == {200}


@pytest.mark.parametrize("way", ["deleted", "draft", "agents"])
def test_a_withdrawn_article_answers_no_more(server: Server, way: str) -> None:
    question = f"How do I book the {way} balloon ride over the harbour?"
    path, page = f"en/balloons/{way}.md", f"/help/en/balloons/{way}"
    server.centre.write(
        path,
        f"---\ntitle: Book the {way} balloon ride\n---\nTo book the {way} balloon ride over the harbour, wave.\n",
    )
    server.centre.ingest()
    until("the answer", lambda: f"balloons/{way}" in server.cited(question))
    assert server.client.get(page).status_code == 200
    if way == "deleted":
        (server.centre.source / path).unlink()
    else:
        line = {"draft": "draft: true", "agents": "audience: agent"}[way]
        server.centre.edit(path, "title: Book", f"{line}\ntitle: Book")
    server.centre.ingest()
    # From here on, whichever index the server has open.
    for _ in range(8):
        said = server.ask(question)
        assert said.status_code == 200
        assert f"balloons/{way}" not in said.text
        assert "wave" not in said.json()["text"]
        assert server.client.get(page).status_code == 404
        assert f"the {way} balloon" not in server.client.get("/help/en").text
        time.sleep(0.1)


def test_the_server_stays_with_what_it_has_when_an_index_is_refused(server: Server) -> None:
    database = server.centre.data / "tierzero.db"
    with sqlite3.connect(database) as connection:
        (name,) = connection.execute("SELECT name FROM generation").fetchone()
        connection.execute("UPDATE generation SET name = '999999'")
    connection.close()
    until("the problem", lambda: "999999" in server.client.get("/readyz").text)
    assert server.cited("how do I reset my password") == {"account/password"}
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE generation SET name = ?", (name,))
    connection.close()
    until("the mending", lambda: server.client.get("/readyz").status_code == 200)
