"""Real chunks in, a synthetic knowledge base of any size out, for measurements of speed and size.

A vector lies between a real chunk's and one of its near neighbours', with noise, so that the clusters of real text
stay. Words are those of the chunk it began at, with an invented name for each article.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from index.builder import Builder
from index.compiled import CompiledEncoder
from index.composing import Made
from index.encoder import Floats
from index.generation import ArticleFacts, Generation
from index.rows import term_counts, terms_of
from index.words import Analyzer
from kb.article import ArticleKey
from kb.codec import encode_chunk

#: Version of how rows are made up; bases of two of them cannot be compared.
MADE = 1
#: Chunks of one synthetic article.
PER_ARTICLE = 8
#: Every so many articles have the tag `TAG`.
TAGGED, TAG = 10, "tenth"
#: Real chunks that synthetic ones are made of.
MOST_REAL = 10_000
#: Near neighbours of a chunk that a synthetic one may lie towards.
NEIGHBOURS = 16
_SYLLABLES = ("ba", "do", "ki", "lu", "me", "no", "ra", "so", "ti", "ve", "wa", "xi", "ya", "zu", "fe", "gi")


def build(root: Path, encoder: CompiledEncoder, pool: Generation, size: int, tokens: int) -> str:
    """Writes a generation of `size` chunks drawn from `pool`, with at most `tokens` token vectors each; its name."""
    articles = [
        ArticleFacts(
            ArticleKey(f"synthetic/{_invented(number)}", "en"),
            "0" * 12,
            "",
            "public",
            "",
            "",
            (TAG,) if number % TAGGED == 0 else (),
        )
        for number in range(-(-size // PER_ARTICLE))
    ]
    name, _ = Builder(root, encoder).write(articles, _rows(pool, articles, size, tokens))
    return name


def _rows(pool: Generation, articles: Sequence[ArticleFacts], size: int, tokens: int) -> Iterator[Made]:
    chosen = np.random.default_rng(7).permutation(len(pool.rows))[:MOST_REAL]
    analyzer = Analyzer()
    known, vectors = [], []
    for number, place, _ in pool.rows[chosen].tolist():
        segment = pool.segments[number]
        chunk = segment.chunk(place)
        row = segment.row(place)
        vectors.append(row.vector)
        row = replace(
            row, tokens=row.tokens[:tokens], token_spans=row.token_spans[:tokens], pieces=row.pieces[:tokens]
        )
        known.append(
            (chunk, row, terms_of(chunk, analyzer), segment.title_vectors[segment.article_of[place]])
        )
    drawn = zip(*_synthetic(np.stack(vectors), size), strict=True)
    for number, (vector, source) in enumerate(drawn):
        owner = number // PER_ARTICLE
        chunk, row, terms, title = known[int(source)]
        name = _invented(owner)
        chunk = replace(
            chunk, key=articles[owner].key, ordinal=number % PER_ARTICLE, title=f"{chunk.title} {name}"
        )
        terms = replace(terms, title=[*terms.title, name])
        codes, counts, lengths = term_counts(terms)
        made = replace(
            row, record=encode_chunk(chunk), vector=vector, codes=codes, counts=counts, lengths=lengths
        )
        yield Made(made, chunk, terms, owner, title)


def _synthetic(real: Floats, size: int) -> tuple[Iterator[Floats], Iterator[int]]:
    """Unit vectors between a real one and a near neighbour of it, with noise, and the real ones they began at."""
    near = np.concatenate(
        [
            np.argpartition(-(real[start : start + 1000] @ real.T), NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
            for start in range(0, len(real), 1000)
        ]
    )

    def batches() -> Iterator[tuple[Floats, list[int]]]:
        random = np.random.default_rng(11)
        for start in range(0, size, 10_000):
            count = min(10_000, size - start)
            begin = random.integers(len(real), size=count)
            other = near[begin, random.integers(NEIGHBOURS, size=count)]
            share = random.uniform(0.3, 1.0, size=(count, 1))
            noise = random.normal(size=(count, real.shape[1])) / np.sqrt(real.shape[1])
            mixed = share * real[begin] + (1.0 - share) * real[other]
            mixed += random.uniform(0.2, 0.6, size=(count, 1)) * noise
            unit = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
            yield unit.astype(np.float32), begin.tolist()

    one, two = itertools.tee(batches())
    return (v for vectors, _ in one for v in vectors), (s for _, sources in two for s in sources)


def _invented(number: int) -> str:
    """A word that no language has, another one for each number."""
    word = ""
    while number or len(word) < 6:
        word, number = word + _SYLLABLES[number % 16], number // 16
    return word
