"""The last layer: every part, and how a process starts, tells that it is ready, and lets go."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.composition.working import Working
from bot.errors import BotError
from bot.knowledge.served import Follower
from index.errors import SearchError

if TYPE_CHECKING:
    from bot.meters import Gauge


@dataclass(slots=True)
class Services(Working):
    """Everything a process holds open. Parts are made when first asked for, so a command pays for what it uses."""

    _follower: Follower | None = None

    def start(self) -> None:
        """Opens what a server needs before its first request, and begins to follow publications."""
        # Made now, so that neither its files nor a mistake in them wait for the first customer.
        _ = self.chat
        self.arms.refresh()
        # The first run of a model allocates its memory; no customer should wait for that.
        self.encoder.encode(["warm up"])
        self._follower = Follower(self._follow)
        self.keep_counted()
        self.start_work()
        self.meters.watch(self._gauges())

    def complete(self) -> None:
        """Reads what the start left out, so that it waits for no customer."""
        self.dialogue.prepare()

    def _gauges(self) -> "Sequence[Gauge]":
        """What monitoring may ask of the parts; each is one cheap look."""
        from bot.meters import Gauge

        return (
            Gauge("ready", "Whether a part can be used.", "part", self._ready_parts),
            Gauge(
                *("outbox", "Effects that are to leave the desk, by how they stand.", "standing"),
                lambda: {standing.value: float(count) for standing, count in self.outbox.counts().items()},
            ),
            Gauge(
                *("days_uncounted", "Closed days that are not counted yet.", "kind"),
                lambda: {"closed": float(self.counting.missing())},
            ),
        )

    def _ready_parts(self) -> dict[str, float]:
        return {part: float(state == "ok") for part, state in self.ready().items()}

    def _follow(self) -> bool:
        """Brings index and learned questions up to the database; the second belong to the first."""
        published = self.knowledge.refresh()
        self.arms.refresh()
        return self.learning.refresh() or published

    def ready(self) -> dict[str, str]:
        """Each part and `ok`, or what is wrong with it."""
        checks: Sequence[tuple[str, Callable[[], object]]] = (
            ("database", self.conversations.ping),
            ("model", lambda: self.encoder),
            ("index", lambda: self.knowledge.searcher),
        )
        result = {}
        for name, check in checks:
            try:
                check()
                result[name] = "ok"
            except (BotError, SearchError) as exc:
                result[name] = str(exc)
        if result["index"] == "ok" and self.knowledge.problem:
            result["index"] = self.knowledge.problem
        return result

    def close(self) -> None:
        """Lets go of everything."""
        for thread in (self._worker, self._follower, self._keeper):
            if thread is not None:
                thread.close()
        if self._database is not None:
            self._database.close()
