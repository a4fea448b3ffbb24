"""What a search brought in, the text of the answer out: quoted, or written by a language model where a team has one."""

from collections.abc import Callable, Sequence

from bot.answering.judged import Judged
from bot.dialogue.reply import Citation
from bot.dialogue.wording import Wording
from bot.writing import Source, Writer

#: Told each sentence of a written answer as soon as it has been checked, before the reply is complete.
Tell = Callable[[str], None]


class Phrasing:
    """Puts an answer in words. The quote is what counts: a written text stands above it only where it restates it."""

    def __init__(self, wording: Wording, writer: Writer | None) -> None:
        self._wording = wording
        self._writer = writer

    def answer(
        self,
        question: str,
        judged: Judged,
        considered: Callable[[], Sequence[Citation]],
        language: str,
        tell: Tell | None,
    ) -> tuple[str, bool]:
        """The text of an answer, and whether a model wrote it.

        `considered` gives further passages, checked like the citations, that a model may restate as well.
        """
        # A translation cannot be held against the words of its source, so another language is quoted as it is.
        if self._writer is not None and judged.locale == language:
            cited = (*judged.citations, *considered())
            sources = {one.text: Source(_head(one), one.text) for one in cited}
            made = self._writer.write(question, list(sources.values()), language, tell)
            if made is not None:
                text = " ".join(sentence.text for sentence in made.sentences)
                return self._framed(
                    self._wording.say("answer_written", language), text, judged, language
                ), True
        return self.quoted(judged, language), False

    def quoted(self, judged: Judged, language: str) -> str:
        """The answer as a quote: lead-in, the quote as plain text, where it is from."""
        first = _first(judged)
        lead = self._wording.say("answer_lead", language, title=first.title)
        if judged.locale != language:
            name = self._wording.language_name(judged.locale, language)
            lead = f"{self._wording.say('answer_other_language', language, articles_in=name)}\n{lead}"
        return self._framed(lead, first.text, judged, language)

    def _framed(self, lead: str, text: str, judged: Judged, language: str) -> str:
        source = self._wording.say("answer_source", language, source=_head(_first(judged)))
        return f"{lead}\n\n{text}\n\n{source}"


def _first(judged: Judged) -> Citation:
    """What answers; who puts an answer in words has one."""
    if judged.quoted is None:
        raise ValueError("An answer needs a quote.")
    return judged.quoted


def _head(citation: Citation) -> str:
    return " › ".join((citation.title, *citation.heading_path))
