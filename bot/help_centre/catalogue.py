"""What is published in, the public articles of it in the orders that pages need out; pure, kept by who asks."""

from collections import defaultdict
from collections.abc import Sequence

from bot.help_centre.shelves import Category, Listed, shelved
from bot.ports import ArticleRecord, Generation
from kb.article import ArticleKey, Audience


class Catalogue:
    """The public articles of one publication in the orders that pages need, each made once, when it is asked for."""

    def __init__(self, generation: Generation | None, records: Sequence[ArticleRecord]) -> None:
        self.generation = generation
        self.records = tuple(record for record in records if record.audience is Audience.PUBLIC)
        self.known = {record.key for record in self.records}
        self._listed: dict[str, list[Listed]] = defaultdict(list)
        self.languages: dict[str, list[ArticleKey]] = defaultdict(list)
        for record in self.records:
            key = record.key
            self._listed[key.locale].append(Listed(key.id, record.title, record.category, key.locale))
            self.languages[key.id].append(key)
        self.beginnings: dict[ArticleKey, str] = {}
        self._categories: dict[str, tuple[Category, ...]] = {}
        self._changed: tuple[ArticleRecord, ...] = ()

    def categories(self, locale: str, default_locale: str) -> tuple[Category, ...]:
        """What readers of a language find."""
        if locale not in self._listed:
            locale = default_locale
        if locale not in self._categories:
            others = self._listed.get(default_locale, ()) if locale != default_locale else ()
            self._categories[locale] = shelved(self._listed.get(locale, ()), others)
        return self._categories[locale]

    def changed(self) -> tuple[ArticleRecord, ...]:
        """All of them, the last changed first."""
        if not self._changed:
            by_time = sorted(self.records, key=lambda one: (one.first_published_at, one.key), reverse=True)
            self._changed = tuple(by_time)
        return self._changed
