"""Cases in, a folder in the BEIR layout that grows with each import; what somebody has written into it stays.

SOURCE.json          that the folder is one of these, its version and its language
corpus.jsonl         the articles as they are published now; written anew at every import
queries.jsonl        one case a line; a case that is there is never changed
qrels/test.tsv       which article each labelled case wants; lines are only added
conversations.jsonl  what was said before follow-ups
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluations.beir import CONVERSATIONS, CORPUS, JUDGEMENTS, QUERIES, Entry
from evaluations.cases import LoggedCase
from evaluations.errors import DatasetInvalid
from evaluations.jsonlines import rows

SOURCE = "SOURCE.json"
FORMAT, VERSION = "tierzero cases", 1
_HEADER = "query-id\tcorpus-id\tscore\n"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A case, and the article that should answer it."""

    case: LoggedCase
    article: str
    """Id of the wanted article; empty where a specialist has yet to say."""
    answers: tuple[str, ...]
    """Texts that answer it; may be empty."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to, as ids of cases."""

    added: tuple[str, ...]
    unlabelled: tuple[str, ...]
    """Those of the added that wait for a specialist."""
    known: tuple[str, ...]
    """Cases that the folder had already; they stay as they are."""
    other_language: tuple[str, ...]
    """Cases that were passed over, since a folder has one language."""


def language_of(folder: Path) -> str:
    """The language of the cases in a folder; empty for a folder that is yet to be made.

    Raises `DatasetInvalid` for a folder that holds something else: nothing of others is written over.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return ""
    try:
        source = json.loads((folder / SOURCE).read_text(encoding="utf-8"))
        fits = source["format"] == FORMAT and isinstance(source["locale"], str)
    except (OSError, ValueError, KeyError, TypeError):
        fits = False
    if not fits:
        raise DatasetInvalid(f"{folder} was not made by `tierzero eval import`; name a new folder with --to.")
    if source["version"] != VERSION:
        raise DatasetInvalid(
            f"{folder} has version {source['version']!r} of the format and this program writes {VERSION}; "
            "name a new folder with --to."
        )
    return str(source["locale"])


def add(
    folder: Path, cases: Sequence[Labelled], corpus: Sequence[Entry], locale: str, at: dt.datetime
) -> Imported:
    """Adds cases of one language to a folder, which is made where it is not there.

    Raises `DatasetInvalid` for a folder of something else or of another language.
    """
    language = language_of(folder)
    if language and language != locale:
        raise DatasetInvalid(f"{folder} has cases in {language}; name another folder for {locale}.")
    known = (
        {str(row.get("_id")) for _, row in rows(folder / QUERIES)} if (folder / QUERIES).exists() else set()
    )
    fitting = {one.case.id: one for one in cases if one.case.locale == locale}
    added = [one for one in fitting.values() if one.case.id not in known]
    if not language:
        _start(folder, locale)
    _replace(folder / CORPUS, [{"_id": one.id, "title": one.title, "text": one.text} for one in corpus])
    # The queries last: a case counts as imported when its line is there, and all else about it is there by then.
    _append(folder / CONVERSATIONS, [_conversation(one.case) for one in added if one.case.earlier])
    with (folder / JUDGEMENTS).open("a", encoding="utf-8") as file:
        file.writelines(f"{one.case.id}\t{one.article}\t1\n" for one in added if one.article)
    _append(folder / QUERIES, [_query(one, at) for one in added])
    return Imported(
        added=tuple(one.case.id for one in added),
        unlabelled=tuple(one.case.id for one in added if not one.article),
        known=tuple(one for one in fitting if one in known),
        other_language=tuple(one.case.id for one in cases if one.case.locale != locale),
    )


def _start(folder: Path, locale: str) -> None:
    (folder / JUDGEMENTS).parent.mkdir(parents=True, exist_ok=True)
    (folder / JUDGEMENTS).write_text(_HEADER, encoding="utf-8")
    (folder / QUERIES).touch()
    source = {
        "format": FORMAT,
        "version": VERSION,
        "locale": locale,
        "from": "logged conversations, personal data masked",
    }
    (folder / SOURCE).write_text(json.dumps(source, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _query(one: Labelled, at: dt.datetime) -> dict[str, Any]:
    case, cited = one.case, one.case.cited
    row: dict[str, Any] = {
        "_id": case.id,
        "text": case.text,
        "labelled": bool(one.article),
        "kind": case.kind.value,
        "reason": case.reason.value,
        "given": case.given,
        "cited": cited.article_id if cited else "",
        "cited_locale": cited.locale if cited else "",
        "cited_revision": cited.revision if cited else "",
        "confidence": round(case.confidence, 4),
        "feedback": case.feedback,
        "comment": case.comment,
        "conversation": case.conversation,
        "date": case.date,
        "imported": at.date().isoformat(),
        "masked": list(case.masked),
    }
    return row | ({"answers": list(one.answers)} if one.answers else {})


def _conversation(case: LoggedCase) -> dict[str, Any]:
    turns = [{"role": said.role, "text": said.text} for said in case.earlier]
    return {"_id": case.id, "turns": [*turns, {"role": "user", "text": case.text}]}


def _lines(values: Sequence[dict[str, Any]]) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def _append(path: Path, values: Sequence[dict[str, Any]]) -> None:
    if values:
        with path.open("a", encoding="utf-8") as file:
            file.write(_lines(values))


def _replace(path: Path, values: Sequence[dict[str, Any]]) -> None:
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(_lines(values), encoding="utf-8")
    aside.replace(path)
