"""What a folder gives besides text: the pictures its articles may show."""

import hashlib
from pathlib import Path

from kb.sources.images import MAX_IMAGE_BYTES, images


def test_pictures_come_in_order_with_their_type_and_digest(tmp_path: Path) -> None:
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "b.SVG").write_text("<svg/>")
    (tmp_path / "a.jpeg").write_bytes(b"jpeg")
    (tmp_path / "notes.txt").write_text("none")
    (tmp_path / ".hidden.png").write_bytes(b"png")
    found = list(images(tmp_path))
    assert [(one.path, one.media_type) for one in found] == [
        ("a.jpeg", "image/jpeg"),
        ("img/b.SVG", "image/svg+xml"),
    ]
    assert found[0].content == b"jpeg"
    assert found[0].digest == hashlib.sha256(b"jpeg").hexdigest()


def test_empty_pictures_and_those_over_the_limit_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "fits.png").write_bytes(b"x" * MAX_IMAGE_BYTES)
    (tmp_path / "large.png").write_bytes(b"x" * (MAX_IMAGE_BYTES + 1))
    assert [one.path for one in images(tmp_path)] == ["fits.png"]


def test_a_link_to_a_picture_outside_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "private.png").write_bytes(b"private")
    root = tmp_path / "root"
    root.mkdir()
    (root / "out.png").symlink_to(tmp_path / "private.png")
    assert list(images(root)) == []


def test_a_single_file_brings_no_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("text")
    (tmp_path / "a.png").write_bytes(b"png")
    assert list(images(tmp_path / "a.md")) == []
