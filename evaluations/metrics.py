"""Rankings and judgements in, metrics of each query out, computed by ir-measures."""

from collections.abc import Mapping, Sequence

#: Names in reports, and what ir-measures calls them.
MEASURES = {
    "hit@1": "Success@1",
    "hit@5": "Success@5",
    "mrr@10": "RR@10",
    "ndcg@10": "nDCG@10",
    "recall@100": "R@100",
}
RETRIEVAL_METRICS = tuple(MEASURES)
#: Documents a ranking needs for all of these.
DEPTH = 100


def measure(
    rankings: Mapping[str, Sequence[str]], wanted: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, float]]:
    """For each query of `rankings` the value of each metric; each value is 0..1, more is better.

    `wanted` has grades above 0; nDCG uses them as gains (Järvelin & Kekäläinen 2002, linear, as trec_eval does).
    A wanted document that was never retrieved counts as missed; a query without a ranking gets 0.
    """
    import ir_measures

    named = {ir_measures.parse_measure(theirs): ours for ours, theirs in MEASURES.items()}
    # Scores fall with the rank: the order is ours, and no tie is broken by document ids.
    run = {
        query: {document: 1.0 / rank for rank, document in enumerate(ranking, 1)}
        for query, ranking in rankings.items()
    }
    judged = {query: dict(wanted.get(query, {})) for query in rankings}
    values = {query: dict.fromkeys(MEASURES, 0.0) for query in rankings}
    for metric in ir_measures.iter_calc(list(named), judged, run):
        values[metric.query_id][named[metric.measure]] = float(metric.value)
    return values
