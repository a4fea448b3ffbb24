"""`make bench`: speed and size as ratios measured in one run, since machines differ and are noisy."""

import argparse
import contextlib
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import kb
from bot.composition import Services
from bot.model import load_encoder
from bot.people.roles import Permission
from bot.settings import load
from evaluations import crowd
from evaluations.served import passed, post, quantile, request, resident_mb, seconds, server
from index.compiled import CompiledEncoder
from kb.chunking import chunk, encoder_text
from kb.markdown import parse
from kb.sources.folder import SourceFile, walk

SAMPLE = Path(kb.__file__).parent / "sample"
QUESTIONS = Path(__file__).parent / "datasets" / "sample" / "answerable.jsonl"
#: Chunks of the large knowledge base that start-up and memory are measured with.
LARGE = 10_000
#: Turns of each kind that are timed, after as many again to warm up.
TURNS = 150
#: Questions that are typed into the search of the help centre, after as many again to warm up.
TYPED = 20
#: Rest before a call here and before one to the server, so that neither meets what the other leaves running, and both
#: find a processor that has done nothing for as long.
SETTLE_SECONDS = 0.1
#: Where the first ingest leaves its knowledge base, for the parts that follow.
SAMPLE_DATA = "ingest-0"

_NOUNS = ("pump", "filter", "valve", "tank", "lid", "cable", "sensor", "hose", "switch", "grinder")


Row = tuple[str, str, str]


def _ingest(folder: Path, encoder: CompiledEncoder) -> Iterator[Row]:
    """First ingest against the bare encoder on the same chunks, and an unchanged tree against the first."""
    texts = [encoder_text(one) for article in _articles() for one in chunk(article, encoder.measure)]
    bare: list[float] = []
    first: list[float] = []
    again: list[float] = []
    for turn in range(3):
        # Interleaved, so that a slow minute of the machine hits both.
        bare.append(seconds(lambda: _encode_in_batches(encoder, texts)))
        data = folder / f"ingest-{turn}"
        with _services(data, encoder) as services:
            first.append(seconds(lambda: services.ingestion.ingest([SAMPLE])))
        with _services(data, encoder) as services:
            again.append(seconds(lambda: services.ingestion.ingest([SAMPLE])))
    ratio = statistics.median(b / f for b, f in zip(bare, first, strict=True))
    share = statistics.median(a / f for a, f in zip(again, first, strict=True))
    yield ("ingest rate over the bare encoder's on the same chunks", ">= 85%", f"{ratio:.1%}")
    yield ("unchanged tree's time over the first ingest's", "<= 3%", f"{share:.2%}")
    yield ("chunks a second, first ingest", "", f"{len(texts) / statistics.median(first):.1f}")


def _articles() -> Iterator[Any]:
    locales = frozenset(load().locales)
    for file in walk(SAMPLE):
        if isinstance(file, SourceFile):
            article = parse(file.content.decode("utf-8"), file.path, default_locale="en", locales=locales)
            if not article.draft:
                yield article


def _encode_in_batches(encoder: CompiledEncoder, texts: Sequence[str]) -> None:
    from index.composing import ENCODE_AT_ONCE

    for start in range(0, len(texts), ENCODE_AT_ONCE):
        encoder.encode(texts[start : start + ENCODE_AT_ONCE])


def _chat(folder: Path, encoder: CompiledEncoder) -> Iterator[Row]:
    """`POST /chat` through a real server on loopback against the bare encoder call for the same message."""
    data = folder / SAMPLE_DATA
    messages = _messages()
    with server(data) as (port, _, _):
        calls, turns = _in_turns(
            messages, lambda message: passed(partial(encoder.encode, [message])), partial(post, port)
        )
    p50 = statistics.median(turns) / statistics.median(calls)
    p99 = quantile(turns, 0.99) / statistics.median(calls)
    yield ("POST /chat p50 over the encoder call's p50", "<= 2.5", f"{p50:.2f}")
    yield ("POST /chat p99 over the encoder call's p50", "<= 6", f"{p99:.2f}")
    yield ("encoder call p50, ms", "", f"{statistics.median(calls) * 1e3:.2f}")
    yield ("POST /chat p50, ms", "", f"{statistics.median(turns) * 1e3:.2f}")


def _in_turns(
    messages: Sequence[str], one: Callable[[str], float], other: Callable[[str], float]
) -> tuple[list[float], list[float]]:
    """Seconds of two calls for each message, one after the other, after a round of all of them to warm up."""
    times: tuple[list[float], list[float]] = ([], [])
    for timed in (False, True):
        for message in messages:
            for call, taken in zip((one, other), times, strict=True):
                gc.collect()
                time.sleep(SETTLE_SECONDS)
                needed = call(message)
                if timed:
                    taken.append(needed)
    return times


def _suggestions(folder: Path, encoder: CompiledEncoder) -> Iterator[Row]:
    """`GET /api/agent/suggestions` for a text against `POST /chat` with the same, one after the other."""
    data = folder / SAMPLE_DATA
    with _services(data, encoder) as services:
        scopes = frozenset({Permission.SUGGESTIONS_READ, Permission.KNOWLEDGE_READ, Permission.TICKETS_READ})
        _, secret = services.machine_keys.add("bench", scopes, by="bench", holds=None)
    signed = {"authorization": f"Bearer {secret}"}
    with server(data) as (port, _, _):
        turns, asked = _in_turns(
            _messages(),
            partial(post, port),
            lambda message: request(
                port, "GET", f"/api/agent/suggestions?text={quote(message)}", headers=signed
            ),
        )
    ratio = statistics.median(asked) / statistics.median(turns)
    yield ("an agent's suggestions p50 over POST /chat p50", "<= 2", f"{ratio:.2f}")


