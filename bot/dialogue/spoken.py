"""Languages in, what is known of each out, made when a language is first spoken: a start waits for none of them."""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

Known = TypeVar("Known")


class Spoken(Mapping[str, Known], Generic[Known]):
    """What is known of each language. Safe for several threads."""

    def __init__(self, makers: Mapping[str, Callable[[], Known]]) -> None:
        """Each maker is called once at most, when its language is asked for."""
        self._makers = dict(makers)
        self._made: dict[str, Known] = {}
        self._lock = threading.Lock()

    def __getitem__(self, language: str) -> Known:
        made = self._made.get(language)
        if made is None:
            with self._lock:
                if language not in self._made:
                    self._made[language] = self._makers[language]()
                made = self._made[language]
        return made

    def __contains__(self, language: object) -> bool:
        return language in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def prepare(self) -> None:
        """Makes all of them now; raises what making one raises."""
        for language in self._makers:
            _ = self[language]
