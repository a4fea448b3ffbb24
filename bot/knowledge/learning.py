"""Outcomes in, learned questions served: what customers confirmed and agents linked helps the next customer.

The database is the truth; every server follows it within a second. Vectors are derived and made where they are missing.
"""

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from bot.dialogue.conversation import Conversation, Message, Role
from bot.dialogue.learned import Event, LearnedQuestion, Pair, What, votes
from bot.dialogue.parts import PARTS
from bot.dialogue.reply import Citation, ReplyKind
from bot.errors import BadRequest, NotFound, NotReady, TooLarge
from bot.knowledge.once import OncePerGeneration
from bot.knowledge.provenance import Entry, Taught, entry, taught
from bot.knowledge.served import EMPTY, Knowledge
from bot.ports import Conversations, LearnedStore
from index.encoder import Encoder
from index.learned import Learned, Lesson, Remembered, Sections, Vote
from kb.article import ArticleKey

#: Characters of a question that an agent may link; more is a document and not a question.
LONGEST_QUESTION: Final = 4000
#: Questions encoded at once where vectors are missing.
_BATCH: Final = 32
#: Half precision: what is searched keeps no more.
_STORED: Final = np.dtype("<f2")

#: Whether a message leans on the conversation before it: message, what was said before, language.
Leans = Callable[[str, tuple[Message, ...], str], bool]


