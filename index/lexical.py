"""Terms in, row numbers with BM25 scores out; the only user of tantivy."""

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tantivy

from index.errors import GenerationRefused
from index.hit import Filters

#: The one field that is searched. Title, headings and body are weighed apart when candidates are ranked;
#: to find candidates one field is as good and three times as fast.
_WORDS = "words"
#: The writer's memory; the least tantivy allows, since batches are small.
_HEAP_BYTES = 15_000_000
#: Files a copy of the folder must not share: tantivy replaces or locks them.
_OWN = (".tantivy-writer.lock", ".tantivy-meta.lock", "meta.json", ".managed.json")


@dataclass(frozen=True, slots=True)
class Posting:
    """What the word index keeps of one row."""

    uid: int
    """Names the row in all generations."""
    words: str
    """Terms of title, headings and body joined by spaces; analysed before they come here."""
    locale: str
    audience: str
    article_id: str
    product: str
    tags: tuple[str, ...]


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("uid", stored=False, indexed=True, fast=True)
    builder.add_text_field(_WORDS, stored=False, tokenizer_name="whitespace", index_option="freq")
    for name in ("locale", "audience", "article", "product", "tag"):
        builder.add_text_field(name, stored=False, tokenizer_name="raw", index_option="basic")
    return builder.build()


class LexicalIndex:
    """A folder of postings, read-only; `revise` makes the next one beside it."""

    def __init__(self, folder: Path) -> None:
        try:
            self._index = tantivy.Index.open(str(folder))
            self._index.config_reader(reload_policy="manual")
            self._schema = self._index.schema
            self._searcher = self._index.searcher()
            self.documents: int = self._searcher.num_docs
        except (ValueError, OSError) as exc:
            raise GenerationRefused(
                f"The word index in {folder} cannot be read ({exc}). Run `tierzero reindex`."
            ) from exc

    def frequency(self, term: str) -> int:
        """Number of rows with the term in title, headings or body."""
        return int(self._searcher.doc_freq(_WORDS, term))

    def search(
        self, terms: Sequence[tuple[str, float]], filters: Filters, limit: int
    ) -> list[tuple[int, float]]:
        """Rows with at least one of the weighted terms, as (uid, BM25), best first."""
        if not terms or not self.documents:
            return []
        query = tantivy.Query
        should = [
            (
                tantivy.Occur.Should,
                query.boost_query(query.term_query(self._schema, _WORDS, term, "freq"), weight),
            )
            for term, weight in terms
        ]
        whole = query.boolean_query(should)
        required = self._required(filters)
        if required:
            whole = query.boolean_query([(tantivy.Occur.Must, whole), *required])
        # Tantivy sets memory aside for as many results as it is asked for.
        found = self._searcher.search(whole, limit=min(limit, self.documents), count=False)
        # Each time it is asked for them, tantivy makes new objects of its hits.
        hits = found.hits
        uids: Any = self._searcher.fast_field_values("uid", [address for _, address in hits])
        return [(uid, score) for uid, (score, _) in zip(uids, hits, strict=True)]

    def _required(self, filters: Filters) -> list[tuple[Any, Any]]:
        """Filter clauses; they score nothing."""
        wanted: list[tuple[str, tuple[str, ...]]] = [
            ("audience", () if filters.audience == "agent" else (filters.audience,)),
            ("locale", filters.locales),
            ("tag", filters.tags),
            ("product", (filters.product,) if filters.product else ()),
            ("article", filters.article_ids),
        ]
        query = tantivy.Query
        return [
            (
                tantivy.Occur.Must,
                query.const_score_query(query.term_set_query(self._schema, name, list(values)), 0.0),
            )
            for name, values in wanted
            if values
        ]


def revise(folder: Path, base: Path | None, removed: Iterable[int], added: Iterable[Posting]) -> None:
    """Writes the next word index into `folder`: `base` without `removed` and with `added`.

    Tantivy's files are written once, so those of `base` are linked and cost nothing.
    """
    folder.mkdir(parents=True)
    if base is not None:
        for path in base.iterdir():
            if path.name in _OWN:
                if not path.name.endswith(".lock"):
                    shutil.copy2(path, folder / path.name)
            else:
                _link(path, folder / path.name)
    index = tantivy.Index(_schema(), path=str(folder), reuse=True)
    writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
    gone = list(removed)
    if gone:
        # By query: deleting by term takes a number for a signed one, which an unsigned field never has.
        writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "uid", gone))
    for posting in added:
        writer.add_document(_document(posting))
    writer.commit()
    writer.wait_merging_threads()


def _document(posting: Posting) -> Any:
    document = tantivy.Document()
    document.add_unsigned("uid", posting.uid)
    document.add_text(_WORDS, posting.words)
    document.add_text("locale", posting.locale)
    document.add_text("audience", posting.audience)
    document.add_text("article", posting.article_id)
    document.add_text("product", posting.product)
    for tag in posting.tags:
        document.add_text("tag", tag)
    return document


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:
        # A file system without hard links.
        shutil.copy2(source, target)
