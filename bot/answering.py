"""The answering flow without a conversation's storage: a message and what was said before in, a reply out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.dialogue import confidence, quoting
from bot.dialogue.choices import undecided
from bot.dialogue.confidence import ConfidenceModel, Signals
from bot.dialogue.context import Context
from bot.dialogue.conversation import Conversation, Role, State
from bot.dialogue.decide import Decision, Evidence, Turn, after_search, asked_back, before_search
from bot.dialogue.language import SURE, LanguageDetector
from bot.dialogue.procedure import Procedure
from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind
from bot.dialogue.smalltalk import Said, SmallTalk
from bot.dialogue.triggers import Fired, Handlings, Triggers
from bot.dialogue.underspecified import Underspecified
from bot.dialogue.wording import Wording
from bot.knowledge import Knowledge
from bot.ports import Published
from bot.quotes import Place, Verifier
from index.generation import ArticleFacts
from index.hit import Filters, Hit
from index.searcher import Found, Passage, Question
from kb.article import ArticleKey, Audience

#: Passages ranked for one answer: enough for margins over the next articles, few enough to stay quick.
HITS = 20
#: Citations of one answer, the quoted one included.
MOST_CITATIONS = 3
#: Passages that a ticket shows as considered.
MOST_CONSIDERED = 3
#: Sections of the best article that a quote is looked for in.
MOST_SECTIONS = 5
#: Choices of one question back.
MOST_CHOICES = 3
#: Earlier messages that a follow-up is searched with.
MOST_CONTEXT = 2
#: Another article is offered as a choice, or cited too, when its ranking score is at least this share of the
#: best one's. Scores keep their magnitude, so a share means the same for every question.
NEAR = 0.9
#: The same for an article whose title differs from the best one's in an unsaid name: the customer may well mean
#: that one, and only they know.
RIVAL = 0.8


@dataclass(frozen=True, slots=True)
class Judged:
    """What a search brought: the best quote with its probability, and what else was looked at."""

    found: Found
    citations: tuple[Citation, ...]
    """Checked; the first is the answer. Empty where nothing could be quoted."""
    probability: float
    signals: Signals | None
    choices: tuple[str, ...]
    """Titles of the articles that fit about equally, the quoted one first; empty where it stands alone."""
    undecided: bool
    """The choices differ in a name that the customer did not say."""
    locale: str
    published: Mapping[ArticleKey, Published]
    """Those of the found articles that may answer, as looked up for this search."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply with what a ticket needs if it is a hand-off."""

    reply: Reply
    considered: tuple[Citation, ...]
    priority: str
    """For a hand-off; empty otherwise."""
    queue: str
    sentence: str
    """Key of what the customer is told at a hand-off; empty otherwise."""


@dataclass(frozen=True, slots=True)
class Dialogue:
    """The pure parts that an answer is decided with."""

    detector: LanguageDetector
    triggers: Triggers
    handlings: Handlings
    small_talk: SmallTalk
    underspecified: Underspecified
    context: Context
    procedure: Procedure
    wording: Wording
    confidence: ConfidenceModel


