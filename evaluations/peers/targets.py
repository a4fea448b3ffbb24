"""A measurement in, what was asked of the product and whether it was reached out; a miss names where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evaluations.peers.catalogue import OWN
from evaluations.peers.results import Measurement
from evaluations.peers.scoring import Row

#: nDCG@10 that the product's mean over the sets is to be above each peer's.
MEAN_MARGIN = 0.02
#: How many times the fastest peer's median query is to take.
FASTER = 3.0
#: Share of the leanest peer's memory that the product may need.
LEANER = 0.5


@dataclass(frozen=True, slots=True)
class Target:
    """One thing asked, with what was found."""

    asked: str
    found: str
    reached: bool | None
    """None where it cannot be judged."""


def targets(measurement: Measurement) -> tuple[Target, ...]:
    """All that was asked; empty unless the product and a peer were measured on the same set."""
    sets = {name: rows for name, rows in _by_set(measurement.rows).items() if OWN in rows and len(rows) > 1}
    if not sets:
        return ()
    return (_ahead(measurement), _mean(list(sets.values())), _faster(sets, measurement.busy), _leaner(sets))


def _by_set(rows: Sequence[Row]) -> dict[str, dict[str, Row]]:
    found: dict[str, dict[str, Row]] = {}
    for row in rows:
        found.setdefault(row.set, {})[row.peer] = row
    return found


def _ahead(measurement: Measurement) -> Target:
    behind = [one for one in measurement.margins if one.difference.value <= 0]
    least = min(measurement.margins, key=lambda one: one.difference.value)
    missed = "; ".join(f"not of {one.peer} on {one.set} ({one.difference.value:+.3f})" for one in behind)
    closest = f"closest: {least.peer} on {least.set} ({least.difference.value:+.3f})"
    measured = {(one.set, one.peer) for one in measurement.margins}
    names, peers = ({pair[place] for pair in measured} for place in (0, 1))
    absent = sorted(f"{peer} on {name}" for name in names for peer in peers if (name, peer) not in measured)
    unknown = f"; not measured: {', '.join(absent)}" if absent else ""
    return Target("nDCG@10 ahead of each peer on every set", f"{missed or closest}{unknown}", not behind)


def _mean(sets: Sequence[Mapping[str, Row]]) -> Target:
    """Each peer against the product, over the sets that it was measured on; the one that comes closest is named."""
    peers = dict.fromkeys(name for rows in sets for name in rows if name != OWN)
    margin, found = min(_mean_beside(peer, sets) for peer in peers)
    asked = f"mean nDCG@10 over the sets at least {MEAN_MARGIN} above each peer"
    return Target(asked, found, margin >= MEAN_MARGIN)


def _mean_beside(peer: str, sets: Sequence[Mapping[str, Row]]) -> tuple[float, str]:
    both = [rows for rows in sets if peer in rows]
    own, other = (sum(rows[name].figures["ndcg@10"] for rows in both) / len(both) for name in (OWN, peer))
    which = "all sets" if len(both) == len(sets) else f"{len(both)} of {len(sets)} sets"
    return own - other, f"closest: {peer}, {other:.3f} against {own:.3f} ({own - other:+.3f}) on {which}"


def _faster(sets: Mapping[str, Mapping[str, Row]], busy: bool) -> Target:
    ratios = {}
    for name, rows in sets.items():
        fastest = min((row for row in rows.values() if row.peer != OWN), key=lambda row: row.query_ms_p50)
        ratios[name] = (fastest.query_ms_p50 / rows[OWN].query_ms_p50, fastest.peer)
    found = "; ".join(f"{name} {ratio:.2f} ({peer})" for name, (ratio, peer) in ratios.items())
    reached = None if busy else all(ratio >= FASTER for ratio, _ in ratios.values())
    return Target(f"query p50 at least {FASTER:g} times faster than the fastest peer", found, reached)


def _leaner(sets: Mapping[str, Mapping[str, Row]]) -> Target:
    shares = {}
    for name, rows in sets.items():
        leanest = min((row for row in rows.values() if row.peer != OWN), key=lambda row: row.peak_mb)
        shares[name] = (rows[OWN].peak_mb / leanest.peak_mb, leanest.peer)
    found = "; ".join(f"{name} {share:.2f} ({peer})" for name, (share, peer) in shares.items())
    reached = all(share <= LEANER for share, _ in shares.values())
    return Target(f"memory at most {LEANER:g} of the leanest peer's", found, reached)
