"""A question in, what the customer's own language or the default one has on it out, whichever is more probable."""

from dataclasses import dataclass, replace

from bot.answering.judged import Judged
from bot.answering.judging import Judge
from bot.dialogue.confidence import ConfidenceModel
from bot.dialogue.context import Context, asked_before_choice
from bot.dialogue.context import Question as Asked
from bot.dialogue.conversation import Message
from bot.dialogue.glossary import Glossary
from bot.dialogue.parts import Parts
from bot.dialogue.plainly import Plainly
from bot.dialogue.whereabouts import NOWHERE, Whereabouts
from index.searcher import Question

#: Earlier messages that a follow-up is searched with.
MOST_CONTEXT = 2
#: From this probability on an answer in the customer's own language is taken without looking into the other one.
SURE = 0.9
#: The other language must be more probable by this much: with a near tie the customer reads their own. Of the sample's
#: questions that both languages answer, two of the 106 would change for the worse without it.
AHEAD = 0.02
#: Where the default language has the customer's words ranked too, an article of the customer's language that it ranks
#: this far below its best one is about another matter, however well it fits among the few of its own language. Of 40
#: fresh questions in three languages, most answered in English alone, 32 are then answered rightly and 2 wrongly,
#: before 26 and 8; none of the sample's changes. From .75 to .9 the share makes a difference of one.
BELOW = 0.85
#: So much more probable must the answer to a message by itself be than the one that goes on with what was said before.
NEW_MATTER = 0.2
#: So much less probable may the default language's article be then.
BEHIND = 0.2
#: Share of a message's telling words that the glossary must know for the message to be looked up by them.
ENOUGH_READ = 0.25


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked up for a message."""

    asked: Question
    text: str
    """As the customer wrote it."""
    choice: str
    """The title or heading they picked, or empty."""
    said: tuple[str, ...]
    """What they wrote before, newest first."""
    leans: bool
    """Whether it needs what was said before."""
    where: Whereabouts = NOWHERE
    """Where the customer writes from."""
    alone: str = ""
    """What it asks where it may be a new matter after all; or empty."""


def in_words_of(glossary: Glossary, text: str, language: str, other: str) -> str:
    """A message in the words that another language is looked up by; empty where too few of them are known."""
    if not glossary.renders(language, other):
        return ""
    rendered = glossary.render(text, language, other)
    return rendered.text if rendered.read >= ENOUGH_READ * (rendered.read + len(rendered.kept)) else ""


class Lookup:
    """Looks a question up in the customer's language and in the default one. Reads, writes nothing."""

    def __init__(
        self,
        judge: Judge,
        glossary: Glossary,
        model: ConfidenceModel,
        context: Context,
        plainly: Plainly,
        parts: Parts,
        default_locale: str,
    ) -> None:
        self._judge = judge
        self._glossary = glossary
        self._confidence = model
        self._context = context
        self._plainly = plainly
        self._parts = parts
        self._default_locale = default_locale

    def sought(
        self,
        text: str,
        language: str,
        history: tuple[Message, ...],
        choice: str,
        where: Whereabouts = NOWHERE,
        *,
        as_written: bool = False,
    ) -> Sought:
        """What is looked up, with what it leans on, encoded; `as_written` in the very words that were typed."""
        written, text = text, self._plainly.said(text, language)
        # Who picks one of the choices still asks what they asked before.
        asked_first = asked_before_choice(history) if choice else ""
        if asked_first:
            text = self._plainly.said(asked_first, language)
        question = self._context.standalone(text, history, language)
        context = question.topic[:MOST_CONTEXT]
        cited = question.cited if question.is_followup else ()
        if choice:
            context, cited = (choice,), ()
        text = question.text
        meant = "" if choice else self._instead(question, language)
        if meant:
            # What was said of the other thing would only speak for it.
            text, context, cited = meant, (), ()
        words = written if as_written else text
        asked = self._judge.question(words, context, language, cited, as_written=as_written)
        alone = "" if choice or meant else question.alone
        return Sought(asked, text, choice, question.previous, question.is_followup, where, alone)

    def _instead(self, question: Asked, language: str) -> str:
        """What was asked before, about the other thing that the message names and nothing else; or empty."""
        if not question.previous:
            return ""
        earlier = self._plainly.said(question.previous[0], language)
        return self._judge.instead(question.text, earlier, language, next(iter(question.titles), ""))

    def best(self, sought: Sought, language: str, *, whole: bool = False) -> Judged:
        """What answers best, with what was said before; or without it, where that is clearly a new matter.

        A message that must be read as a `whole` is no story around a question. “And my parcel is late” after a
        question about plans is answered by itself.
        """
        found = self._best(sought, language)
        if found.probability >= self._confidence.threshold:
            return found
        found = found if whole else self._asked_in(sought, language, found)
        if not sought.alone or found.probability >= self._confidence.threshold:
            return found
        text = self._plainly.said(sought.alone, language)
        asked = self._judge.question(text, (), language)
        new = self._best(replace(sought, asked=asked, text=text), language)
        enough = max(self._confidence.threshold, found.probability + NEW_MATTER)
        return new if new.probability >= enough else found

    def _asked_in(self, sought: Sought, language: str, found: Judged) -> Judged:
        """What answers the one question of a story, looked up with the rest as what was said before; else `found`.

        A whole story is seldom like any passage. It is not asked back about: what its question alone fits half well
        is as often something else. Where the question fits nothing, what the story around it resembles counts for
        nothing either.
        """
        story = None if sought.choice else self._parts.story(sought.text, language)
        if story is None:
            return found
        text = self._plainly.said(story.asked, language)
        context = (story.told, *sought.asked.context)[:MOST_CONTEXT]
        asked = self._judge.question(text, context, language, sought.asked.cited)
        said = (story.told, *sought.said)
        other = self._best(replace(sought, asked=asked, text=text, said=said), language)
        model = self._confidence
        between = model.clarify_threshold <= other.probability < model.threshold
        return found if between else other

    def _best(self, sought: Sought, language: str) -> Judged:
        """What answers best: in the customer's language first, else in the default one.

        Both are asked, unless the first is sure: an article that only the default language has must not lose to a
        passage of another matter that happens to be in the customer's.
        """
        if sought.choice and self._only_in_default(sought.choice, language):
            rendered = self._in_default(sought, language) or sought.asked
            return self._judge.judge(
                rendered, self._default_locale, sought.choice, sought.said, where=sought.where
            )
        own = self._judge.judge(sought.asked, language, sought.choice, sought.said, where=sought.where)
        # What is left where the best was about another machine is seldom the answer.
        astray = own.named and own.held_back
        if language == self._default_locale or (own.probability >= SURE and not astray):
            return own
        asked = self._in_default(sought, language)
        if asked is None:
            return self._by_its_own_words(sought, own)
        other = self._judge.judge(asked, self._default_locale, sought.choice, sought.said, where=sought.where)
        if other.quoted is None:
            return own
        if other.probability < own.probability + AHEAD and not self._outranked(own, other, language):
            return own
        return self._in_own_words(sought, language, own, other) or other

    def _outranked(self, own: Judged, other: Judged, language: str) -> bool:
        """Whether the default language ranks the quoted article well below one that is in no other language."""
        best, quoted = _article(other), _article(own)
        first = other.found.hits[0].score
        share = max((hit.score for hit in other.found.hits if hit.chunk.key.id == quoted), default=0.0)
        return (
            0.0 < share <= BELOW * first
            and other.probability >= max(self._confidence.threshold, own.probability - BEHIND)
            and not self._judge.has_article(best, language)
        )

    def _only_in_default(self, title: str, language: str) -> bool:
        known = self._judge.has_title
        return not known(title, language) and known(title, self._default_locale)

    def _in_own_words(self, sought: Sought, language: str, own: Judged, other: Judged) -> Judged | None:
        """What the customer's language has of the article that the default one answers from; None without one."""
        article = _article(other)
        if _article(own) == article:
            found = own
        else:
            found = self._judge.judge(sought.asked, language, "", sought.said, (article,), sought.where)
        if found.quoted is None:
            return None
        # Two languages that agree on the article are as sure as the surer one.
        return replace(found, probability=other.probability)

    def _in_default(self, sought: Sought, language: str) -> Question | None:
        """The question in the words of the default language; None where too few of them are known."""
        words = in_words_of(self._glossary, sought.text, language, self._default_locale)
        if not words:
            return None
        said = [
            self._glossary.render(one, language, self._default_locale).text or one
            for one in sought.asked.context
        ]
        return self._judge.question(words, said, self._default_locale, sought.asked.cited)

    def _by_its_own_words(self, sought: Sought, own: Judged) -> Judged:
        """What the default language has where nothing tells what the words mean: names and numbers may be shared."""
        asked = sought.asked
        if own.probability >= self._confidence.threshold and not (own.named and own.held_back):
            return own
        if own.named:
            # An article about the very thing is worth reading the question with that article's words.
            asked = self._judge.question(sought.text, asked.context, self._default_locale, asked.cited)
        other = self._judge.judge(asked, self._default_locale, sought.choice, sought.said, where=sought.where)
        return other if other.probability > own.probability else own


def _article(judged: Judged) -> str:
    """The id of the quoted article; empty where nothing is quoted."""
    return judged.quoted.article_id if judged.quoted else ""
