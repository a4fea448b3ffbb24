"""A language's code in, its name in its own words out."""

from collections.abc import Mapping
from typing import Final

#: Languages by their own names (from Unicode CLDR).
OWN_NAMES: Final[Mapping[str, str]] = {
    "ar": "العربية",
    "bg": "Български",
    "ca": "Català",
    "cs": "Čeština",
    "da": "Dansk",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "et": "Eesti",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "he": "עברית",
    "hi": "हिन्दी",
    "hr": "Hrvatski",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "ko": "한국어",
    "lt": "Lietuvių",
    "lv": "Latviešu",
    "nb": "Norsk",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sk": "Slovenčina",
    "sl": "Slovenščina",
    "sv": "Svenska",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "vi": "Tiếng Việt",
    "zh": "中文",
}


def primary(locale: str) -> str:
    """`pt-BR` -> `pt`."""
    return locale.replace("_", "-").partition("-")[0].lower()


def own_name(locale: str) -> str:
    """`nl` -> `Nederlands`; the code itself where we do not know the language."""
    return OWN_NAMES.get(primary(locale), locale)
