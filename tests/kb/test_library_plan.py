"""What an ingest decides: publish, withdraw, leave, quarantine."""

import hashlib
from collections.abc import Mapping

from kb.article import ArticleKey
from kb.library import Known, Plan, plan, read
from kb.sources.folder import SourceFile, Unreadable

LOCALES = frozenset({"en", "es"})
STILL = "The last good version goes on answering until the file is mended, made a draft or deleted."


def file(path: str, text: str | bytes) -> SourceFile:
    content = text if isinstance(text, bytes) else text.encode()
    return SourceFile(path, content, hashlib.sha256(content).hexdigest())


def sync(files: Mapping[str, str | bytes], before: Plan | None = None, *, reread: bool = False) -> Plan:
    return sync_files([file(path, text) for path, text in sorted(files.items())], before, reread=reread)


def sync_files(files: list[SourceFile | Unreadable], before: Plan | None, *, reread: bool = False) -> Plan:
    known = {state.path: state for state in before.files} if before else {}
    return plan(list(read(files, known, default_locale="en", locales=LOCALES, reread=reread)), known)


def names(keys: tuple[ArticleKey, ...]) -> list[str]:
    return [str(key) for key in keys]


def test_a_first_ingest_adds_everything_that_can_be_read() -> None:
    found = sync(
        {"a.md": "A.", "es/a.md": "A.", "bad.md": "---\na: [\n---\nx", "draft.md": "---\ndraft: yes\n---\nx"}
    )
    assert names(found.receipt.added) == ["en/a", "es/a"]
    assert [article.key for article in found.articles] == list(found.receipt.added)
    assert [bad.path for bad in found.receipt.quarantined] == ["bad.md"]
    assert {state.path: state.key for state in found.files if not state.key} == {
        "bad.md": None,
        "draft.md": None,
    }


def test_an_unchanged_tree_is_not_parsed_and_changes_nothing() -> None:
    first = sync({"a.md": "A.", "b.md": "B.", "d.md": "---\ndraft: yes\n---\nx"})
    second = sync({"a.md": "A.", "b.md": "B.", "d.md": "---\ndraft: yes\n---\nx"}, first)
    assert second.articles == ()
    assert second.files == first.files
    assert names(second.receipt.unchanged) == ["en/a", "en/b"]
    assert second.receipt.added == second.receipt.changed == second.receipt.removed == ()


def test_edits_additions_and_deletions_are_told_apart() -> None:
    first = sync({"a.md": "A.", "b.md": "B.", "c.md": "C."})
    second = sync({"a.md": "A.", "b.md": "B2.", "d.md": "D."}, first)
    assert names(second.receipt.unchanged) == ["en/a"]
    assert names(second.receipt.changed) == ["en/b"]
    assert names(second.receipt.removed) == ["en/c"]
    assert names(second.receipt.added) == ["en/d"]
    assert [str(article.key) for article in second.articles] == ["en/b", "en/d"]


def test_a_moved_file_with_the_same_id_is_changed_not_removed_and_added() -> None:
    first = sync({"a.md": "---\nid: x\n---\nA."})
    second = sync({"b/c.md": "---\nid: x\n---\nA."}, first)
    assert names(second.receipt.changed) == ["en/x"]
    assert second.receipt.added == second.receipt.removed == ()
    assert [state.path for state in second.files] == ["b/c.md"]


def test_a_new_id_in_the_same_file_removes_the_old_article() -> None:
    first = sync({"a.md": "---\nid: x\n---\nA."})
    second = sync({"a.md": "---\nid: y\n---\nA."}, first)
    assert (names(second.receipt.added), names(second.receipt.removed)) == (["en/y"], ["en/x"])


def test_of_two_files_with_one_id_the_first_path_wins() -> None:
    found = sync({"a.md": "---\nid: x\n---\nA.", "b.md": "---\nid: x\n---\nB."})
    assert [article.source for article in found.articles] == ["---\nid: x\n---\nA."]
    (bad,) = found.receipt.quarantined
    assert bad.path == "b.md"
    assert bad.reason.startswith("The file a.md already is the article “x” in en")


