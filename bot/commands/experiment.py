"""`tierzero experiment …`: two settings, or two texts of an article, served side by side."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands.shared import a_path, common, emit, services
from bot.commands.user import BY
from bot.errors import BadRequest
from bot.experimenting.running import Watched
from bot.experiments.experiment import Arm, Experiment
from bot.experiments.planning import LOOKED_BACK, in_words
from kb.article import ArticleKey

if TYPE_CHECKING:
    from bot.experimenting.article_trials import ArticleTrials


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    start = actions.add_parser("start", help="serve half of the new customers by another setting")
    start.add_argument("title", help="what it is to find out")
    start.add_argument("kind", help="budget or ranking")
    start.add_argument("setting", nargs="+", help="of arm B, such as 0.1, or lexical=0.25 late=1")
    common(start)
    article = actions.add_parser(
        "article", help="answer half of the new customers from another text of an article"
    )
    article.add_argument("article", help="language and id, such as en/returns/send-back")
    article.add_argument("title", nargs="?", default="", help="what it is to find out")
    article.add_argument(
        "text", nargs="?", type=a_path, help="file of the other text; without it, only how long it takes"
    )
    common(article)
    text = actions.add_parser("text", help="print the text that an experiment tries")
    text.add_argument("id")
    common(text)
    common(actions.add_parser("list", help="list all experiments"))
    for name, what in (("show", "show both arms"), ("stop", "serve everybody alike again")):
        one = actions.add_parser(name, help=what)
        one.add_argument("id")
        common(one)


def run(options: argparse.Namespace) -> int:
    """Does one of them."""
    with services(options, reads_only=True) as opened:
        flow = opened.experimenting
        if options.action == "start":
            _tell([flow.start(options.title, options.kind, " ".join(options.setting), by=BY)], options.json)
        elif options.action == "article":
            _article(opened.article_trials, options)
        elif options.action == "text":
            print(opened.article_trials.text(options.id).source, end="")
        elif options.action == "list":
            _tell(list(flow.all()), options.json)
        elif options.action == "stop":
            flow.stop(options.id, by=BY)
            print("Stopped. Everybody is served alike from now on.")
        else:
            _show(flow.watched(options.id), options.json)
    return 0


def _article(flow: "ArticleTrials", options: argparse.Namespace) -> None:
    locale, _, article_id = options.article.partition("/")
    key = ArticleKey(article_id, locale)
    if options.text is None:
        asked = flow.asked(key)
        if options.json:
            emit({"article": str(key), "revision": asked.original.revision, "plan": asked.plan})
            return
        print(
            f"{asked.original.title} ({key}) came up in {asked.plan.met} conversations of {LOOKED_BACK} days."
        )
        for need in asked.plan.needs:
            print(
                f"  {need.b:.0%} instead of {need.a:.0%}: {need.conversations} conversations, {in_words(need.weeks)}"
            )
        return
    _tell([flow.start(options.title, key, _read(options.text), by=BY)], options.json)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise BadRequest(f"The text in {path} cannot be read: {exc}") from exc


def _tell(found: list[Experiment], as_json: bool) -> None:
    if as_json:
        emit({"experiments": found})
        return
    for one in found:
        state = "runs" if one.stopped_at is None else f"stopped {one.stopped_at.date()}"
        print(f"{one.id}  {one.started_at.date()}  {state}  {one.kind.value} {one.setting}  {one.title}")


def _show(found: Watched, as_json: bool) -> None:
    if as_json:
        emit({"watched": found, "verdicts": {line.name: line.verdict for line in found.lines}})
        return
    _tell([found.experiment], False)
    if found.problem:
        print(found.problem)
    print(f"conversations put into arm A {found.drawn[Arm.A]}, into arm B {found.drawn[Arm.B]}")
    if found.differed:
        print(
            f"of these the other arm would have said something else to {found.differed[Arm.A]} and "
            f"{found.differed[Arm.B]}; only they are counted"
        )
    if found.uneven:
        print(
            "The arms have more unequal numbers than a fair coin gives: trust no figure below until that is understood."
        )
    for line in found.lines:
        print(
            f"  {line.title:50} A {line.a.count}/{line.a.of}  B {line.b.count}/{line.b.of}  "
            f"B - A within {100 * line.difference.low:+.1f} to {100 * line.difference.high:+.1f} points: {line.verdict}"
        )
