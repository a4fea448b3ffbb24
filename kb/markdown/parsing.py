"""A Markdown file's text in, an `Article` out: front matter, masks, tokens, blocks, in that order."""

from kb.article import Article, ArticleKey
from kb.errors import ArticleRejected
from kb.markdown.blocks import BlockReader
from kb.markdown.frontmatter import FrontMatter, read_front_matter
from kb.markdown.masks import mask
from kb.markdown.naming import in_words, known_locale, read_path
from kb.markdown.reading import clean
from kb.markdown.spans import Outline
from kb.markdown.syntax import tokens_of
from kb.revision import revision_of


def parse(text: str, path: str, *, default_locale: str = "en", locales: frozenset[str]) -> Article:
    """Reads one file.

    `path` is relative to the source's root, with forward slashes; `locales` are those that file and folder names are
    looked up in. Raises `ArticleRejected` with a sentence for the writer.
    """
    front = read_front_matter(text)
    if not text[front.body :].strip() and not front.draft:
        raise ArticleRejected(
            "There is no text below the front matter." if front.body else "The file is empty."
        )
    masked = mask(text, front.body, modules=path.lower().endswith(".mdx"))
    outline = Outline(masked.text, front.body)
    BlockReader(masked, outline).read(tokens_of(masked.text))
    sections = outline.sections()
    if not sections and not front.draft:
        raise ArticleRejected("There is no text to answer from: only headings, pictures or template tags.")
    key = _key(front, path, default_locale, locales)
    return Article(
        key=key,
        title=_title(front, outline.title, key.id),
        source=text,
        revision=revision_of(text),
        audience=front.audience,
        url=front.url,
        tags=front.tags,
        product=front.product,
        owner=front.owner,
        last_reviewed=front.last_reviewed,
        next_review=front.next_review,
        draft=front.draft,
        sections=sections,
        links=tuple(dict.fromkeys(outline.links)),
        category=front.category,
    )


def _key(front: FrontMatter, path: str, default_locale: str, locales: frozenset[str]) -> ArticleKey:
    named = read_path(path, locales)
    stated = known_locale(front.lang, locales) or front.lang.replace("_", "-").lower()
    identity = front.id or named.id
    if front.slug and not front.id:
        folder, slash, _ = named.id.rpartition("/")
        identity = f"{folder}{slash}{front.slug}"
    return ArticleKey(id=identity, locale=stated or named.locale or default_locale)


def _title(front: FrontMatter, first_heading: str, identity: str) -> str:
    words = in_words(identity)
    return clean(front.title) or first_heading or words[:1].upper() + words[1:] or identity
