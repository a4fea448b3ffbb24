"""How many sockets there may be at the same time: in all, for one address, for one conversation."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Final

from bot.web.limits import Buckets

#: Sockets of one process; each costs some 50 kB.
MOST: Final = 2000
#: A family, an office or a carrier's customers behind one address.
MOST_OF_ADDRESS: Final = 50
#: A customer's open tabs.
MOST_OF_CONVERSATION: Final = 6
MOST_OF_ACCOUNT: Final = 10
#: Sockets that one address may open; who loses the connection again and again must get back in.
OPENED_PER_MINUTE: Final = 60
OPENED_AT_ONCE: Final = 40


class Places:
    """Sockets that are open in this process."""

    def __init__(self) -> None:
        self._taken: Counter[str] = Counter()
        self._opening = Buckets(OPENED_PER_MINUTE, OPENED_AT_ONCE)

    @contextlib.contextmanager
    def one(self, address: str, key: str, most: int) -> Iterator[bool]:
        """A place, or False where there is none: `key` names whose socket it is, of which there may be `most`."""
        bounds = {"": MOST, f"address:{address}": MOST_OF_ADDRESS, key: most}
        if self._opening.take(address) > 0 or any(self._taken[name] >= most for name, most in bounds.items()):
            yield False
            return
        self._taken.update(bounds.keys())
        try:
            yield True
        finally:
            self._taken.subtract(bounds.keys())
            self._taken += Counter()  # forgets who has no place any more