def test_a_file_that_already_publishes_an_id_keeps_it() -> None:
    first = sync({"b.md": "---\nid: x\n---\nB."})
    second = sync({"a.md": "---\nid: x\n---\nA.", "b.md": "---\nid: x\n---\nB2."}, first)
    assert [article.source for article in second.articles] == ["---\nid: x\n---\nB2."]
    assert [bad.path for bad in second.receipt.quarantined] == ["a.md"]


def test_a_duplicate_takes_over_when_the_other_goes_although_it_did_not_change() -> None:
    first = sync({"a.md": "---\nid: x\n---\nA.", "b.md": "---\nid: x\n---\nB."})
    second = sync({"b.md": "---\nid: x\n---\nB."}, first)
    assert names(second.receipt.changed) == ["en/x"]
    assert second.receipt.quarantined == ()
    assert [article.source for article in second.articles] == ["---\nid: x\n---\nB."]


def test_a_published_file_that_breaks_goes_on_answering_and_says_so() -> None:
    first = sync({"a.md": "A."})
    second = sync({"a.md": "---\na: [\n---\nA."}, first)
    assert names(second.receipt.unchanged) == ["en/a"]
    assert second.articles == second.receipt.removed == ()
    assert second.receipt.quarantined[0].reason.endswith(STILL)
    third = sync({"a.md": "---\na: [\n---\nA."}, second)
    assert third.files == second.files
    assert third.receipt.quarantined[0].reason.count(STILL) == 1


def test_a_broken_file_that_is_mended_made_a_draft_or_deleted_follows_suit() -> None:
    broken = sync({"a.md": "---\na: [\n---\nA."}, sync({"a.md": "A."}))
    assert names(sync({"a.md": "A2."}, broken).receipt.changed) == ["en/a"]
    assert names(sync({"a.md": "---\ndraft: true\n---\nA."}, broken).receipt.removed) == ["en/a"]
    assert names(sync({}, broken).receipt.removed) == ["en/a"]


def test_a_broken_file_mended_to_what_it_was_answers_as_itself_again() -> None:
    broken = sync({"a.md": b"\xff"}, sync({"a.md": "A."}))
    mended = sync({"a.md": "A."}, broken)
    assert [article.source for article in mended.articles] == ["A."]
    assert [state.reason for state in mended.files] == [""]


def test_another_file_may_take_over_the_id_of_a_broken_one() -> None:
    broken = sync({"a.md": "---\nid: x\na: [\n---\nA."}, sync({"a.md": "---\nid: x\n---\nA."}))
    second = sync({"a.md": "---\nid: x\na: [\n---\nA.", "b.md": "---\nid: x\n---\nB."}, broken)
    assert [article.source for article in second.articles] == ["---\nid: x\n---\nB."]
    assert {state.path: state.key for state in second.files} == {"a.md": None, "b.md": ArticleKey("x", "en")}


def test_bytes_that_are_not_utf8_are_quarantined_and_a_byte_order_mark_is_not() -> None:
    found = sync({"a.md": b"One.\nTw\xe9.", "b.md": b"\xef\xbb\xbf---\ntitle: T\n---\nB."})
    assert (
        found.receipt.quarantined[0].reason
        == "The file is not UTF-8 (line 2); save it with the encoding UTF-8."
    )
    assert [article.title for article in found.articles] == ["T"]


def test_files_below_a_folder_that_cannot_be_entered_are_left_alone() -> None:
    first = sync({"a.md": "A.", "shut/b.md": "B."})
    second = sync_files(
        [Unreadable("shut", "This folder cannot be read.", folder=True), file("a.md", "A.")], first
    )
    assert names(second.receipt.unchanged) == ["en/a", "en/shut/b"]
    assert second.receipt.removed == ()
    assert [bad.path for bad in second.receipt.quarantined] == ["shut"]
    assert [state.path for state in second.files] == ["a.md", "shut/b.md"]


def test_reread_parses_what_did_not_change_and_still_calls_it_unchanged() -> None:
    first = sync({"a.md": "A."})
    second = sync({"a.md": "A."}, first, reread=True)
    assert [article.source for article in second.articles] == ["A."]
    assert names(second.receipt.unchanged) == ["en/a"]


def test_an_oversized_file_that_was_published_goes_on_answering() -> None:
    first = sync({"a.md": "A."})
    second = sync_files([Unreadable("a.md", "The file is too large.")], first)
    assert second.files == (Known("a.md", "", ArticleKey("a", "en"), f"The file is too large. {STILL}"),)
