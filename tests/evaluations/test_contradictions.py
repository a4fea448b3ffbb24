"""The labelled pairs are well-formed, and what is reported of them is right more often than the floor."""

import json
from collections import Counter

from evaluations.contradictions import PAIRS, judge


def test_pairs_that_contradict_are_told_from_those_that_do_not() -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text("utf-8").splitlines()]
    assert Counter(pair["contradicts"] for pair in pairs) == {
        "": 37,
        "number": 13,
        "date": 12,
        "negation": 12,
    }
    judged, others = judge(pairs)
    said = [one for one in judged if one.reported]
    right = sum(bool(one.kind) for one in said)
    assert right >= 0.95 * len(said)
    assert right >= 0.6 * sum(bool(one.kind) for one in judged)
    assert others <= 1
