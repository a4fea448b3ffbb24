"""What a folder gives: its Markdown files in order, and a reason for each that cannot be read."""

import hashlib
import os
from pathlib import Path

import pytest

from kb.errors import SourceUnavailable
from kb.sources.folder import MAX_FILE_BYTES, SourceFile, Unreadable, walk


def write(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(path, encoding="utf-8")


def test_markdown_files_come_in_order_with_their_digest(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a/z.mdx", "a.MARKDOWN", "a/c.md", "notes.txt", "img/x.svg")
    found = list(walk(tmp_path))
    assert [file.path for file in found] == ["a.MARKDOWN", "a/c.md", "a/z.mdx", "b.md"]
    assert isinstance(found[1], SourceFile)
    assert found[1].content == b"a/c.md"
    assert found[1].digest == hashlib.sha256(b"a/c.md").hexdigest()


def test_hidden_and_installed_files_are_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a.md", ".draft.md", ".git/b.md", "node_modules/x/readme.md", "deep/node_modules/y.md")
    assert [file.path for file in walk(tmp_path)] == ["a.md"]


def test_one_file_is_a_source_too(tmp_path: Path) -> None:
    write(tmp_path, "es/a.md", "es/b.md")
    assert [file.path for file in walk(tmp_path / "es" / "a.md")] == ["a.md"]


def test_links_may_point_inside_the_folder_but_not_out_of_it(tmp_path: Path) -> None:
    write(tmp_path, "secret.md", "root/en/a.md")
    root = tmp_path / "root"
    (root / "es").mkdir()
    (root / "es" / "a.md").symlink_to(root / "en" / "a.md")
    (root / "out.md").symlink_to(tmp_path / "secret.md")
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "gone.md").symlink_to(root / "nowhere.md")
    found = {file.path: file for file in walk(root)}
    assert sorted(found) == ["en/a.md", "es/a.md", "gone.md"]
    assert isinstance(found["gone.md"], Unreadable)


def test_a_file_over_the_limit_has_a_reason(tmp_path: Path) -> None:
    (tmp_path / "big.md").write_bytes(b"x" * (MAX_FILE_BYTES + 1))
    (tmp_path / "fits.md").write_bytes(b"x" * MAX_FILE_BYTES)
    big, fits = walk(tmp_path)
    assert big == Unreadable("big.md", "The file is larger than 1024 KB; please split it into articles.")
    assert isinstance(fits, SourceFile)


def test_what_is_no_ordinary_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert list(walk(tmp_path)) == [Unreadable("pipe.md", "This is not an ordinary file.")]


def test_a_name_that_is_not_utf8_has_a_reason(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.md")).write_bytes(b"x")
    assert list(walk(tmp_path)) == [Unreadable("caf?.md", "The file's name is not UTF-8; please rename it.")]


def test_a_missing_folder_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailable, match="There is no folder"):
        list(walk(tmp_path / "nowhere"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folders_and_files_without_permission_have_a_reason(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "closed/b.md", "locked.md")
    (tmp_path / "closed").chmod(0)
    (tmp_path / "locked.md").chmod(0)
    try:
        found = list(walk(tmp_path))
    finally:
        (tmp_path / "closed").chmod(0o700)
    assert [(file.path, isinstance(file, Unreadable)) for file in found] == [
        ("closed", True),
        ("a.md", False),
        ("locked.md", True),
    ]
