"""A gap stays what it is while questions come, go and are grouped anew."""

from collections.abc import Sequence

from bot.gaps.identity import Grouped, Known, identify
from bot.gaps.unanswered import Place


def places(*names: str) -> list[Place]:
    return [Place(name, 0) for name in names]


def known(id_: str, *names: str, in_work: bool = False) -> Known:
    return Known(id_, frozenset(places(*names)), in_work)


def told(groups: Sequence[Grouped]) -> dict[str, set[str]]:
    return {one.id: {place.conversation_id for place in one.members} for one in groups}


def test_new_questions_join_the_gap_they_are_grouped_with() -> None:
    found = identify([places("a", "b", "c"), places("x", "y")], [known("G", "a", "b")])
    assert told(found) == {"G": {"a", "b", "c"}, "": {"x", "y"}}


def test_when_an_open_gap_splits_the_larger_part_keeps_its_name() -> None:
    found = identify([places("a"), places("b", "c")], [known("G", "a", "b", "c")])
    assert told(found) == {"G": {"b", "c"}, "": {"a"}}


def test_when_open_gaps_merge_the_larger_one_gives_the_name() -> None:
    found = identify([places("a", "b", "c")], [known("G", "a"), known("H", "b", "c")])
    assert told(found) == {"H": {"a", "b", "c"}}


def test_a_gap_in_work_keeps_its_questions_however_they_are_grouped() -> None:
    mine = known("M", "a", "b", in_work=True)
    found = identify([places("a", "x", "y", "z"), places("b", "p", "q", "r")], [mine])
    assert sorted((one.id, len(one.members)) for one in found) == [("", 3), ("", 3), ("M", 2)]


def test_two_gaps_in_work_never_merge() -> None:
    found = identify(
        [places("a", "b", "c", "d", "new")],
        [known("M", "a", "b", "c", in_work=True), known("N", "d", in_work=True)],
    )
    assert told(found) == {"M": {"a", "b", "c", "new"}, "N": {"d"}}


def test_a_large_new_matter_is_not_swallowed_by_a_small_gap_in_work() -> None:
    found = identify([places("a", *"qrstuvw")], [known("M", "a", in_work=True)])
    assert told(found) == {"M": {"a"}, "": set("qrstuvw")}


def test_each_question_is_in_one_group() -> None:
    groups = [places("a", "b"), places("c", "d", "e")]
    found = identify(groups, [known("G", "a", "c"), known("M", "b", "e", in_work=True)])
    assert sorted(place.conversation_id for one in found for place in one.members) == list("abcde")
