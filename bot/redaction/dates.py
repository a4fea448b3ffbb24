"""What a date looks like in figures: numbers of other kinds must not be one."""

import re

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d{2}"
#: 2026-11-22, 22.11.2026, 11/22/26; a year of two digits only with dots or slashes, since sort codes have hyphens.
DATE = re.compile(
    rf"(?<!\d)(?:{_YEAR}[.\-/ ]{_MONTH}[.\-/ ]{_DAY}"
    rf"|{_DAY}[.\-/ ]{_MONTH}[.\-/ ]{_YEAR}|{_MONTH}[.\-/ ]{_DAY}[.\-/ ]{_YEAR}"
    rf"|{_DAY}[./]{_MONTH}[./]\d{{2}}|{_MONTH}[./]{_DAY}[./]\d{{2}})(?!\d)",
    re.ASCII,
)
