"""Services and what to import in, a folder of cases out: reads conversations and articles, writes the folder."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.composition import Services
from bot.dialogue.context import Context
from bot.errors import NotFound
from evaluations import case_folder
from evaluations.beir import Entry
from evaluations.case_folder import Imported, Labelled
from evaluations.cases import LoggedCase, LoggedTurn, case_of, turns_of
from evaluations.errors import EvaluationError
from kb.article import ArticleKey, Audience
from kb.markdown.frontmatter import body_start


@dataclass(frozen=True, slots=True)
class Selection:
    """Which turns to import; exactly one of the first three is given."""

    message_id: str = ""
    conversation_id: str = ""
    helpful: bool | None = None
    """Turns whose newest judgement is this."""
    since: dt.datetime | None = None
    """Only judgements given since then (aware)."""


@dataclass(frozen=True, slots=True)
class _Shelf:
    """What a customer who reads one language can be shown: the article in it, else in the default language."""

    entries: tuple[Entry, ...]
    revisions: dict[ArticleKey, str]

    def has(self, article_id: str) -> bool:
        return any(entry.id == article_id for entry in self.entries)


def import_cases(
    services: Services, selection: Selection, folder: Path, *, article: str = "", locale: str = ""
) -> Imported:
    """Makes cases of the selected turns and adds them to the folder.

    `article` is the id of the article that answers them all; without it the article that a customer confirmed is.
    `locale` is the language of a new folder; by default that of the first turn. Raises `bot.errors.NotFound` for an
    unknown message, conversation or article, `EvaluationError` where nothing fits, `DatasetInvalid` for the folder.
    """
    known_language = case_folder.language_of(folder)
    turns = selected(services, selection)
    context = Context.load()
    cases = [case_of(turn, services.redactor, context) for turn in turns]
    language = known_language or locale or cases[0].locale
    shelf = _shelf(services, language)
    if article and not shelf.has(article):
        raise NotFound(f"There is no public article {article} in {language}. `tierzero search` shows ids.")
    labelled = [_labelled(one, shelf, article) for one in cases]
    return case_folder.add(folder, labelled, shelf.entries, language, services.chance.now())


def selected(services: Services, selection: Selection) -> Sequence[LoggedTurn]:
    """The selected turns, oldest judgement or message first; raises where there is none."""
    if selection.helpful is not None:
        judged = services.turns.judged(selection.helpful, selection.since)
        found = [turn for one in judged for turn in _turns(services, one.conversation_id, one.message_id)]
        if not found:
            word = "helpful" if selection.helpful else "not helpful"
            raise EvaluationError(
                f"No answer was judged {word}{' since then' if selection.since else ''} yet."
            )
        return found
    conversation_id = selection.conversation_id or services.turns.conversation_of(selection.message_id)
    if not conversation_id:
        raise NotFound("No message has this id. The id of an answer is the message_id of the chat's reply.")
    turns = _turns(services, conversation_id, selection.message_id)
    if not turns:
        what = (
            "This message has no answer of the bot"
            if selection.message_id
            else "Nothing was asked in this conversation"
        )
        raise EvaluationError(f"{what}, so it makes no case.")
    return turns


def _turns(services: Services, conversation_id: str, message_id: str) -> Sequence[LoggedTurn]:
    conversation = services.conversations.get(conversation_id)
    if conversation is None:
        raise NotFound(f"There is no conversation {conversation_id}.")
    return turns_of(conversation, services.turns.feedback(conversation_id), message_id)


def _shelf(services: Services, locale: str) -> _Shelf:
    published = services.shelf.published()
    default = services.settings.default_locale
    chosen: dict[str, ArticleKey] = {}
    for key, one in published.items():
        if one.audience is Audience.PUBLIC and (
            key.locale == locale or (key.locale == default and key.id not in chosen)
        ):
            chosen[key.id] = key
    entries = []
    for article_id, key in sorted(chosen.items()):
        source = services.shelf.source(key, published[key].revision)
        if source is not None:
            entries.append(Entry(article_id, published[key].title, source[body_start(source) :]))
    return _Shelf(tuple(entries), {key: one.revision for key, one in published.items()})


def _labelled(case: LoggedCase, shelf: _Shelf, article: str) -> Labelled:
    if article:
        return Labelled(case, article, ())
    cited = case.cited
    if not case.confirmed or cited is None or not shelf.has(cited.article_id):
        return Labelled(case, "", ())
    # The confirmed words answer it only as long as the article still has them.
    current = shelf.revisions.get(ArticleKey(cited.article_id, cited.locale)) == cited.revision
    return Labelled(case, cited.article_id, (cited.text,) if current else ())