class Answering:
    """Decides a reply. Reads the index and the database, writes nothing."""

    def __init__(
        self,
        knowledge: Knowledge,
        verifier: Verifier,
        dialogue: Dialogue,
        *,
        locales: Sequence[str],
        default_locale: str,
    ) -> None:
        self._knowledge = knowledge
        self._verifier = verifier
        self._dialogue = dialogue
        self._locales = tuple(locales)
        self._default_locale = default_locale

    def answer(self, text: str, *, locale: str = "", conversation: Conversation | None = None) -> Answered:
        """The reply to a message; raises `NotReady` where there is no index to search."""
        prior = (conversation.language if conversation else "") or self.known_locale(locale)
        heard = self._dialogue.detector.detect(
            text, supported=self._locales, prior=prior, default=self._default_locale
        )
        detected = heard.language
        supported = detected in self._locales
        language = detected if supported else (prior or self._default_locale)
        # Where the language is not sure, the rules of all languages are tried: an incident must not be missed.
        fired = self._dialogue.triggers.match(text, language if heard.certainty >= SURE else "")
        said = self._dialogue.small_talk.classify(text, language)
        turn = self._turn(text, language, supported, conversation, fired, said)
        decision = before_search(turn)
        if decision is not None:
            return self._without_search(decision, fired, said, language if supported else detected)
        judged = self._judge(text, language, conversation, turn.chosen)
        model = self._dialogue.confidence
        evidence = Evidence(
            probability=judged.probability,
            threshold=model.threshold,
            clarify_threshold=model.clarify_threshold,
            choices=len(judged.choices),
            undecided=judged.undecided,
        )
        decision = after_search(turn, evidence)
        return self._with_search(decision, judged, language)

    def judge(self, text: str, locale: str) -> Judged:
        """What a question by itself would be answered with in a locale, and how probable it is; for measuring."""
        return self._judge_in(self._knowledge.searcher.question(text, (), (locale,)), locale, "")

    def known_locale(self, locale: str) -> str:
        """The configured locale that a channel's hint means, or empty."""
        wanted = locale.replace("_", "-").lower()
        for known in self._locales:
            if wanted == known.lower() or wanted.split("-")[0] == known.lower():
                return known
        return ""

    def language_of(self, conversation: Conversation, locale: str) -> str:
        """The language to write in where a message could not be looked at."""
        return conversation.language or self.known_locale(locale) or self._default_locale

    def _turn(
        self,
        text: str,
        language: str,
        supported: bool,
        conversation: Conversation | None,
        fired: Fired | None,
        said: Said | None,
    ) -> Turn:
        before = _last_reply(conversation)
        return Turn(
            with_people=conversation is not None and conversation.state is State.WITH_PEOPLE,
            fired=fired.reason if fired else None,
            rule=fired.rule if fired else "",
            small_talk=said.reason if said else None,
            supported_language=supported,
            vague=self._dialogue.underspecified.is_vague(text, language),
            asked_back=asked_back(conversation),
            chosen=before is not None and _same(text, before.choices) is not None,
        )

    def _without_search(
        self, decision: Decision, fired: Fired | None, said: Said | None, language: str
    ) -> Answered:
        say = self._dialogue.wording.say
        if decision.reason is Reason.WITH_PEOPLE:
            return Answered(_reply(decision, "", language), (), "", "", "with_people")
        if decision.kind is not ReplyKind.HANDOFF:
            key = said.sentence if said and said.reason is decision.reason else "clarify_vague"
            return _plain(_reply(decision, say(key, language), language))
        if fired is not None and fired.reason is decision.reason:
            return Answered(_reply(decision, "", language), (), fired.priority, fired.queue, fired.sentence)
        return self._hand_off(decision, language, (), 0.0)

    def _hand_off(
        self, decision: Decision, language: str, considered: tuple[Citation, ...], probability: float
    ) -> Answered:
        handling = self._dialogue.handlings[decision.reason]
        return Answered(
            _reply(decision, "", language, confidence=probability),
            considered,
            handling.priority,
            handling.queue,
            handling.sentence,
        )

    def _with_search(self, decision: Decision, judged: Judged, language: str) -> Answered:
        say = self._dialogue.wording.say
        if decision.kind is ReplyKind.ANSWER:
            text = self._answer_text(judged, language)
            reply = _reply(
                decision, text, language, confidence=judged.probability, citations=judged.citations
            )
            return _plain(reply)
        if decision.kind is ReplyKind.CLARIFY:
            reply = _reply(decision, say("clarify_choice", language), language, confidence=judged.probability)
            return _plain(_with_choices(reply, judged.choices))
        return self._hand_off(decision, language, self._considered(judged), judged.probability)

    def _answer_text(self, judged: Judged, language: str) -> str:
        """Lead-in, the quote as plain text, where it is from."""
        say = self._dialogue.wording.say
        first = judged.citations[0]
        lead = say("answer_lead", language, title=first.title)
        if judged.locale != language:
            name = say(f"language_{judged.locale}", language)
            lead = f"{say('answer_other_language', language, articles_in=name)}\n{lead}"
        path = " › ".join((first.title, *first.heading_path))
        return f"{lead}\n\n{first.text}\n\n{say('answer_source', language, source=path)}"

    def _judge(self, text: str, language: str, conversation: Conversation | None, chosen: bool) -> Judged:
        """Searches the customer's language first and the default one when that brings nothing to rely on."""
        history = conversation.messages if conversation else ()
        question = self._dialogue.context.standalone(text, history, language)
        context = question.previous[:MOST_CONTEXT] if question.is_followup or chosen else ()
        asked = self._knowledge.searcher.question(text, context, (language,))
        judged = self._judge_in(asked, language, text if chosen else "")
        if judged.probability < self._dialogue.confidence.threshold and language != self._default_locale:
            other = self._judge_in(asked, self._default_locale, text if chosen else "")
            if other.probability > judged.probability:
                return other
        return judged

    def _judge_in(self, asked: Question, locale: str, title: str) -> Judged:
        searcher = self._knowledge.searcher
        articles = _titled(searcher.generation.articles, title, locale) if title else ()
        found = searcher.search(asked, Filters(locales=(locale,), article_ids=articles), HITS)
        published = self._verifier.published({hit.chunk.key for hit in found.hits})
        for place, hit in enumerate(found.hits):
            if not _answers_now(hit, published):
                continue
            first = self._quoted(found, place, locale)
            if first is None:
                continue
            given, support = first
            citation = self._verifier.citation(given, published, "public")
            if citation is None:
                continue
            hits = [one for one in found.hits[place:] if _answers_now(one, published)]
            signals = confidence.signals(hits, support, len(found.query.terms), found.most_lexical)
            probability = self._dialogue.confidence.probability(signals)
            near = _near(hits, NEAR)
            titles = [hits[0].chunk.title, *(hit.chunk.title for hit in _near(hits, RIVAL))]
            rivals = undecided(found.query.text, titles, locale)
            # Only an answer shows more than one source.
            shown = near if probability >= self._dialogue.confidence.clarify_threshold else ()
            return Judged(
                found=found,
                citations=(citation, *self._more(found, shown, locale, published)),
                probability=probability,
                signals=signals,
                choices=(rivals or _choices(hits[0], near))[:MOST_CHOICES],
                undecided=bool(rivals),
                locale=locale,
                published=published,
            )
        return Judged(found, (), 0.0, None, (), False, locale, published)

    def _quoted(self, found: Found, place: int, locale: str) -> tuple[Place, float] | None:
        """The quote of the article at `place`, from that of its sections which fits best, with its support."""
        asks_how = self._dialogue.procedure.asked(found.query.text, locale)
        best: tuple[float, Hit, Passage] | None = None
        for other in _sections(found.hits, place):
            hit, passage = found.hits[other], found.passage(other)
            worth = quoting.section_worth(hit.score, passage.focus, passage.spans, asks_how)
            if best is None or worth > best[0]:
                best = (worth, hit, passage)
        if best is None:
            return None
        _, hit, passage = best
        quoted = quoting.quote(passage.spans, passage.likeness, passage.weights, asks_how)
        if quoted is None:
            return None
        chunk = hit.chunk
        return (
            Place(chunk.key, chunk.revision, chunk.heading_path, chunk.anchor, quoted.spans),
            quoted.support,
        )

    def _more(
        self, found: Found, near: Sequence[Hit], locale: str, published: Mapping[ArticleKey, Published]
    ) -> tuple[Citation, ...]:
        """Citations of other articles that fit about as well."""
        places = []
        for hit in near[: MOST_CITATIONS - 1]:
            quoted = self._quoted(found, found.hits.index(hit), locale)
            if quoted is not None:
                places.append(quoted[0])
        return self._verifier.citations(places, published, "public")

    def _considered(self, judged: Judged) -> tuple[Citation, ...]:
        """The best passage of each of the best articles, for the person who takes over."""
        best: dict[object, Hit] = {}
        for hit in judged.found.hits:
            best.setdefault(hit.chunk.key, hit)
        places = [
            Place(
                hit.chunk.key, hit.chunk.revision, hit.chunk.heading_path, hit.chunk.anchor, hit.chunk.spans
            )
            for hit in list(best.values())[:MOST_CONSIDERED]
        ]
        return self._verifier.citations(places, judged.published, "public")