class Learning:
    """Learns from outcomes, and keeps what the search knows of them up to date. Safe for several threads."""

    def __init__(
        self,
        store: LearnedStore,
        conversations: Conversations,
        knowledge: Knowledge,
        encoder: Encoder,
        *,
        leans: Leans,
        redact: Callable[[str], str],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._knowledge = knowledge
        self._encoder = encoder
        self._leans = leans
        self._redact = redact
        self._now = now
        self._refreshing = threading.Lock()
        self._sections = OncePerGeneration(Sections)
        self._lessons: tuple[Lesson, ...] = ()
        self._version = 0

    def heard(self, message_id: str, helpful: bool) -> int | None:
        """A customer said whether a bot message helped; returns the id of what was learned, if anything was.

        Only an answer to a question that says itself what it is about teaches something: the words of a follow-up
        or of a chosen title mean little elsewhere.
        """
        conversation_id = self._store.conversation_of(message_id)
        conversation = self._conversations.get(conversation_id) if conversation_id else None
        answered = self._answered(conversation, message_id) if conversation else None
        if conversation is None or answered is None:
            return None
        text, citation = answered
        what = What.CUSTOMER_CONFIRMED if helpful else What.CUSTOMER_REJECTED
        event = Event(what, f"conversation:{conversation.id}", message_id, self._now())
        return self._store.learn(self._pair(text, citation), event)

    def link(
        self,
        question: str,
        key: ArticleKey,
        who: str,
        anchor: str | None = None,
        what: What = What.AGENT_LINKED,
    ) -> int:
        """An agent says which article, or which section of it, answers a question; returns the id of the pair.

        With another `what` they say that it helped in part, or that it does not fit: their last word counts.
        Raises `BadRequest` without a question, `TooLarge` for one that is none, `NotFound` where the article or
        the section is not indexed, and `NotReady` where nothing is.
        """
        text = self._redact(question).strip()
        if not text:
            raise BadRequest("The question is empty.")
        if len(text) > LONGEST_QUESTION:
            raise TooLarge(f"A question may have at most {LONGEST_QUESTION} characters.")
        sections = self._current()
        revision, digest = sections.revision(key), sections.digest(key, anchor)
        if revision is None or not digest:
            section = f" with the section #{anchor}" if anchor else ""
            raise NotFound(f"There is no article {key}{section} in the index.")
        event = Event(what, f"agent:{who}", "", self._now())
        return self._store.learn(Pair(text, key, revision, anchor, digest), event)

    def forget(self, question_id: int, who: str) -> None:
        """Takes back a learned question; raises `NotFound`. It stays listed, and an agent's link brings it back."""
        self._forget([one.id for one in self._store.questions() if one.id == question_id], who)

    def forget_article(self, article_id: str, who: str) -> int:
        """Takes back all that leads to an article, in every language; returns how many. Raises `NotFound`."""
        ids = [
            one.id for one in self._store.questions() if one.pair.key.id == article_id and votes(one.events)
        ]
        self._forget(ids, who)
        return len(ids)

    def _forget(self, ids: Sequence[int], who: str) -> None:
        if not ids:
            raise NotFound("Nothing like that was learned. `tierzero learned list` shows what was.")
        self._store.add(ids, Event(What.FORGOTTEN, f"agent:{who}", "", self._now()))

    def erase(self, conversation_id: str) -> int:
        """Removes for good what was learned from one conversation alone; returns the number of questions."""
        return self._store.erase(f"conversation:{conversation_id}")

    def listing(self) -> tuple[Entry, ...]:
        """Everything learned, oldest first; raises `NotReady` where there is no index to compare it with."""
        sections = self._current()
        return tuple(entry(question, sections) for question in self._store.questions())

    def taught(self, remembered: Sequence[Remembered]) -> tuple[Taught, ...]:
        """Where what the search remembered comes from, nearest first."""
        return taught(remembered, self._store.questions() if remembered else ())

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        """What counts for or against articles, as of the last look; the same object as long as nothing changes."""
        return self._lessons

    def refresh(self) -> bool:
        """Brings what is searched up to the database and the index that is served; says whether it changed."""
        with self._refreshing:
            generation = self._knowledge.generation
            if generation is None:
                return False
            version = self._store.version()
            searcher = self._knowledge.searcher if len(generation.rows) else None
            if searcher is None or not version:
                return False
            served = searcher.learned.generation if searcher.learned else ""
            if version == self._version and served == generation.manifest.name:
                return False
            if version != self._version:
                self._lessons = self._load()
            searcher.learned = Learned(self._sections.of(generation), self._lessons)
            self._version = version
            return True

    def _load(self) -> tuple[Lesson, ...]:
        """All that counts for or against an article, with its vector."""
        said = [(one, votes(one.events)) for one in self._store.questions()]
        counted = [(one, given) for one, given in said if given]
        vectors = self._vectors([one for one, _ in counted])
        return tuple(
            Lesson(
                one.id,
                one.pair.key,
                one.pair.revision,
                one.pair.anchor,
                one.pair.digest,
                vectors[one.id],
                tuple(Vote(source, worth) for source, worth in given.items()),
            )
            for one, given in counted
        )

    def _vectors(self, questions: Sequence[LearnedQuestion]) -> dict[int, np.ndarray]:
        model = self._encoder.identity
        stored = dict(self._store.vectors(model))
        missing = [one for one in questions if one.id not in stored]
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            encoded = self._encoder.encode([one.pair.text for one in batch])
            made = {
                one.id: result.vector.astype(_STORED).tobytes()
                for one, result in zip(batch, encoded, strict=True)
            }
            self._store.keep_vectors(model, made)
            stored |= made
        return {one.id: np.frombuffer(stored[one.id], dtype=_STORED).astype(np.float32) for one in questions}

    def _current(self) -> Sections:
        generation = self._knowledge.generation
        if generation is None:
            raise NotReady(self._knowledge.problem or EMPTY)
        return self._sections.of(generation)

    def _answered(self, conversation: Conversation, message_id: str) -> tuple[str, Citation] | None:
        """The question that a bot message answered and what it quoted first; None where it teaches nothing."""
        for place, (asked, given) in enumerate(itertools.pairwise(conversation.messages)):
            if given.id != message_id or given.reply is None or asked.role is not Role.CUSTOMER:
                continue
            before, reply = conversation.messages[:place], given.reply
            if reply.kind is not ReplyKind.ANSWER or not reply.citations or _is_choice(asked.text, before):
                return None
            # Which of several answers helped is not said.
            if reply.rule == PARTS or self._leans(asked.text, before, reply.language):
                return None
            return asked.text, reply.citations[0]
        return None

    def _pair(self, text: str, citation: Citation) -> Pair:
        """Bound to the quoted section; to the very revision where that is not the indexed one any more."""
        key = ArticleKey(citation.article_id, citation.locale)
        generation = self._knowledge.generation
        if generation is None:
            return Pair(text, key, citation.revision, None, "")
        sections = self._sections.of(generation)
        anchor = sections.anchor_at(key, citation.revision, citation.start)
        digest = "" if anchor is None else sections.digest(key, anchor)
        return Pair(text, key, citation.revision, anchor, digest)


def _is_choice(text: str, before: Sequence[Message]) -> bool:
    """Whether the customer chose one of the titles just offered."""
    reply = before[-1].reply if before else None
    wanted = " ".join(text.split()).casefold()
    return reply is not None and wanted in {" ".join(one.split()).casefold() for one in reply.choices}
