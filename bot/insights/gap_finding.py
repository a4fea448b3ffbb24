"""The flow that finds gaps: failed questions -> groups -> who is who -> asked again -> what to write -> kept."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from bot.answering.answering import Answering
from bot.desk.suggested import Outcome, Verdict
from bot.dialogue.conversation import Conversation, State
from bot.dialogue.reply import Reply, ReplyKind
from bot.gaps.clustering import Floats, cluster, typical
from bot.gaps.cure import MOST_NEAREST, Advice, Evidence, Near, Probe, advise
from bot.gaps.gap import ASKED_AGAIN, VERIFIED_SHARE, Asked, Event, Gap, Now, advanced
from bot.gaps.gap import State as GapState
from bot.gaps.identity import Grouped, Known, identify
from bot.gaps.ports import Change, GapStore
from bot.gaps.unanswered import Place, Trouble, Unanswered, unanswered
from bot.ports import Conversations, Shelf
from kb.article import ArticleKey

#: Questions of a gap that are asked again, the most typical first.
MOST_ASKED: Final = 50
#: Questions of a gap that its cure is judged by.
MOST_PROBED: Final = 8
#: A matter that only one conversation had is no gap yet.
FEWEST: Final = 2
WHO: Final = "tierzero"

Progress = Callable[[str, int, int], None]


class Vectors(Protocol):
    """A model."""

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, shape (texts, dimension)."""


class Outcomes(Protocol):
    """What agents made of suggestions."""

    def all(self) -> Sequence[Outcome]:
        """Every verdict, oldest first."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one run brought."""

    gaps: tuple[Gap, ...]
    questions: int
    """Failed questions that were looked at."""
    alone: int
    """Of them, those that nobody else asked."""
    changes: tuple[Change, ...]