def _reply(
    decision: Decision,
    text: str,
    language: str,
    *,
    confidence: float = 0.0,
    citations: tuple[Citation, ...] = (),
) -> Reply:
    return Reply(decision.kind, text, citations, confidence, decision.reason, decision.rule, language)


def _with_choices(reply: Reply, choices: tuple[str, ...]) -> Reply:
    return Reply(
        reply.kind,
        reply.text,
        reply.citations,
        reply.confidence,
        reply.reason,
        reply.rule,
        reply.language,
        choices,
    )


def _plain(reply: Reply) -> Answered:
    return Answered(reply, (), "", "", "")


def _last_reply(conversation: Conversation | None) -> Reply | None:
    for message in reversed(conversation.messages if conversation else ()):
        if message.role is Role.BOT:
            return message.reply
    return None


def _answers_now(hit: Hit, published: Mapping[ArticleKey, Published]) -> bool:
    """Whether the database lets customers see this passage; the index may be a moment behind it."""
    current = published.get(hit.chunk.key)
    return (
        current is not None and current.revision == hit.chunk.revision and current.audience is Audience.PUBLIC
    )


def _same(text: str, choices: Sequence[str]) -> str | None:
    """The choice that a message repeats."""
    wanted = " ".join(text.split()).casefold()
    return next((choice for choice in choices if " ".join(choice.split()).casefold() == wanted), None)


