"""What a page adds to an article's HTML: pictures that cannot be shown, tables, videos."""

import pytest

from bot.web.prose import dressed

WORDS = {
    "table": "Table",
    "diagram": "A diagram",
    "video_at": "Opens {host}",
    "picture_missing": "Picture: {words}",
}
OURS = f'<img src="/help/images/{"a" * 64}" alt="A dial">'
WHOLE = f'<img alt="A dial" src="https://help.shop.example/help/images/{"a" * 64}">'


@pytest.mark.parametrize("tag", [OURS, WHOLE])
def test_a_picture_of_ours_is_shown(tag: str) -> None:
    assert dressed(f"<p>{tag}</p>", WORDS) == f"<p>{tag}</p>"


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ('<img alt="A {red} &lt;lamp&gt;">', '<span class="lost">Picture: A {red} &lt;lamp&gt;</span>'),
        (
            '<img src="http://elsewhere.example/a.png" alt="A lamp">',
            '<span class="lost">Picture: A lamp</span>',
        ),
        (
            '<img src="https://elsewhere.example/p/a.png" alt="">',
            '<a class="lost" href="https://elsewhere.example/p/a.png" target="_blank" rel="noopener noreferrer">'
            "Picture: a.png</a>",
        ),
        ("<img>", ""),
        ('<img src="/help/images/../secret" alt="">', ""),
    ],
)
def test_a_picture_from_elsewhere_is_not_loaded_and_leaves_no_broken_frame(tag: str, shown: str) -> None:
    assert dressed(f"<p>{tag}</p>", WORDS) == f"<p>{shown}</p>"


def test_a_picture_from_elsewhere_inside_a_link_makes_no_second_link() -> None:
    made = dressed(
        '<a href="/x">go</a> <a href="/y"><img src="https://e.example/a.png" alt="Lamp"></a>', WORDS
    )
    assert made == '<a href="/x">go</a> <a href="/y"><span class="lost">Picture: Lamp</span></a>'
