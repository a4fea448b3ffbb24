"""Letters in, the script that most of them are in out."""

import re

#: A script that is none of those below.
OTHER = "other"

_LETTERS = {
    "latin": r"A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
    "cyrillic": r"\u0400-\u052f",
    "greek": r"\u0370-\u03ff\u1f00-\u1fff",
    "arabic": r"\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "hebrew": r"\u0590-\u05ff",
    "devanagari": r"\u0900-\u097f",
    "kana": r"\u3040-\u30ff\u31f0-\u31ff",
    "han": r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff",
    "hangul": r"\u1100-\u11ff\u3130-\u318f\uac00-\ud7af",
    "thai": r"\u0e00-\u0e7f",
    "armenian": r"\u0530-\u058f",
    "georgian": r"\u10a0-\u10ff",
    "bengali": r"\u0980-\u09ff",
    "tamil": r"\u0b80-\u0bff",
    "telugu": r"\u0c00-\u0c7f",
}
_SCRIPTS = {name: re.compile(f"[{letters}]") for name, letters in _LETTERS.items()}
_OTHER_SCRIPT = re.compile("[^\x00-\u024f\u1e00-\u1eff\u2000-\u2bff\ufe0f\U0001f000-\U0001faff]")
#: Languages of each script; several where letters alone do not tell.
WRITTEN_IN = {
    "cyrillic": ("ru", "uk", "bg", "sr", "be", "mk", "kk"),
    "arabic": ("ar", "fa", "ur"),
    "greek": ("el",),
    "hebrew": ("he",),
    "devanagari": ("hi",),
    "kana": ("ja",),
    "han": ("zh", "ja"),
    "hangul": ("ko",),
    "thai": ("th",),
    "armenian": ("hy",),
    "georgian": ("ka",),
    "bengali": ("bn",),
    "tamil": ("ta",),
    "telugu": ("te",),
}
#: One of these signs says about as much as three letters of an alphabet.
_SIGNS_PER_LETTER = {"han": 3, "kana": 3, "hangul": 2}


def script_of(text: str, letters: int) -> str:
    """The script most of the letters are in; `OTHER` for one not known here, '' for none that prevails."""
    if text.isascii() or len(_SCRIPTS["latin"].findall(text)) >= letters / 2:
        return "latin"
    counts = {
        name: len(letter.findall(text)) * _SIGNS_PER_LETTER.get(name, 1) for name, letter in _SCRIPTS.items()
    }
    if counts["kana"]:
        # Japanese mixes kana with Han characters; Chinese has no kana.
        counts["kana"] += counts.pop("han")
    known = max(counts, key=counts.__getitem__)
    if counts[known] >= letters / 2:
        return known
    return OTHER if len(_OTHER_SCRIPT.findall(text)) > letters / 2 else ""
