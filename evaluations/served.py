"""The product as a process of its own, on loopback, for whoever measures it: start, requests, memory, times."""

import contextlib
import gc
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from evaluations.ports import free_port


@contextlib.contextmanager
def server(data: Path, first: str = "") -> Iterator[tuple[int, float, int]]:
    """A server process on loopback: its port, seconds until it was ready, its process id. `first` is run before it."""
    port = free_port()
    environment = {**os.environ, "TIERZERO_RATE_PER_MINUTE": "1000000", "TIERZERO_RATE_BURST": "1000000"}
    start = f"{first}import sys; from bot.cli import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", start, "serve", "--port", str(port), "--data", str(data)]
    started = time.perf_counter()
    log = data / "served.log"
    with log.open("wb") as lines:
        process = subprocess.Popen(command, env=environment, stdout=lines, stderr=lines)  # noqa: S603
    try:
        while not _is_ready(port):
            if process.poll() is not None or time.perf_counter() - started > 60:
                raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-1000:]}")
            time.sleep(0.01)
        yield port, time.perf_counter() - started, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def post(port: int, message: str) -> float:
    """Seconds of one `POST /chat` that opens a conversation."""
    body = json.dumps({"message": message}).encode()
    return request(port, "POST", "/chat", body, {"content-type": "application/json"})


def request(
    port: int, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> float:
    """Seconds of one request, the connection being there already."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.connect()
    started = time.perf_counter()
    connection.request(method, path, body, headers or {})
    response = connection.getresponse()
    response.read()
    taken = time.perf_counter() - started
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{method} {path} answered {response.status}")
    return taken


def resident_mb(pid: int) -> float:
    """Memory that a process holds, in MiB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def seconds(work: Callable[[], object]) -> float:
    """How long something takes, with no garbage of before to collect meanwhile."""
    gc.collect()
    return passed(work)


def passed(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of them is below."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
