"""Claims what is due and carries it out: done, tried again later, or given up; the one place where effects leave."""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

from bot.outgoing.effects import (
    MOST_ATTEMPTS,
    Channel,
    Claimed,
    Effect,
    Kept,
    NothingToDo,
    Standing,
    Undeliverable,
    wait_after,
)
from bot.randomness import Chance

#: A worker that ends without a word loses its effects after this time; no single try takes as long.
LEASE: Final = dt.timedelta(minutes=5)
#: Effects claimed at once: few enough to be carried out within the lease, also where each waits for its time-out.
MOST_AT_ONCE: Final = 16
#: Receivers served side by side, so that one that hangs holds up no other.
_SIDE_BY_SIDE: Final = 4
#: How long what is done is kept for people to look at.
KEPT: Final = dt.timedelta(days=30)
_PRUNED_EVERY: Final = dt.timedelta(hours=1)

_log = logging.getLogger(__name__)


class Outbox(Protocol):
    """Where effects are kept."""

    def claim(self, at: dt.datetime, until: dt.datetime, most: int) -> Sequence[Claimed]:
        """Due effects that nobody else has until then; of each lane the first."""

    def settle(self, claimed: Claimed, standing: Standing, problem: str = "") -> None:
        """Ends an effect."""

    def put_off(self, claimed: Claimed, due_at: dt.datetime, problem: str, *, untried: bool = False) -> None:
        """Leaves an effect for later."""

    def list(self, standings: Iterable[Standing], most: int) -> Sequence[Kept]:
        """Effects that stand so, newest first."""

    def counts(self) -> Mapping[Standing, int]:
        """How many effects stand how."""

    def revive(self, effect_id: int | None, at: dt.datetime) -> int:
        """Has what was given up tried again; returns how many."""

    def prune(self, before: dt.datetime) -> int:
        """Removes what was ended before a time."""


class Announcer(Protocol):
    """Turns what happened into effects."""

    def announce(self) -> int:
        """Stores the effects of events that have none yet; returns how many events there were."""


class Carrier(Protocol):
    """Carries out the effects of one channel."""

    def carry(self, effect: Effect) -> None:
        """Raises `Undeliverable` where it did not work, `NothingToDo` where its occasion has passed."""


class Delivery:
    """Carries effects out. Any number of workers may do so at once."""

    def __init__(
        self, outbox: Outbox, carriers: Mapping[Channel, Carrier], chance: Chance, announcer: Announcer
    ) -> None:
        self._outbox = outbox
        self._carriers = carriers
        self._chance = chance
        self._announcer = announcer
        self._pruned_at: dt.datetime | None = None

    def run(self) -> int:
        """Announces what happened, carries out what is due now, and returns how many effects it took up.

        What one effect leads to, such as the next of its lane, is for the next call: call again until it gives 0.
        """
        self._announcer.announce()
        now = self._chance.now()
        claimed = self._outbox.claim(now, now + LEASE, MOST_AT_ONCE)
        by_target: dict[tuple[Channel, str], list[Claimed]] = defaultdict(list)
        for one in claimed:
            # Mails of all stages leave through one server.
            target = one.effect.target if one.effect.channel is Channel.WEBHOOK else ""
            by_target[one.effect.channel, target].append(one)
        groups = list(by_target.values())
        if len(groups) == 1:
            self._carry_all(groups[0])
        elif groups:
            with ThreadPoolExecutor(_SIDE_BY_SIDE, thread_name_prefix="delivery") as pool:
                list(pool.map(self._carry_all, groups))
        self._prune(now)
        return len(claimed)

    def _carry_all(self, group: Sequence[Claimed]) -> None:
        """The effects of one target; once it fails, the rest is left for later without a try."""
        for place, one in enumerate(group):
            if not self._carry(one):
                later = self._chance.now() + wait_after(1, self._chance.random)
                for rest in group[place + 1 :]:
                    self._outbox.put_off(
                        rest, later, "Not tried: another one failed just before.", untried=True
                    )
                return

    def _carry(self, claimed: Claimed) -> bool:
        """Whether the target took it, or had nothing to take."""
        effect = claimed.effect
        carrier = self._carriers.get(effect.channel)
        try:
            if carrier is None:
                raise Undeliverable(f"Nothing is set that carries {effect.channel}.")
            carrier.carry(effect)
        except NothingToDo as exc:
            self._outbox.settle(claimed, Standing.VOID, str(exc))
            return True
        except Undeliverable as exc:
            self._failed(claimed, str(exc), for_good=exc.for_good)
            # A refusal of this one says nothing of the others.
            return exc.for_good
        except Exception as exc:
            # Whatever breaks inside must not lose an effect, nor stop the others.
            _log.exception("an effect could not be carried out")
            self._failed(claimed, f"Failed inside: {type(exc).__name__}.", for_good=False)
            return False
        self._outbox.settle(claimed, Standing.DONE)
        return True

    def _failed(self, claimed: Claimed, problem: str, *, for_good: bool) -> None:
        if for_good or claimed.attempts >= MOST_ATTEMPTS:
            _log.error("given up: %s %s: %s", claimed.effect.channel, claimed.effect.key, problem)
            self._outbox.settle(claimed, Standing.DEAD, problem)
            return
        later = self._chance.now() + wait_after(claimed.attempts, self._chance.random)
        self._outbox.put_off(claimed, later, problem)

    def _prune(self, now: dt.datetime) -> None:
        if self._pruned_at is None or now - self._pruned_at > _PRUNED_EVERY:
            self._outbox.prune(now - KEPT)
            self._pruned_at = now
