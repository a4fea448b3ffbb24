"""A question, a conversation or a ticket in; what helps an agent answer it out: articles, quotes, a draft, and why.

Articles for agents only are suggested to those who may read them. The draft is for the customer: it is made of quotes
of public articles alone, found by a search of its own that sees no other.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import replace

from bot.answering.dialogue import Dialogue
from bot.answering.judged import Judged
from bot.answering.judging import Judge
from bot.answering.lookup import Sought
from bot.answering.quotes import Place, Verifier
from bot.assist.solved import Solved
from bot.desk.matter import matter
from bot.desk.suggested import Draft, SimilarTicket, Subject, Suggested, SuggestedArticle
from bot.dialogue import quoting
from bot.dialogue.reply import Citation
from bot.errors import BadRequest, NotFound, TooLarge
from bot.knowledge.learning import LONGEST_QUESTION
from bot.knowledge.served import Knowledge
from bot.ports import Conversations, Published
from index.hit import Filters, Hit
from index.searcher import Found, Question
from kb.article import ArticleKey, Audience, Span

#: Articles suggested at once; what stands further down is seldom read.
MOST_ARTICLES = 5
#: Quotes of one draft.
MOST_DRAFTED = 2
#: Passages ranked: enough for so many articles, where one has several good passages.
_HITS = 20
#: Times that a quote is looked for again because what was found describes a picture.
_MOST_PICTURES = 3

#: From here on a signal is worth a word: below it, passages that have nothing to do with a question reach as much.
_SHARED_WORDS, _SAME_MEANING, _SAME_MATTER, _LIKE_TITLE = 0.25, 0.6, 0.4, 0.6
#: Said of the best article where no signal speaks for it.
CLOSEST = "The closest there is; little in it is like the question."


class Suggestions:
    """Looks up what helps an agent. Reads the index and the database, writes nothing."""

    def __init__(
        self,
        knowledge: Knowledge,
        verifier: Verifier,
        dialogue: Dialogue,
        conversations: Conversations,
        *,
        locales: Sequence[str],
        default_locale: str,
        mask: Callable[[str], str],
        solved: Solved | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._verifier = verifier
        self._dialogue = dialogue
        self._conversations = conversations
        self._judge = Judge(knowledge, verifier, dialogue.procedure, dialogue.offers, dialogue.confidence)
        self._lookup = dialogue.lookup(self._judge, default_locale)
        self._locales = tuple(locales)
        self._default_locale = default_locale
        self._mask = mask
        self._solved = solved

    def of_text(self, text: str) -> Subject:
        """A question as somebody wrote it. Raises `BadRequest` where there is none, `TooLarge` for a document."""
        if not any(map(str.isalnum, text)):
            raise BadRequest("Write what suggestions are to be for, in a word at least.")
        if len(text) > LONGEST_QUESTION:
            raise TooLarge(f"A question may have at most {LONGEST_QUESTION} characters.")
        heard = self._dialogue.detector.detect(
            text, supported=self._locales, prior="", default=self._default_locale
        )
        return Subject(text, self._answered(heard.language))

    def of_conversation(self, conversation_id: str) -> Subject:
        """What a customer wants, in their own words. Raises `NotFound`, and `BadRequest` without words."""
        conversation = self._conversations.get(conversation_id)
        if conversation is None:
            raise NotFound("There is no such conversation.")
        language = self._answered(conversation.language)
        return Subject(_worded(matter(conversation.messages, language)), language)

    def of_ticket(self, reference: str) -> Subject:
        """What a ticket is about, in the customer's words. Raises `NotFound`, and `BadRequest` without words."""
        ticket = self._conversations.ticket(reference)
        if ticket is None:
            raise NotFound("There is no such ticket.")
        language = self._answered(ticket.language)
        conversation = self._conversations.get(ticket.conversation_id)
        told = matter(conversation.messages, language) if conversation else ""
        return Subject(_worded(told or ticket.subject), language, reference)

    def suggest(
        self, subject: Subject, *, internal: bool, tickets: bool = False, personal: bool = False
    ) -> Suggested:
        """What helps with it. Raises `NotReady`.

        Articles for agents only are among it where `internal`, solved tickets where `tickets`, these with what their
        customers wrote as it was written where `personal`.
        """
        asked = self._judge.question(subject.text, (), subject.language)
        return Suggested(
            question=self._mask(subject.text),
            language=subject.language,
            articles=self._articles(asked, subject.language, internal=internal),
            similar_tickets=self._similar(asked, subject, personal=personal) if tickets else (),
            draft=self._draft(Sought(asked, subject.text, "", (), leans=False), subject.language),
        )

    def _similar(self, asked: Question, subject: Subject, *, personal: bool) -> tuple[SimilarTicket, ...]:
        if self._solved is None or not asked.encoded:
            return ()
        return self._solved.like(asked.encoded[0].vector, but=subject.reference, personal=personal)

    def _answered(self, language: str) -> str:
        return language if language in self._locales else self._default_locale

    def _articles(self, asked: Question, language: str, *, internal: bool) -> tuple[SuggestedArticle, ...]:
        locales = tuple(dict.fromkeys((language, self._default_locale)))
        audience = "agent" if internal else "public"
        found = self._knowledge.searcher.search(asked, Filters(audience, locales), _HITS)
        best: dict[ArticleKey, int] = {}
        for place, hit in enumerate(found.hits):
            best.setdefault(hit.chunk.key, place)
        published = self._verifier.published(best)
        fitting: list[SuggestedArticle] = []
        for key, place in best.items():
            why = reasons(found.hits[place], language)
            # Only the first may be there for want of a better one.
            citation = (
                None if fitting and not why else self._quote(found, place, language, published, audience)
            )
            if citation is not None:
                hidden = published[key].audience is Audience.AGENT
                shown = replace(citation, url="") if hidden else citation
                fitting.append(
                    SuggestedArticle(key.id, key.locale, citation.title, hidden, shown, why or (CLOSEST,))
                )
            if len(fitting) == MOST_ARTICLES:
                break
        return tuple(fitting)

    def _quote(
        self,
        found: Found,
        place: int,
        language: str,
        published: Mapping[ArticleKey, Published],
        audience: str,
    ) -> Citation | None:
        """The run of the section around a hit that fits, checked, and without what only describes a picture."""
        chunk, passage, text = found.hits[place].chunk, found.passage(place), found.query.text
        asks_how = self._dialogue.procedure.asked(text, language)
        pictures: Set[Span] = frozenset()
        for _ in range(_MOST_PICTURES):
            kept = [row for row, span in enumerate(passage.spans) if span not in pictures]
            spans = tuple(passage.spans[row] for row in kept)
            run = quoting.quote(spans, passage.likeness[kept], passage.weights, asks_how, text)
            if run is None:
                return None
            where = Place(chunk.key, chunk.revision, chunk.heading_path, chunk.anchor, run.spans)
            citation = self._verifier.citation(where, published, audience)
            if citation is None:
                return None
            words = quoting.without_pictures(run.spans, citation.quote, citation.start)
            if len(words) == len(run.spans):
                return citation
            pictures = pictures | (frozenset(run.spans) - frozenset(words))
        return None

    def _draft(self, sought: Sought, language: str) -> Draft | None:
        """Made as the bot's own answers are, from public articles, and already where the bot would only ask back."""
        model = self._dialogue.confidence
        judged = self._lookup.best(sought, language)
        if judged.quoted is None or judged.probability < model.clarify_threshold:
            return None
        sure = (
            "sure enough to answer" if judged.probability >= model.threshold else "not sure enough to answer"
        )
        why = [f"The bot finds this right with a probability of {judged.probability:.0%}: {sure} by itself."]
        if judged.undecided:
            why.append(f"It may be about something else: {' or '.join(judged.choices)}.")
        if judged.locale != language:
            why.append(f"There is nothing as good in the customer's language ({language}).")
        citations = judged.citations[:MOST_DRAFTED]
        return Draft(
            self._worded_draft(judged, citations, language), citations, judged.probability, tuple(why)
        )

    def _worded_draft(self, judged: Judged, citations: Sequence[Citation], language: str) -> str:
        """Each quote with its lead-in and its source, in the customer's language."""
        say = self._dialogue.wording.say
        parts: list[str] = []
        if judged.locale != language:
            name = self._dialogue.wording.language_name(judged.locale, language)
            parts.append(say("answer_other_language", language, articles_in=name))
        for one in citations:
            # An address without a host leads nowhere from an email.
            address = one.url if one.url.startswith("http") else ""
            source = f"{' › '.join((one.title, *one.heading_path))} {address}".rstrip()
            parts += [
                say("answer_lead", language, title=one.title),
                one.text,
                say("answer_source", language, source=source),
            ]
        return "\n\n".join(parts)


def _worded(text: str) -> str:
    if not any(map(str.isalnum, text)):
        raise BadRequest("The customer has written no words that suggestions could be looked for with.")
    return text


def reasons(hit: Hit, language: str) -> tuple[str, ...]:
    """The signals that a hit was ranked by, in words; none where nothing speaks for it."""
    scores = hit.scores
    found: list[str] = []
    if scores.coverage >= _SHARED_WORDS:
        found.append(f"Has {scores.coverage:.0%} of the question's telling words.")
    if scores.dense >= _SAME_MEANING:
        found.append(f"Means nearly the same (likeness {scores.dense:.2f}).")
    elif scores.dense >= _SAME_MATTER:
        found.append(f"Is about a similar matter (likeness {scores.dense:.2f}).")
    if scores.title >= _LIKE_TITLE:
        found.append(f"Its title is close to the question (likeness {scores.title:.2f}).")
    if scores.learned > 0:
        found.append("Answered a question like this one before.")
    if found and hit.chunk.key.locale.split("-")[0] != language.split("-")[0]:
        found.append(f"In another language ({hit.chunk.key.locale}).")
    return tuple(found)
