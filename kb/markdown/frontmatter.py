"""The head of a Markdown file in, its typed fields out; what a writer got wrong is said in a sentence."""

import datetime as dt
import re
import tomllib
from dataclasses import dataclass

import yaml

from kb.article import Audience
from kb.errors import ArticleRejected

MAX_FRONT_MATTER = 256 * 1024
"""Characters; real pages keep whole bodies in front matter, none more than 30 KB."""

MAX_CATEGORY = 100
"""Characters of a category's name; what is longer is a sentence that stands there by mistake."""
MAX_SELECTOR = 200
"""Characters of a place of a walkthrough."""

_FENCE = re.compile(r"\ufeff?[ \t\r\n]*(---|\+\+\+)[ \t]*\r?\n")
_KEY_LINE = re.compile(r"[ \t]*[A-Za-z_][\w-]*[ \t]*:(?:[ \t\r\n]|$)")
_AUDIENCES = {
    Audience.PUBLIC: "public customer customers everyone all external anyone",
    Audience.AGENT: "agent agents internal staff private team support",
}
_ADVICE = (
    ("mapping values are not allowed", "a value with a colon in it needs quotation marks."),
    ("'\\t'", "it begins with a tab; use spaces."),
    (
        "expected <block end>",
        "it is indented differently from the lines above, or a quotation mark is missing.",
    ),
    ("could not find expected ':'", "there is no colon after the name."),
    ("unexpected end of stream", "a quotation mark is opened and never closed."),
    ("<stream end>", "a bracket is opened and never closed."),
    ("undefined alias", "a value that begins with * needs quotation marks."),
    ("cannot start any token", "a value that begins with @, ` or % needs quotation marks."),
)
"""What YAML's parser says, in words a writer knows."""
_TRUE = frozenset({"true", "yes", "on", "1", "y"})
_FALSE = frozenset({"false", "no", "off", "0", "n", ""})
_DATE_FORMATS = (
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%d %B %Y",
    "%B %d, %Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%Y-%m",
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a writer stated above the text; empty where nothing was stated."""

    body: int
    """First character of the text below."""
    title: str = ""
    lang: str = ""
    id: str = ""
    slug: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    product: str = ""
    category: str = ""
    owner: str = ""
    audience: Audience = Audience.PUBLIC
    last_reviewed: dt.date | None = None
    next_review: dt.date | None = None
    draft: bool = False
    walkthrough: tuple[str, ...] = ()
    """CSS selectors of the places where the steps of the first numbered list are done, in order; empty for none."""


def body_start(text: str) -> int:
    """First character below the front matter; 0 without one."""
    return _split(text)[2]


def read_front_matter(text: str) -> FrontMatter:
    """Raises `ArticleRejected` for a head that cannot be read or holds an unusable value."""
    kind, head, body = _split(text)
    if not kind:
        return FrontMatter(body=0)
    if len(head) > MAX_FRONT_MATTER:
        raise ArticleRejected("The front matter is far too long; was the closing --- line forgotten?")
    first_line = text[:body].count("\n") - head.count("\n") - 1
    fields = _fields(_load_yaml(head, first_line) if kind == "---" else _load_toml(head))
    try:
        return _front_matter(fields, body)
    except ArticleRejected:
        # Nobody sees a draft, and its writer is not done.
        if _is_draft(fields):
            return FrontMatter(body=body, draft=True)
        raise


def _front_matter(fields: dict[str, object], body: int) -> FrontMatter:
    tag = _text(fields, "lang", "locale", "language")
    if tag and not re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*", tag):
        raise ArticleRejected(
            f"The language “{tag[:40]}” is not a language code; write for example lang: en."
        )
    return FrontMatter(
        body=body,
        title=_text(fields, "title"),
        lang=tag,
        id=_path(_text(fields, "id")),
        slug=_path(_text(fields, "slug")),
        url=_url(_text(fields, "permalink", "url")),
        tags=_words(fields.get("tags", fields.get("tag"))),
        product=_text(fields, "product"),
        category=_text(fields, "category")[:MAX_CATEGORY],
        owner=_text(fields, "owner"),
        audience=_audience(fields),
        last_reviewed=_date(fields, "last_reviewed"),
        next_review=_date(fields, "next_review"),
        draft=_is_draft(fields),
        walkthrough=_selectors(fields.get("walkthrough")),
    )


def _is_draft(fields: dict[str, object]) -> bool:
    return (
        _flag(fields, "draft", default=False)
        or not _flag(fields, "published", default=True)
        or _text(fields, "status").lower() == "draft"
    )


def _split(text: str) -> tuple[str, str, int]:
    """The kind of fence, the text between the fences, and where the body starts."""
    opening = _FENCE.match(text)
    if not opening:
        return "", "", 0
    mark = opening.group(1)
    closing = re.compile(
        r"^(?:" + (r"---|\.\.\." if mark == "---" else r"\+\+\+") + r")[ \t]*(?:\r?\n|\Z)", re.M
    )
    end = closing.search(text, opening.end())
    if end:
        return mark, text[opening.end() : end.start()], end.end()
    if _KEY_LINE.match(text, opening.end()):
        # Read as text it would lose `audience: agent` and `draft: true`, and show the page to everybody.
        raise ArticleRejected(
            f"The front matter is opened with {mark} but never closed; add a {mark} line below it."
        )
    return "", "", 0


def _load_yaml(head: str, first_line: int) -> object:
    """Front matter as YAML with every scalar left a string, so `lang: no` is Norwegian and dates stay as written."""
    try:
        return yaml.load(head, Loader=yaml.BaseLoader)  # noqa: S506 - builds only str, list and dict
    except yaml.MarkedYAMLError as exc:
        # The parser notices an open bracket at the end; the last written line is nearer to it.
        here = min(exc.problem_mark.line if exc.problem_mark else 0, head.rstrip().count("\n"))
        problem = exc.problem or "it is not valid YAML"
        advice = next((words for sign, words in _ADVICE if sign in problem), f"{problem}.")
        raise ArticleRejected(
            f"Line {first_line + 1 + here} of the front matter cannot be read: {advice}"
        ) from exc
    except (yaml.YAMLError, RecursionError, ValueError) as exc:
        raise ArticleRejected("The front matter cannot be read: it is not valid YAML.") from exc


def _load_toml(head: str) -> object:
    try:
        return tomllib.loads(head.replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as exc:
        raise ArticleRejected(f"The front matter between +++ lines cannot be read as TOML: {exc}.") from exc


def _fields(loaded: object) -> dict[str, object]:
    if loaded is None or loaded == "":
        return {}
    if not isinstance(loaded, dict):
        raise ArticleRejected(
            "The front matter is not a list of `name: value` lines, so nothing can be read from it."
        )
    return {str(key).strip().lower().replace("-", "_"): value for key, value in loaded.items()}


_ILLEGAL = re.compile("[\x00\ud800-\udfff]")


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float | dt.date):
        # YAML and TOML can escape what no file and no database holds.
        found = " ".join(_ILLEGAL.sub("\ufffd", str(value)).split())
        return "" if found in ("~", "null") else found
    return ""


def _text(fields: dict[str, object], *names: str) -> str:
    return next((found for name in names if (found := _scalar(fields.get(name)))), "")


def _path(value: str) -> str:
    parts = [part.strip() for part in value.split("/")]
    kept = "/".join(part for part in parts if part not in ("", ".", ".."))
    if len(kept) > 300:
        raise ArticleRejected("The id or slug is longer than 300 characters; use a short one.")
    return kept


def _url(value: str) -> str:
    """A permalink that can be linked to as it stands; placeholders and other schemes cannot."""
    if "{" in value or "/:" in value or any(c in value for c in "<>\"'\\ "):
        return ""
    if re.match(r"https?://\S", value, re.IGNORECASE):
        return value
    if ":" in value.partition("/")[0] or value.startswith("//"):
        return ""
    return value if not value or value.startswith("/") else f"/{value}"


def _words(value: object) -> tuple[str, ...]:
    """Tags as a list, or as one string parted by commas."""
    parts = value if isinstance(value, list) else _scalar(value).split(",")
    return tuple(dict.fromkeys(word for part in parts if (word := _scalar(part).strip(" #"))))


def _selectors(value: object) -> tuple[str, ...]:
    """One a step; an empty one keeps its place."""
    found = tuple(_scalar(one) for one in value) if isinstance(value, list) else ()
    if any(len(one) > MAX_SELECTOR for one in found) or (value and not found and _scalar(value)):
        raise ArticleRejected(
            "`walkthrough` is a list of CSS selectors, one a step and in quotation marks, such as "
            f'- "#account"; each has {MAX_SELECTOR} characters at most.'
        )
    return found


def _audience(fields: dict[str, object]) -> Audience:
    value = fields.get("audience")
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if value is None:
        return Audience.PUBLIC
    word = _scalar(value).lower()
    for audience, names in _AUDIENCES.items():
        if word in names.split():
            return audience
    # A guess could show an internal page to customers.
    raise ArticleRejected("The audience can only be `public` or `agent`; please write one of them.")


def _flag(fields: dict[str, object], name: str, *, default: bool) -> bool:
    if name not in fields:
        return default
    word = _scalar(fields[name]).lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return default if word == "" else False
    raise ArticleRejected(f"The value of `{name}` can only be `true` or `false`.")


def _date(fields: dict[str, object], name: str) -> dt.date | None:
    word = _text(fields, name)
    if not word:
        return None
    try:
        return dt.date.fromisoformat(word[:10])
    except ValueError:
        pass
    for form in _DATE_FORMATS:
        try:
            return dt.datetime.strptime(word, form).date()  # noqa: DTZ007 - a calendar date has no zone
        except ValueError:
            continue
    raise ArticleRejected(f"The date `{name}: {word[:40]}` cannot be read; write it as 2026-03-01.")