def _crowd(folder: Path, encoder: CompiledEncoder) -> Iterator[Row]:
    """Sixteen callers at once, with questions that share runs of the encoder and with single ones."""
    data, messages = folder / SAMPLE_DATA, _messages()
    yield from crowd.encoder_rows(encoder, messages)
    with server(data, crowd.ALONE) as (alone, _, _), server(data) as (together, _, _):
        yield from crowd.server_rows(partial(post, alone), partial(post, together), messages)


def _messages() -> list[str]:
    messages = [json.loads(line)["text"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    return [message for message in messages if len(message) < 200][:TURNS]


def _large(folder: Path, encoder: CompiledEncoder) -> Iterator[Row]:
    """A knowledge base of `LARGE` chunks: start of a server, its memory, and one edited article."""
    source = folder / "large"
    _write_large(source)
    data = folder / "large-data"
    with _services(data, encoder) as services:
        done = services.ingestion.ingest([source])
    edited = next(source.rglob("*.md"))
    edited.write_text(
        edited.read_text(encoding="utf-8") + "\nA new sentence about zeppelins.\n", encoding="utf-8"
    )
    with _services(data, encoder) as services:
        edit = seconds(lambda: services.ingestion.ingest([source]))
    with server(data) as (port, ready, pid):
        for _ in range(50):
            post(port, "how long does the pump of model 17 last")
        memory = resident_mb(pid)
        yield from _typing(port, encoder)
    yield ("chunks of the large knowledge base", str(LARGE), str(done.chunks))
    yield ("server ready after start, s", "<= 2", f"{ready:.2f}")
    yield ("resident memory of the server, MB", "<= 450", f"{memory:.0f}")
    yield ("one article of it edited and searchable, s", "< 1", f"{edit:.2f}")


def _write_large(folder: Path) -> None:
    """Synthetic articles with short sections, so that embedding 10,000 of them stays a matter of minutes."""
    verbs = ("lasts", "needs cleaning after", "is covered for", "ships within", "is tested for")
    for number in range(LARGE // 10):
        parts = [f"---\ntitle: Model {number}\n---\n"]
        for place, noun in enumerate(_NOUNS):
            verb = verbs[(number + place) % len(verbs)]
            parts.append(
                f"\n## The {noun}\n\nThe {noun} of model {number} {verb} {number % 37 + place} days.\n"
            )
        path = folder / f"group-{number % 50}" / f"model-{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(parts), encoding="utf-8")


@contextlib.contextmanager
def _services(data: Path, encoder: CompiledEncoder) -> Iterator[Services]:
    services = Services(load(data=data), _encoder=encoder)
    try:
        yield services
    finally:
        services.close()


def _typing(port: int, encoder: CompiledEncoder) -> Iterator[Row]:
    """Results while somebody types into the help centre, a request for each few letters, beside the encoder call."""
    searches: list[float] = []
    calls: list[float] = []
    for timed in (False, True):
        for number in range(TYPED):
            words = f"how long does the {_NOUNS[number % len(_NOUNS)]} of model {17 * number % 997} last"
            for end in range(6, len(words) + 1, 6):
                call = seconds(partial(encoder.encode, [words[:end]]))
                taken = request(port, "GET", f"/help/search.json?locale=en&q={quote(words[:end])}")
                if timed:
                    calls.append(call)
                    searches.append(taken)
    p95 = quantile(searches, 0.95)
    bare = statistics.median(calls)
    yield ("results while typing, p95, ms", "< 50", f"{p95 * 1e3:.1f}")
    yield ("the same over the encoder call's p50", "", f"{p95 / bare:.1f}")
    yield ("results while typing, p50 over that call's", "", f"{statistics.median(searches) / bare:.1f}")


#: What is measured, in its order. All but the last need the sample's knowledge base, which the first one makes.
_PARTS = {"ingest": _ingest, "chat": _chat, "suggestions": _suggestions, "crowd": _crowd, "large": _large}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what is named, or everything, and prints a table."""
    parser = argparse.ArgumentParser(prog="python -m evaluations.bench", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"{', '.join(_PARTS)}; all of them if none is named"
    )
    parts = parser.parse_args(arguments).parts or list(_PARTS)
    if unknown := set(parts) - set(_PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(_PARTS)}")
    encoder = load_encoder(load(), tell=lambda text: print(text, file=sys.stderr))
    with tempfile.TemporaryDirectory(prefix="tierzero-bench-") as folder:
        if "ingest" not in parts:
            _ingested(Path(folder) / SAMPLE_DATA, encoder)
        rows = [row for part in _PARTS if part in parts for row in _PARTS[part](Path(folder), encoder)]
    print(f"\n{'measured':58} {'asked':>14} {'found':>12}")
    for name, asked, found in rows:
        print(f"{name:58} {asked:>14} {found:>12}")
    return 0


def _ingested(data: Path, encoder: CompiledEncoder) -> None:
    with _services(data, encoder) as services:
        services.ingestion.ingest([SAMPLE])


if __name__ == "__main__":
    sys.exit(main())
