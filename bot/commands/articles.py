"""`tierzero articles`: looks at every article and prints what needs a person's eye; keeps the report for the pages."""

import argparse

from bot.commands.shared import common, emit, progress_bars, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "--days", type=_positive, default=90, help="how far back usage is counted (default: 90)"
    )
    parser.add_argument("--most", type=_positive, default=20, help="how many articles to print (default: 20)")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Makes the report and prints what costs most."""
    with services(options, reads_only=True) as opened, progress_bars() as show:
        report = opened.article_health.check(options.days, show)
    lines = [line for line in report.lines if line.troubles]
    if options.json:
        emit(
            {
                "at": report.at,
                "articles": len(report.lines),
                "troubles": {trouble.value: count for trouble, count in report.counted().items()},
                "lines": [
                    {
                        "article": str(line.key),
                        "title": line.title,
                        "counts": line.counts,
                        "troubles": line.troubles,
                        "broken": line.broken,
                        "missing": line.missing,
                        "outdated": line.outdated,
                        "ease": line.ease,
                    }
                    for line in lines
                ],
                "contradictions": report.contradictions,
                "copies": report.copies,
            }
        )
        return 0
    print(f"{len(report.lines)} articles looked at, {len(lines)} with something to look into")
    for trouble, count in report.counted().items():
        print(f"  {trouble.value.replace('_', ' '):16} {count}")
    for line in lines[: options.most]:
        print(
            f"\n{line.key}  {line.title}\n  {', '.join(one.value.replace('_', ' ') for one in line.troubles)}"
        )
        for link in line.broken:
            print(f"  link {link.target}: {link.why}")
    for one in report.contradictions[: options.most]:
        print(f"\n{one.question}\n  {one.first.key}: {one.first.text}\n  {one.second.key}: {one.second.text}")
    return 0


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