def _titled(articles: Sequence[ArticleFacts], title: str, locale: str) -> tuple[str, ...]:
    """Ids of the articles of a locale with a title."""
    wanted = " ".join(title.split()).casefold()
    return tuple(
        facts.key.id
        for facts in articles
        if facts.key.locale == locale and " ".join(facts.title.split()).casefold() == wanted
    )


def _sections(hits: Sequence[Hit], place: int) -> list[int]:
    """Places of the best hit of each section of the article at `place`, best first."""
    own = hits[place].chunk
    seen: dict[tuple[str, tuple[str, ...]], int] = {}
    for other in range(place, len(hits)):
        chunk = hits[other].chunk
        if chunk.key == own.key and chunk.revision == own.revision:
            seen.setdefault((chunk.anchor, chunk.heading_path), other)
    return list(seen.values())[:MOST_SECTIONS]


def _near(hits: Sequence[Hit], share: float) -> list[Hit]:
    """The best passage of each other article that fits about as well as the first."""
    best: dict[object, Hit] = {}
    for hit in hits[1:]:
        if hit.chunk.key != hits[0].chunk.key and hit.score >= share * hits[0].score:
            best.setdefault(hit.chunk.key, hit)
    return list(best.values())


def _choices(first: Hit, near: Sequence[Hit]) -> tuple[str, ...]:
    """Titles to choose from; none where they say the same, since a choice between equals helps nobody."""
    titles = list(dict.fromkeys([first.chunk.title, *(hit.chunk.title for hit in near)]))
    return tuple(titles[:MOST_CHOICES]) if len(titles) > 1 else ()
