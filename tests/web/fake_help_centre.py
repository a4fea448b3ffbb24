"""A stand-in for the help centre: one article in two revisions, a list of titles, a search for one word, votes."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.errors import NotFound
from bot.help_centre.articles import Change
from bot.help_centre.search import FoundArticle, Narrowing, Searched
from bot.help_centre.shelves import Category, Listed, shelved
from bot.help_centre.votes import Visitor, Vote, Voted, Why
from kb.article import ArticleKey
from kb.markdown import Step
from tests.web.canned import (
    NOON,
    PAUSE,
    PAUSE_TEXT,
)

ARTICLE_HTML = """<p>You can pause or skip whenever you like.</p>
<h2 id="monthly-plans">Monthly plans</h2>
<p>Skip up to 2 deliveries in a row until <strong>lock time</strong>.</p>
<h3 id="pause">Pause</h3>
<ol>
<li{first}>Sign in and go to <strong>Account &gt; Subscription</strong>.</li>
<li{more}>Select <strong>Pause</strong> and choose 1 to 13 weeks.</li>
<li{more}>Confirm. Your next delivery moves by as many weeks.</li>
</ol>
<h2 id="yearly-plans">Yearly plans &amp; gifts</h2>
<table><thead><tr><th>Plan</th><th>Pause</th></tr></thead><tbody>
<tr><td>Monthly</td><td>1–13 weeks</td></tr>
<tr><td>Yearly</td><td>once, up to 8 weeks</td></tr></tbody></table>
"""


@dataclass(frozen=True)
class FakePage:
    title: str
    html: str
    locale: str
    revision: str
    current_revision: str
    last_reviewed: dt.date | None
    is_current: bool
    other_locales: tuple[tuple[str, str], ...]
    published_at: dt.datetime = NOON
    on_trial: bool = False


@dataclass
class FakeArticles:
    """One article in two revisions, one whose title is an attack, one for agents that must never show."""

    asked: list[tuple[str, str, str, tuple[int, int] | None]] = field(default_factory=list)

    def page(
        self,
        article_id: str,
        locale: str,
        revision: str = "",
        mark: tuple[int, int] | None = None,
        *,
        reader: str = "",
    ) -> FakePage:
        self.asked.append((article_id, locale, revision, mark))
        if article_id == "security/attack" and locale == "en":
            title = "<script>alert(1)</script>"
            return FakePage(title, "<p>Harmless.</p>", "en", "a" * 12, "a" * 12, None, True, ())
        if article_id != "subscriptions/pause-or-skip" or locale not in ("en", "de"):
            raise NotFound("no such article")
        current, known = "9f2c4a1b77de", ("9f2c4a1b77de", "0123456789ab")
        if revision and revision not in known:
            raise NotFound("no such revision")
        html = ARTICLE_HTML.format(
            first=' class="cited" id="cited"' if mark else "", more=' class="cited"' if mark else ""
        )
        other = "de" if locale == "en" else "en"
        return FakePage(
            "Pause or skip a delivery" if locale == "en" else "Eine Lieferung aussetzen",
            html,
            locale,
            revision or current,
            current,
            dt.date(2026, 10, 5),
            revision in ("", current),
            ((other, f"/help/{other}/{article_id}"),),
        )

    def steps(self, article_id: str, locale: str) -> Sequence[Step]:
        if article_id != "subscriptions/pause-or-skip":
            return []
        places = ("#account", "#pause", "")
        return [Step(line[3:], at) for line, at in zip(PAUSE_TEXT.split("\n"), places, strict=True)]

    def changes(self, locale: str, most: int) -> Sequence[Change]:
        keys = [ArticleKey("subscriptions/pause-or-skip", one) for one in ("en", "de") if locale in ("", one)]
        return [Change(key, "Pause & skip", NOON, f"/help/{key.locale}/{key.id}") for key in keys][:most]

    def beginning(self, key: ArticleKey) -> str:
        return "Sign in & go on."

    def categories(self, locale: str) -> Sequence[Category]:
        own = self.listing(locale)
        return shelved(own, self.listing("en") if locale != "en" else [])

    def listing(self, locale: str) -> Sequence[Listed]:
        if locale in ("fr", "ar"):
            return []
        named = [
            ("subscriptions/pause-or-skip", "Pause or skip a delivery", "subscriptions"),
            ("subscriptions/change-plan", "Change your plan", "subscriptions"),
            ("subscriptions/yearly-plans", "Monthly or yearly: which is cheaper?", "subscriptions"),
            ("delivery/delivery-times-and-costs", "Delivery times and costs by country", "delivery"),
            ("delivery/late-or-lost-parcel", "A parcel is late or lost", "delivery"),
            ("delivery/where-we-deliver", "Where we deliver", "delivery"),
            ("devices/descale-heron", "Descale your Heron", "devices"),
            ("devices/wren-wifi", "Connect the Wren to Wi-Fi", "devices"),
            ("returns/refund-times", "When your refund arrives", "returns"),
            ("returns/return-a-machine", "Return a machine after the home trial", "returns"),
            ("security/attack", "<script>alert(1)</script>", "account & <b>security</b>"),
        ]
        return [Listed(*one, locale) for one in named]


class FakeHelpSearch:
    """Finds one article for anything that has `pause` in it."""

    def search(
        self, text: str, locale: str, *, tag: str = "", product: str = "", as_written: bool = False
    ) -> Searched:
        if "pause" not in text:
            return Searched((), None, "")
        key = ArticleKey("subscriptions/pause-or-skip", locale)
        found = FoundArticle(key, PAUSE.title, "Monthly plans › Pause", "pause", "Sign in & go <b>on</b>.")
        return Searched((found,), None if tag else PAUSE, "")

    def narrowing(self, locale: str) -> Narrowing:
        return Narrowing(("orders",), ("Heron",))

    def related(self, key: ArticleKey) -> tuple[tuple[ArticleKey, str], ...]:
        return ((ArticleKey("subscriptions/change-plan", key.locale), "Change your plan"),)


class FakeUses:
    """Counts as they are set."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def uses(self, start: dt.datetime, end: dt.datetime) -> Mapping[str, int]:
        return self.counts


class FakeVotes:
    """Takes every vote, and remembers none."""

    def __init__(self) -> None:
        self.votes: list[tuple[ArticleKey, bool, Why | None, str]] = []

    def token(self, key: ArticleKey, revision: str) -> str:
        return "form.token"

    def said(self, key: ArticleKey, revision: str, remembered: str) -> Vote | None:
        return None

    def vote(
        self,
        key: ArticleKey,
        token: str,
        visitor: Visitor,
        *,
        helpful: bool,
        why: Why | None = None,
        comment: str = "",
    ) -> Voted:
        self.votes.append((key, helpful, why, comment))
        return Voted(Vote("v", key, "r", helpful, why, comment, "", NOON), "voter.token")
