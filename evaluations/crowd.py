"""Sixteen callers at once: texts a second with shared runs of the encoder against a run for each, in one go."""

import itertools
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from index.compiled import CompiledEncoder

CLIENTS = 16
#: Turns of each kind, alternating, so that a slow minute of the machine hits both.
ROUNDS = 3

#: What makes a server run the encoder for each question by itself, as it did before questions shared runs.
ALONE = (
    "from index.compiled import CompiledEncoder as E; "
    "E.encode_together = lambda self, texts: self.encode(texts, lower=True); "
)


def encoder_rows(encoder: CompiledEncoder, texts: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """The encoder by itself, called from threads of this process."""
    gain = _gain(
        lambda text: encoder.encode([text], lower=True), lambda text: encoder.encode_together([text]), texts
    )
    yield (f"encoder, {CLIENTS} threads: shared runs over single ones", ">= 2", f"{gain:.2f}")
    alone = _single(
        lambda text: encoder.encode([text], lower=True), lambda text: encoder.encode_together([text]), texts
    )
    yield ("encoder, one thread: p50 of the shared call over the single", "<= 1", f"{alone:.2f}")


def server_rows(
    alone: Callable[[str], object], together: Callable[[str], object], texts: Sequence[str]
) -> Iterator[tuple[str, str, str]]:
    """Two servers that answer messages, one with single runs and one with shared ones."""
    gain = _gain(alone, together, texts)
    yield (f"POST /chat, {CLIENTS} clients: shared runs over single ones", ">= 2", f"{gain:.2f}")


def _gain(one: Callable[[str], object], other: Callable[[str], object], texts: Sequence[str]) -> float:
    """How many times as many texts a second `other` gets through, from `CLIENTS` threads; a median."""
    _rate(one, texts[:CLIENTS])
    _rate(other, texts[:CLIENTS])
    return statistics.median(1.0 / _rate(one, texts) * _rate(other, texts) for _ in range(ROUNDS))


def _single(one: Callable[[str], object], other: Callable[[str], object], texts: Sequence[str]) -> float:
    """The p50 of `other` over that of `one`, from this thread, turn by turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for text in texts:
        for call, taken in zip((one, other), times, strict=True):
            started = time.perf_counter()
            call(text)
            taken.append(time.perf_counter() - started)
    return statistics.median(times[1]) / statistics.median(times[0])


def _rate(call: Callable[[str], object], texts: Sequence[str]) -> float:
    """Texts a second, from `CLIENTS` threads that each take the next one."""
    left = iter(texts)
    # A list iterator gives each text to one thread, but says nothing of it: the lock does.
    taking = threading.Lock()
    failed: list[Exception] = []

    def work() -> None:
        while True:
            with taking:
                text = next(left, None)
            if text is None:
                return
            try:
                call(text)
            except Exception as exc:
                failed.append(exc)
                return

    threads = [threading.Thread(target=work) for _ in itertools.repeat(None, CLIENTS)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return len(texts) / (time.perf_counter() - started)
