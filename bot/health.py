"""What is there and whether it fits together, for `tierzero status` and `tierzero doctor`."""

import contextlib
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.composition import Services
from bot.errors import BotError
from bot.knowledge.served import EMPTY
from bot.model import model_folder
from bot.outgoing.effects import Standing, Undeliverable
from bot.storage.schema import HEAD, differences, schema_revision
from index.builder import fingerprint
from index.compiled import damaged_files, read_manifest
from index.errors import SearchError
from index.generation import Generation, refusal
from kb.codec import encode_chunk
from kb.revision import revision_of

#: Names listed in one finding; more are counted.
_LISTED = 5
#: Unused segments below this size are no reason to worry anybody; edits leave some for a minute.
_WASTE_BYTES = 50_000_000


#: Seconds after which a content that belongs to nothing should have been removed.
_FORGOTTEN = 2 * 3600.0


@dataclass(frozen=True, slots=True)
class Status:
    """What is there."""

    articles: dict[str, int]
    """Published articles by locale."""
    agent_only: int
    quarantined: int
    chunks: int
    generation: str
    """The index that answers; empty when there is none."""
    model: str
    confidence: str
    """Which confidence model serves, and whether its promise holds."""
    database: str
    tables: str
    """The newest migration that the database has had."""
    disk_bytes: int
    """Size of the data folder."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked."""

    check: str
    healthy: bool
    detail: str
    """What was found, and where it is not healthy what to do."""


def status(services: Services) -> Status:
    """Counts what is stored."""
    records = services.shelf.listing()
    current = services.shelf.generation()
    return Status(
        articles=dict(sorted(Counter(record.key.locale for record in records).items())),
        agent_only=sum(record.audience.value == "agent" for record in records),
        quarantined=services.shelf.quarantined_count(),
        chunks=services.shelf.chunk_count(),
        generation=current.name if current else "",
        model=_model(services),
        confidence=services.serving.statement,
        database=services.database.name,
        tables=schema_revision(services.database) or "none",
        disk_bytes=_size(services.settings.data.expanduser()),
    )


def _model(services: Services) -> str:
    try:
        return f"{services.settings.model} {read_manifest(model_folder(services.settings)).identity}"
    except SearchError as exc:
        return f"{services.settings.model}: {exc}"


def _size(folder: Path) -> int:
    # Hard links share their bytes, so each file is counted once.
    sizes: dict[int, int] = {}
    for path in folder.rglob("*"):
        # An ingest may remove a file between the look and the count.
        with contextlib.suppress(FileNotFoundError):
            found = path.stat()
            if stat.S_ISREG(found.st_mode):
                sizes[found.st_ino] = found.st_size
    return sum(sizes.values())


def examine(services: Services) -> Iterator[Finding]:
    """Checks one thing after another; a check that cannot run is a finding and does not stop the others."""
    checks: tuple[tuple[str, Callable[[Services], str]], ...] = (
        ("write access", _write_access),
        ("database", _database),
        ("tables", _tables),
        ("model", _model_files),
        ("index", _index),
        ("index against database", _index_against_database),
        ("stored revisions", _revisions),
        ("orphans", _orphans),
        ("attached files", _attached),
    )
    for name, check in checks:
        try:
            problem = check(services)
        except (BotError, SearchError, OSError) as exc:
            problem = str(exc)
        yield Finding(name, not problem, problem or "ok")
    yield _mail(services)
    yield _outbox(services)


def _mail(services: Services) -> Finding:
    server = services.mail_server
    if server is None:
        return Finding("mail", True, "none is sent: no mail server is set (TIERZERO_SMTP_HOST)")
    try:
        server.check()
    except Undeliverable as exc:
        return Finding("mail", False, f"{exc} Check the TIERZERO_SMTP_ settings.")
    if not services.settings.public_url:
        return Finding("mail", False, "Mails can have no link to a survey: set TIERZERO_PUBLIC_URL.")
    return Finding("mail", True, "ok")


