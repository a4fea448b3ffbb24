"""Lines of text in, the same without kramdown's attribute lists out; anchors written in them are kept by line."""

import re

_EXPLICIT_ID = re.compile(r"\{:?[ \t]*(?:[^{}#\n]{0,200}[ \t])?#([^\s{}\"'<>&]{1,200})[^{}\n]{0,200}\}")
_LIST_MARKER = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")


def mask_attributes(text: str, first_line: int, ids: dict[int, str]) -> str:
    """kramdown's `{#id}` behind a heading and `{: .class}` on a line of its own."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        stripped = line.rstrip()
        if not stripped.endswith("}"):
            continue
        at = stripped.rfind("{")
        attributes = stripped[at:] if at >= 0 else ""
        if not attributes.startswith(("{:", "{#", "{.")):
            continue
        alone = not stripped[:at].strip()
        heading = stripped.lstrip("> \t").startswith("#") or _underlines(lines, index + 1)
        if not (heading or (alone and attributes.startswith("{:"))):
            continue
        if explicit := _EXPLICIT_ID.match(attributes):
            ids[first_line + index - (1 if alone else 0)] = explicit.group(1)
        lines[index] = line[:at] + " " * (len(line) - at)
        contents = alone and attributes.replace(" ", "") == "{:toc}"
        if contents and index and _LIST_MARKER.match(lines[index - 1]):
            lines[index - 1] = " " * len(lines[index - 1])
    return "\n".join(lines)


def _underlines(lines: list[str], index: int) -> bool:
    line = lines[index].strip() if index < len(lines) else ""
    return bool(line) and set(line) in ({"="}, {"-"})
