"""The audit log's chain: any change, gap, swap or cut shows."""

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.people.audit import GENESIS, Entry, Note, chained, verify

AT = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)


def log(count: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(1, count + 1):
        note = Note(
            AT, "account:a", "ticket.solved", f"ticket:{number}", {"before": "open", "after": "solved"}
        )
        entries.append(chained(note, number, entries[-1].hash if entries else GENESIS))
    return entries


def test_a_log_as_written_is_whole() -> None:
    entries = log(5)
    verdict = verify(entries)
    assert (verdict.entries, verdict.head, verdict.broken_at) == (5, entries[-1].hash, None)


def test_an_empty_log_is_whole() -> None:
    assert verify([]).head == GENESIS


@given(st.integers(2, 6), st.data())
def test_a_changed_entry_is_named(count: int, data: st.DataObject) -> None:
    entries = log(count)
    place = data.draw(st.integers(0, count - 1))
    field = data.draw(st.sampled_from(["who", "what", "subject", "at", "detail"]))
    other = {"at": AT + dt.timedelta(microseconds=1), "detail": {"before": "open"}}.get(field, "changed")
    entries[place] = replace(entries[place], note=replace(entries[place].note, **{field: other}))
    assert verify(entries).broken_at == place + 1


@given(st.integers(2, 6), st.data())
def test_a_removed_entry_is_named_unless_it_is_the_last(count: int, data: st.DataObject) -> None:
    entries = log(count)
    place = data.draw(st.integers(0, count - 2))
    del entries[place]
    verdict = verify(entries)
    assert verdict.broken_at == place + 1
    assert verdict.reason == f"Entry {place + 1} is missing."


def test_a_cut_end_shows_against_a_hash_noted_down_before() -> None:
    entries = log(4)
    assert verify(entries[:3]).broken_at is None
    assert verify(entries[:3], entries[3].hash).broken_at == 4
    assert verify(log(6), entries[3].hash).broken_at is None


def test_a_rewritten_entry_with_its_own_new_hash_breaks_the_next_one() -> None:
    entries = log(3)
    entries[0] = chained(replace(entries[0].note, who="account:b"), 1, GENESIS)
    assert verify(entries).broken_at == 2
