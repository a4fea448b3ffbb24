"""How an article is cut for the encoder."""

from kb.article import Article, Chunk, SpanKind
from kb.chunking import chunk, encoder_text, span_ranges
from kb.markdown import parse


def words(text: str) -> int:
    """A tokenizer that counts words and adds two marks around every text, as BERT's does."""
    return 2 + len(text.split())


def cut(text: str, limit: int = 30) -> tuple[Chunk, ...]:
    return chunk(article(text), words, limit)


def article(text: str) -> Article:
    return parse(f"---\ntitle: The title\n---\n{text}", "a.md", locales=frozenset({"en"}))


def sentences(count: int, length: int = 5) -> str:
    return " ".join("Word" + " word" * (length - 1) + "." for _ in range(count))


def test_the_encoder_reads_title_and_headings_but_the_quote_has_neither() -> None:
    (found,) = cut("## Fees\n\n### Abroad\n\nIt is free. Mostly.\n\n- a\n- b")
    assert encoder_text(found) == "The title\nFees > Abroad\nIt is free. Mostly.\na\nb"
    source = article("## Fees\n\n### Abroad\n\nIt is free. Mostly.\n\n- a\n- b").source
    assert source[found.start : found.end] == "It is free. Mostly.\n\n- a\n- b"


def test_span_ranges_point_into_the_encoder_text() -> None:
    (found,) = cut("## Fees\n\nIt is free. Mostly.\n\n- a")
    body = encoder_text(found)
    assert [body[begin:end] for begin, end in span_ranges(found)] == ["It is free.", "Mostly.", "a"]


def test_sections_never_share_a_chunk_however_small() -> None:
    assert [found.anchor for found in cut("a\n\n## B\n\nb\n\n## C\n\nc")] == ["", "b", "c"]


def test_a_section_a_little_too_long_becomes_two_halves_alike() -> None:
    limit, head = 62, 4
    found = cut(sentences(14), limit)
    sizes = [words(encoder_text(part)) - head for part in found]
    assert sizes == [35, 35]


def test_a_cut_prefers_the_end_of_a_paragraph() -> None:
    found = cut(f"{sentences(3)}\n\n{sentences(5)}", 34)
    assert [len(part.spans) for part in found] == [3, 5]


def test_a_line_that_leads_in_a_list_stays_with_it() -> None:
    text = f"{sentences(4)}\n\nDo this now:\n\n" + "\n".join(f"1. {sentences(1)}" for _ in range(3))
    found = cut(text, 32)
    assert found[-1].spans[0].text == "Do this now:"


def test_no_chunk_is_longer_than_the_limit() -> None:
    text = "## H\n\n" + "\n\n".join(sentences(n % 5 + 1, n % 7 + 1) for n in range(40))
    assert max(words(encoder_text(part)) for part in cut(text, 40)) <= 40


def test_an_item_that_fits_is_never_cut() -> None:
    text = "\n".join(f"- {sentences(4)}" for _ in range(3))
    assert [len(part.spans) for part in cut(text, 26)] == [1, 1, 1]
    assert all(part.spans[0].kind is SpanKind.ITEM for part in cut(text, 26))


def test_an_item_too_long_is_parted_between_sentences() -> None:
    source = article(f"- {sentences(12)}").source
    found = cut(f"- {sentences(12)}", 30)
    assert len(found) == 3
    for part in found:
        assert source[part.start : part.end] == part.spans[0].text == sentences(4)
        assert part.spans[0].kind is SpanKind.SENTENCE


def test_an_endless_sentence_is_parted_between_words() -> None:
    text = " ".join(f"w{index}" for index in range(100))
    found = cut(text, 30)
    assert " ".join(part.spans[0].text for part in found) == text
    assert max(words(encoder_text(part)) for part in found) <= 30


def test_code_that_fits_is_whole_and_longer_code_is_parted_between_lines() -> None:
    code = "\n".join(f"line {index} of code" for index in range(20))
    (whole,) = cut(f"```\n{code}\n```", 200)
    assert whole.spans[0].text == code
    parts = cut(f"```\n{code}\n```", 30)
    assert "\n".join(part.spans[0].text for part in parts) == code
    assert {part.spans[0].kind for part in parts} == {SpanKind.CODE}


def test_a_very_long_title_leaves_half_of_the_limit_to_the_body() -> None:
    text = f"---\ntitle: {'title ' * 300}\n---\n{sentences(6)}"
    found = chunk(parse(text, "a.md", locales=frozenset()), words, 40)
    assert [len(part.spans) for part in found] == [3, 3]
    assert len(encoder_text(found[0]).partition("\n")[0]) <= 120
