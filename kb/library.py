"""Source files and what is known of them in, a plan of what to publish and withdraw out; decides, stores nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kb.article import Article, ArticleKey
from kb.errors import ArticleRejected
from kb.markdown import parse
from kb.sources.folder import SourceFile, Unreadable

_STILL_ANSWERS = " The last good version goes on answering until the file is mended, made a draft or deleted."


@dataclass(frozen=True, slots=True)
class Known:
    """A file as the last ingest left it, or as this one will."""

    path: str
    digest: str
    """SHA-256 of the bytes, hex; empty when they could not be read."""
    key: ArticleKey | None
    """The article that answers because of this file; None for a draft or a file that never gave one."""
    reason: str
    """Why it is quarantined, or empty. With a key beside it, the last good revision goes on answering."""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """One file after reading: an article, a draft, unchanged, or a reason against it."""

    path: str
    digest: str
    article: Article | None
    """Parsed now, drafts included; None for a file that is unchanged or quarantined."""
    unchanged: bool
    reason: str
    folder: bool = False
    """A folder that cannot be entered; what is known below it is left alone."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file that cannot be published as it is, and why, in words for its writer."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an ingest did, or with `--dry-run` would do."""

    added: tuple[ArticleKey, ...]
    changed: tuple[ArticleKey, ...]
    removed: tuple[ArticleKey, ...]
    unchanged: tuple[ArticleKey, ...]
    quarantined: tuple[Quarantined, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to store so that the library is as the source is."""

    files: tuple[Known, ...]
    """Every file of the source as it is to be remembered; replaces all that was known."""
    articles: tuple[Article, ...]
    """Articles to publish: added and changed ones, and with `reread` unchanged ones too. Never a draft."""
    receipt: Receipt


def read(
    files: Iterable[SourceFile | Unreadable],
    known: Mapping[str, Known],
    *,
    default_locale: str,
    locales: frozenset[str],
    reread: bool = False,
) -> Iterator[ReadFile]:
    """Parses the files that changed since `known` (by path); one that cannot be read does not stop the others.

    `reread` parses all of them, for when the parser, the chunker or the locales are not those of the last ingest.
    """
    for file in files:
        if isinstance(file, Unreadable):
            yield ReadFile(file.path, "", None, False, file.reason, file.folder)
            continue
        before = known.get(file.path)
        # A quarantined file is parsed again: what stood against it may have been another file.
        if before and before.digest == file.digest and not before.reason and not reread:
            yield ReadFile(file.path, file.digest, None, True, "")
            continue
        try:
            article = parse(_decode(file.content), file.path, default_locale=default_locale, locales=locales)
        except ArticleRejected as rejected:
            yield ReadFile(file.path, file.digest, None, False, str(rejected))
        else:
            yield ReadFile(file.path, file.digest, article, False, "")


def _decode(content: bytes) -> str:
    if (at := content.find(b"\0")) >= 0:
        # Databases cannot hold it, and text has none: this is another kind of file, or another encoding.
        line = content.count(b"\n", 0, at) + 1
        raise ArticleRejected(
            f"The file is not text (line {line} has a NUL); save it with the encoding UTF-8."
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = content.count(b"\n", 0, exc.start) + 1
        raise ArticleRejected(
            f"The file is not UTF-8 (line {line}); save it with the encoding UTF-8."
        ) from exc


def plan(files: Sequence[ReadFile], known: Mapping[str, Known]) -> Plan:
    """Compares what was read with what was known.

    The same id and locale in two files: the one that already publishes it keeps it, else the first path in order;
    the other is quarantined. A broken file whose article was published goes on answering with its last good revision.
    """
    present = sorted((file for file in files if not file.folder), key=lambda file: file.path)
    owners = _owners(present, known)
    states = [_state(file, known.get(file.path), owners) for file in present]
    states += _behind_closed_folders(files, known, owners)
    articles = tuple(
        file.article
        for file, state in zip(present, states, strict=False)
        if file.article and state.key == file.article.key and not state.reason
    )
    folders = [Quarantined(file.path, file.reason) for file in files if file.folder]
    quarantined = [Quarantined(state.path, state.reason) for state in states if state.reason]
    return Plan(
        tuple(states), articles, _receipt(states, known, tuple(sorted(folders + quarantined, key=_path)))
    )


def _path(quarantined: Quarantined) -> str:
    return quarantined.path


def _owners(files: Sequence[ReadFile], known: Mapping[str, Known]) -> dict[ArticleKey, str]:
    """Which path publishes each key: files that give the article now, before those that only keep an old one."""
    owners: dict[ArticleKey, str] = {}
    wishes = [(file.path, key) for file in files if (key := _wish(file, known.get(file.path)))]
    for path, key in wishes:
        if (before := known.get(path)) and before.key == key and not before.reason:
            owners.setdefault(key, path)
    for path, key in wishes:
        owners.setdefault(key, path)
    for file in files:
        before = known.get(file.path)
        if file.reason and before and before.key:
            owners.setdefault(before.key, file.path)
    return owners


def _wish(file: ReadFile, before: Known | None) -> ArticleKey | None:
    """The key that a file would publish."""
    if file.unchanged:
        return before.key if before else None
    return file.article.key if file.article and not file.article.draft else None


def _state(file: ReadFile, before: Known | None, owners: Mapping[ArticleKey, str]) -> Known:
    key = _wish(file, before)
    reason = file.reason
    if key and owners[key] != file.path:
        reason = (
            f"The file {owners[key]} already is the article “{key.id}” in {key.locale}; "
            "give one of the two another id, or delete it."
        )
        key = None
    if reason and before and before.key and owners.get(before.key) == file.path:
        return Known(file.path, file.digest, before.key, reason + _STILL_ANSWERS)
    return Known(file.path, file.digest, key, reason)


def _behind_closed_folders(
    files: Iterable[ReadFile], known: Mapping[str, Known], owners: Mapping[ArticleKey, str]
) -> list[Known]:
    """Files below a folder that cannot be entered now: they may well still be there, so nothing is withdrawn."""
    closed = tuple(f"{file.path}/" for file in files if file.folder)
    if not closed:
        return []
    behind = [state for path, state in sorted(known.items()) if path.startswith(closed)]
    return [replace(state, key=None) if state.key in owners else state for state in behind]


def _receipt(
    states: Sequence[Known], known: Mapping[str, Known], quarantined: tuple[Quarantined, ...]
) -> Receipt:
    before = {state.key: state for state in known.values() if state.key}
    now = {state.key: state for state in states if state.key}
    same = {
        key
        for key, state in now.items()
        if key in before
        and (state.reason or (state.path, state.digest) == (before[key].path, before[key].digest))
    }
    return Receipt(
        added=tuple(sorted(key for key in now if key not in before)),
        changed=tuple(sorted(key for key in now if key in before and key not in same)),
        removed=tuple(sorted(key for key in before if key not in now)),
        unchanged=tuple(sorted(same)),
        quarantined=quarantined,
    )
