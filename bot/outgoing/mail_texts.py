"""A stage and a language in, subject, plain text and HTML of a mail out; the words are files in `mails/`.

The HTML is made of the filled plain text, escaped as a whole, so that nothing anybody wrote can be markup in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from bot.desk.aftercare import Stage
from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.wording import placeholders
from bot.errors import SettingsInvalid

FOLDER: Final = Path(__file__).with_name("mails")
#: What a template may name.
VARIABLES: Final = frozenset({"site_name", "reference", "subject", "message", "link"})
_PARTS: Final = ("subject", "text")
_SUBJECT_CHARS: Final = 180


@dataclass(frozen=True, slots=True)
class Written:
    """A mail's words."""

    subject: str
    """One line."""
    text: str
    html: str
    language: str


class MailTexts:
    """The mails of each stage in each language."""

    def __init__(self, texts: Mapping[str, Mapping[Stage, Mapping[str, str]]], default: str) -> None:
        self._texts = texts
        self._default = default

    @classmethod
    def load(cls, folder: Path = FOLDER, default: str = "en") -> "MailTexts":
        """Reads `<language>.yaml` of a folder; raises `SettingsInvalid` naming the file and what is wrong in it.

        A folder of the team's own needs the default language; languages it does not have are told in that.
        """
        texts = {file.stem: _read(file) for file in sorted(folder.glob("*.yaml"))}
        if default not in texts:
            raise SettingsInvalid(f"{folder} has no {default}.yaml, the default language")
        return cls(texts, default)

    def write(self, stage: Stage, language: str, values: Mapping[str, str]) -> Written:
        """The mail with its places filled. A paragraph that has a place with nothing to put in is left out."""
        known = language if language in self._texts else self._default
        template = self._texts[known][stage]
        subject = " ".join(template["subject"].format_map(values).split())[:_SUBJECT_CHARS]
        paragraphs = [
            one.format_map(values).strip()
            for one in template["text"].strip().split("\n\n")
            if all(values[name].strip() for name in placeholders(one))
        ]
        return Written(subject, "\n\n".join(paragraphs) + "\n", _html(paragraphs, values, known), known)


def _html(paragraphs: list[str], values: Mapping[str, str], language: str) -> str:
    link = values["link"]
    anchor = Markup('<a href="{0}">{0}</a>').format(link)
    blocks = []
    for one in paragraphs:
        escaped = escape(one)
        if link:
            escaped = escaped.replace(escape(link), anchor)
        lines = Markup("<br>\n").join(Markup(line) for line in escaped.splitlines())  # noqa: S704 - escaped above
        # What a customer or an agent wrote may run the other way than the words around it.
        blocks.append(Markup('<p dir="auto">{}</p>').format(lines))
    body = Markup("\n").join(blocks)
    return Markup(
        '<!doctype html>\n<html lang="{}"><head><meta charset="utf-8"></head>\n'
        '<body style="font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:40em">\n'
        "{}\n</body></html>\n"
    ).format(language, body)


def _read(file: Path) -> dict[Stage, dict[str, str]]:
    content = read_yaml(file)
    whole = MappingReader(file, "the file", content)
    whole.only(*Stage)
    found: dict[Stage, dict[str, str]] = {}
    for stage in Stage:
        reader = MappingReader(file, stage.value, content.get(stage.value))
        reader.only(*_PARTS)
        parts = {name: reader.text(name) for name in _PARTS}
        try:
            used = frozenset().union(*(placeholders(part) for part in parts.values()))
        except ValueError as exc:
            reader.refuse(str(exc))
        if unknown := sorted(used - VARIABLES):
            reader.refuse(f"there is no {{{unknown[0]}}}, only {', '.join(sorted(VARIABLES))}")
        found[stage] = parts
    return found