class GapFinding:
    """Finds gaps. Stores no turn: questions are asked through the answering flow, which only reads."""

    def __init__(
        self,
        store: GapStore,
        conversations: Conversations,
        outcomes: Outcomes,
        shelf: Shelf,
        encoder: Vectors,
        answering: Answering,
        *,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._store = store
        self._conversations = conversations
        self._outcomes = outcomes
        self._shelf = shelf
        self._encoder = encoder
        self._answering = answering
        self._now = now
        self._new_id = new_id

    def find(self, days: int, progress: Progress = lambda stage, done, total: None) -> Found:
        """Looks at the questions of the last `days` days, and keeps what it finds."""
        questions = self._questions(self._now() - dt.timedelta(days=days), progress)
        known = {gap.id: gap for gap in self._store.gaps()}
        named = {one.place: one for one in questions}
        vectors = self._vectors(questions)
        row_of = {one.place: row for row, one in enumerate(questions)}
        groups = identify(
            _groups(questions, vectors),
            [
                Known(gap.id, frozenset(one.place for one in gap.questions), gap.state is not GapState.OPEN)
                for gap in known.values()
            ],
        )
        kept = [group for group in groups if group.id in known or _conversations_of(group) >= FEWEST]
        # An open gap that has become one question of one conversation is none any more.
        kept = [
            group for group in kept if _conversations_of(group) >= FEWEST or _in_work(known.get(group.id))
        ]
        linked = self._linked()
        corpus = generation.corpus if (generation := self._shelf.generation()) else ""
        gaps, changes = [], []
        for done, group in enumerate(kept):
            progress("asking again", done, len(kept))
            order = typical(vectors, [row_of[place] for place in group.members])
            own = [named[questions[row].place] for row in order]
            gap = self._gap(group, own, known.get(group.id), linked, corpus)
            gaps.append(gap)
            changes += self._changes(gap, known.get(group.id))
        self._store.keep(gaps, changes)
        shown = {place for group in kept for place in group.members}
        return Found(tuple(self._store.gaps()), len(questions), len(questions) - len(shown), tuple(changes))

    def _questions(self, start: dt.datetime, progress: Progress) -> list[Unanswered]:
        found: list[Unanswered] = []
        troubled = self._store.troubled(start)
        for done, conversation_id in enumerate(troubled):
            progress("reading", done, len(troubled))
            conversation = self._conversations.get(conversation_id)
            if conversation is not None:
                found += unanswered(conversation, self._store.told(conversation_id), self._now())
        return [one for one in found if one.text.strip()]

    def _vectors(self, questions: Sequence[Unanswered]) -> Floats:
        if not questions:
            return np.zeros((0, 1), dtype=np.float32)
        return self._encoder.vectors([one.text for one in questions])

    def _linked(self) -> dict[str, ArticleKey]:
        """For each ticket the article that an agent said settles it."""
        return {
            one.ticket: one.article
            for one in self._outcomes.all()
            if one.ticket and one.verdict is not Verdict.REJECTED
        }

    def _gap(
        self,
        group: Grouped,
        own: Sequence[Unanswered],
        before: Gap | None,
        linked: dict[str, ArticleKey],
        corpus: str,
    ) -> Gap:
        known = {one.place: one for one in before.questions} if before else {}
        same = before is not None and before.corpus == corpus
        asked = [
            self._asked(one, known.get(one.place) if same else None, place < MOST_ASKED)
            for place, one in enumerate(own)
        ]
        asked_before = same and before is not None and before.advice is not None
        unchanged = asked_before and known.keys() == {one.place for one in own}
        # Once it is answered, a look at what is found says nothing of what was missing.
        settled = sum(one.now is Now.ANSWERED for one in asked) >= VERIFIED_SHARE * len(asked)
        kept = before is not None and before.advice is not None and (unchanged or settled)
        advice = before.advice if before and kept else self._advice(own, linked)
        return Gap(
            id=group.id or self._new_id(),
            language=own[0].language,
            state=before.state if before else GapState.OPEN,
            assignee=before.assignee if before else "",
            opened_at=before.opened_at if before else min(one.at for one in own),
            questions=tuple(asked),
            advice=advice,
            corpus=corpus,
        )

    def _asked(self, one: Unanswered, before: Asked | None, ask: bool) -> Asked:
        """A question, asked again where it was not asked of this very knowledge base before."""
        fresh = Asked(one.place, one.at, one.trouble, one.ticket, one.minutes)
        if before is not None and before.now is not Now.UNKNOWN:
            return replace(fresh, now=before.now, by=before.by, newer=before.newer)
        return self._again(one, fresh) if ask else fresh

    def _again(self, one: Unanswered, fresh: Asked) -> Asked:
        reply = self._answering.answer(
            one.text, locale=one.language, conversation=self._up_to(one.place)
        ).reply
        if reply.kind is ReplyKind.CLARIFY:
            return replace(fresh, now=Now.ASKED_BACK)
        if reply.kind is not ReplyKind.ANSWER or not reply.citations:
            return replace(fresh, now=Now.HANDED_OFF)
        cited = reply.citations[0]
        key = ArticleKey(cited.article_id, cited.locale)
        if any(_same(shown, reply) for shown in one.shown[:1]):
            return replace(fresh, now=Now.SAME, by=key)
        record = self._shelf.record(key, cited.revision)
        newer = record is not None and record.first_published_at > one.at
        return replace(fresh, now=Now.ANSWERED, by=key, newer=newer)

    def _up_to(self, place: Place) -> Conversation | None:
        """The conversation as it stood when the question was asked; None at its start."""
        conversation = self._conversations.get(place.conversation_id)
        if conversation is None or place.seq == 0:
            return None
        before = conversation.messages[: place.seq]
        reply = before[-1].reply
        asked_back = reply is not None and reply.kind is ReplyKind.CLARIFY and bool(reply.choices)
        state = State.AWAITING_CHOICE if asked_back else State.ANSWERING
        return replace(conversation, messages=before, state=state, ticket="", contact="")

    def _advice(self, own: Sequence[Unanswered], linked: dict[str, ArticleKey]) -> Advice:
        probes = []
        for one in own[:MOST_PROBED]:
            judged = self._answering.judge(
                one.text, self._answering.known_locale(one.language) or one.language
            )
            nearest: dict[ArticleKey, Near] = {}
            for hit in judged.found.hits:
                key = hit.chunk.key
                if key in judged.published:
                    nearest.setdefault(key, Near(key, hit.chunk.title, hit.scores.dense))
            probes.append(Probe(tuple(nearest.values())[:MOST_NEAREST]))
        shown = [
            ArticleKey(one.shown[0].article_id, one.shown[0].locale)
            for one in own
            if one.trouble is Trouble.NOT_HELPFUL and one.shown
        ]
        settled = [(linked.get(one.ticket) if one.ticket else None) or one.later for one in own]
        helped = [key for key in settled if key is not None]
        return advise(Evidence(len(own), tuple(probes), tuple(shown), tuple(helped)))

    def _changes(self, gap: Gap, before: Gap | None) -> list[Change]:
        """What this run has to say of a gap."""
        now, found = self._now(), []
        if before is None:
            found.append(
                Change(gap.id, Event(now, WHO, GapState.OPEN.value, f"{len(gap.questions)} questions"))
            )
        elif before.state is GapState.VERIFIED:
            since = max(
                (e.at for e in self._store.events(gap.id) if e.what == GapState.VERIFIED), default=now
            )
            again = sum(one.at > since and one.now is not Now.ANSWERED for one in gap.questions)
            if again >= ASKED_AGAIN:
                detail = f"{again} more questions were not answered since"
                return [Change(gap.id, Event(now, WHO, GapState.OPEN.value, detail))]
        state, why = advanced(gap)
        if state is not gap.state:
            found.append(Change(gap.id, Event(now, WHO, state.value, why)))
        return found


def _groups(questions: Sequence[Unanswered], vectors: Floats) -> list[list[Place]]:
    """Within each language: the default model puts languages apart, not matters across them."""
    found = []
    for language in sorted({one.language for one in questions}):
        rows = [row for row, one in enumerate(questions) if one.language == language]
        found += [[questions[rows[at]].place for at in group] for group in cluster(vectors[rows])]
    return found


def _conversations_of(group: Grouped) -> int:
    return len({place.conversation_id for place in group.members})


def _in_work(gap: Gap | None) -> bool:
    return gap is not None and gap.state is not GapState.OPEN


def _same(shown: object, reply: Reply) -> bool:
    """The very words that did not help: the same span of the same revision."""
    return bool(reply.citations) and shown == reply.citations[0]
