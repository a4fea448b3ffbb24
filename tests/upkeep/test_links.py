"""Links between articles are held against what is published; links to other sites are left alone."""

import pytest

from bot.upkeep.links import broken
from kb.article import ArticleKey
from kb.markdown import parse

KNOWN = {
    ArticleKey("orders/track", "en"): frozenset({"", "the-link"}),
    ArticleKey("orders/cancel", "en"): frozenset({"", "refunds"}),
    ArticleKey("orders/cancel", "de"): frozenset({""}),
}


def found(text: str, locale: str = "en") -> list[str]:
    article = parse(
        f"---\nid: orders/cancel\nlang: {locale}\n---\n{text}", "x.md", locales=frozenset({"en", "de"})
    )
    links = broken(
        article,
        "en/orders/cancel.md",
        KNOWN,
        frozenset({"/help/times"}),
        frozenset({"en/orders/a.png"}),
        "en",
    )
    return [link.target for link in links]


@pytest.mark.parametrize(
    "link",
    [
        "[[orders/track]]",
        "[[orders/track#the-link|here]]",
        "[track](track.md)",
        "[track](../orders/track.md#the-link)",
        "[own](#refunds)",
        "[site](https://gone.example/nothing)",
        "[mail](mailto:help@shop.example)",
        "[published](/help/times)",
        "[published](/help/times/?from=here)",
        "![picture](a.png)",
        "[templated]({{ site.url }}/x)",
    ],
)
def test_what_leads_somewhere_is_not_broken(link: str) -> None:
    assert found(f"Read {link} now.") == []


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("[[orders/gone]]", "orders/gone"),
        ("[[orders/track#gone]]", "orders/track#gone"),
        ("[track](trak.md)", "trak.md"),
        ("[own](#gone)", "#gone"),
        ("![picture](b.png)", "b.png"),
        ("[published](/help/gone)", "/help/gone"),
    ],
)
def test_what_leads_nowhere_is_named_as_written(link: str, target: str) -> None:
    assert found(f"Read {link} now.") == [target]


def test_a_translation_may_link_to_what_only_the_default_language_has() -> None:
    assert found("Siehe [[orders/track]].", "de") == []
