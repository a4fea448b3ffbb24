"""Another text of a published article in, what an experiment may serve of it out, or why it may not; pure."""

from dataclasses import replace

from bot.errors import BadRequest, TooLarge
from bot.experiments.trial import MOST_CHARS, Original
from kb.article import Article, Audience
from kb.errors import ArticleRejected
from kb.markdown import parse


def other_text(original: Original, written: str, locales: frozenset[str]) -> Article:
    """The article that a text makes in the place of the published one.

    Raises `TooLarge`, and `BadRequest` for a text that cannot be read, is not for customers, is of another article or
    says what is published already.
    """
    if len(written) > MOST_CHARS:
        raise TooLarge(f"A text that is tried may have at most {MOST_CHARS} characters.")
    text = written.replace("\r\n", "\n").strip() + "\n"
    if text == original.source.replace("\r\n", "\n").strip() + "\n":
        raise BadRequest("That is the published text. Change something in it.")
    article = _read(original, text, locales)
    if article.draft:
        raise BadRequest(
            "It says that it is a draft. Take that line out: customers of arm B are answered from it."
        )
    if article.audience is not Audience.PUBLIC:
        raise BadRequest("It says that it is for agents, so no customer could be answered from it.")
    # How the published text is named was decided when it came in, perhaps by settings of then.
    if article.key != _read(original, original.source, locales).key:
        raise BadRequest(
            f"It names itself {article.key}: leave `id`, `slug` and `lang` as they are in the published text."
        )
    return replace(article, key=original.key)


def _read(original: Original, source: str, locales: frozenset[str]) -> Article:
    try:
        return parse(source, original.path, default_locale=original.key.locale, locales=locales)
    except ArticleRejected as exc:
        raise BadRequest(f"The text cannot be read: {exc}") from exc