def _outbox(services: Services) -> Finding:
    try:
        dead = services.outbox.counts().get(Standing.DEAD, 0)
    except BotError as exc:
        return Finding("outbox", False, str(exc))
    problem = f"{dead} were given up; see `tierzero outbox list`, then `tierzero outbox retry`."
    return Finding("outbox", not dead, problem if dead else "ok")


def _write_access(services: Services) -> str:
    folder = services.settings.data.expanduser()
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        return f"Nothing can be written to {folder} ({exc.strerror}). Check its owner and free space."
    return ""


def _database(services: Services) -> str:
    services.conversations.ping()
    return ""


def _tables(services: Services) -> str:
    lacking = list(differences(services.database))
    return (
        f"The database says that its tables are at {HEAD}, and lacks {_some(lacking)}. It was made by a version "
        "between two releases: start with a new data folder, or restore a backup."
        if lacking
        else ""
    )


def _model_files(services: Services) -> str:
    damaged = damaged_files(model_folder(services.settings))
    return f"Damaged or absent: {_some(damaged)}. Run `tierzero model build`." if damaged else ""


def _generation(services: Services) -> Generation | None:
    current = services.shelf.generation()
    return Generation(services.settings.index_root, current.name) if current else None


def _index(services: Services) -> str:
    current, generation = services.shelf.generation(), _generation(services)
    if current is None or generation is None:
        return (
            "There are articles but no index. Run `tierzero reindex`." if services.shelf.listing() else EMPTY
        )
    model = read_manifest(model_folder(services.settings))
    return refusal(
        generation.manifest, model=model.identity, dimension=model.dimension, corpus=current.corpus
    )


def _index_against_database(services: Services) -> str:
    generation = _generation(services)
    if generation is None:
        return ""
    published = {(key, one.revision) for key, one in services.shelf.published().items()}
    indexed = {(facts.key, facts.revision) for facts in generation.articles}
    if published != indexed:
        differing = sorted(str(key) for key, _ in published ^ indexed)
        return f"Articles in one but not the other: {_some(differing)}. Run `tierzero reindex`."
    if fingerprint(published) != generation.manifest.corpus:
        return "The index names another corpus than the database. Run `tierzero reindex`."
    stored = {encode_chunk(one) for one in services.shelf.chunks()}
    held = {encode_chunk(generation.chunk(position)) for position in range(len(generation.rows))}
    if stored != held or generation.lexical.documents != len(generation.rows):
        return (
            f"{len(stored)} chunks are stored, {len(held)} indexed, {generation.lexical.documents} in the word "
            f"index; {len(stored ^ held)} differ. Run `tierzero reindex`."
        )
    return ""


def _revisions(services: Services) -> str:
    wrong = [
        str(key)
        for key, one in services.shelf.published().items()
        if revision_of(services.shelf.source(key, one.revision) or "") != one.revision
    ]
    return (
        f"Texts that are not what their revision says: {_some(wrong)}. Ingest their files again."
        if wrong
        else ""
    )


def _orphans(services: Services) -> str:
    """Folders of the index that nothing needs. The next ingest removes them, so only what fills a disk is said."""
    root, generation = services.settings.index_root, _generation(services)
    if generation is None or not root.is_dir():
        return ""
    needed = {str(number) for number in generation.manifest.segments}
    left = [path for path in (root / "segments").iterdir() if path.name not in needed]
    used = sum(_size(root / "segments" / name) for name in needed)
    wasted = sum(map(_size, left))
    if wasted <= max(_WASTE_BYTES, used):
        return ""
    return f"{len(left)} unused index segments take {wasted / 1e6:.0f} MB. Run `tierzero reindex` to remove them."


def _attached(services: Services) -> str:
    """Files whose content is gone or damaged, and contents that belong to no file."""
    missing = [digest[:12] for digest in services.attachments.missing()]
    if missing:
        return (
            f"Content that is gone or damaged: {_some(missing)}. Restore these from a backup of "
            f"{services.settings.files_root}."
        )
    left = [digest[:12] for digest in services.attachments.orphans(older_than=_FORGOTTEN)]
    return (
        f"{len(left)} files belong to nothing: {_some(left)}. A running worker removes them." if left else ""
    )


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(names[:_LISTED]) + more
