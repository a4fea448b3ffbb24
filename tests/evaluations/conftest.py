"""The compiled model, and tiny BEIR sets that tests write themselves."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.model import load_encoder
from bot.settings import load
from index.compiled import CompiledEncoder

CORPUS = [
    {
        "_id": "kettle",
        "title": "Descale a kettle",
        "text": "Fill it with vinegar and water. Boil it twice and rinse it.",
    },
    {
        "_id": "parcel",
        "title": "Track a parcel",
        "text": "Open the shipping email. The tracking number is at its top.",
    },
    {"_id": "refund", "title": "Refund times", "text": "A refund to a bank card takes five working days."},
    {
        "_id": "odd id/π?",
        "title": "Close an account",
        "text": "Write to us and we close your account within a day.",
    },
]
QUERIES = [
    {"_id": "q1", "text": "how do I get limescale out of my kettle", "answerable": True, "short": True},
    {"_id": "q2", "text": "where is my parcel", "short": True},
    {
        "_id": "q3",
        "text": "how long until the refund is on my bank card",
        "answers": ["five working days"],
        "short": False,
    },
    {"_id": "q4", "text": "can a gift card be used twice", "answerable": False, "short": False},
]
JUDGEMENTS = [("q1", "kettle", 1), ("q2", "parcel", 1), ("q3", "refund", 2)]


def write_set(
    folder: Path,
    corpus: Sequence[Mapping[str, Any]] = CORPUS,
    queries: Sequence[Mapping[str, Any]] = QUERIES,
    judgements: Sequence[tuple[str, str, object]] = JUDGEMENTS,
    conversations: Sequence[Mapping[str, Any]] = (),
) -> Path:
    """Writes a data set in the BEIR layout and returns its folder."""
    (folder / "qrels").mkdir(parents=True)
    files = {"corpus.jsonl": corpus, "queries.jsonl": queries, "conversations.jsonl": conversations}
    for name, rows in files.items():
        if rows:
            (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore", *("\t".join(map(str, row)) for row in judgements)]
    (folder / "qrels" / "test.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def encoder() -> CompiledEncoder:
    return load_encoder(load())


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Indexes shared by the tests that only search them."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def little_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_set(tmp_path_factory.mktemp("sets") / "little")
