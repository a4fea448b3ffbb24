"""`python -m evaluations.day`: lives a day on the sample help centre, and says what is true of it."""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaluations import sample
from evaluations.day.lines import Line
from evaluations.day.proofs import proofs
from evaluations.day.running import Day, Plan, lived
from evaluations.day.visits import visits

#: A day of 500 customers takes a few minutes, and its working day with them.
SPEED = 90.0


def planned(count: int, seed: int, speed: float = SPEED, kills: tuple[float, ...] = (0.35, 0.7)) -> Plan:
    """A day of so many customers of the sample's messages, with a receiver that is down for a third of it."""
    routine = tuple(one.text for one in sample.routine() if one.locale == "en")
    return Plan(visits(sample.load(), routine, count, seed), speed, kills, (0.25, 0.6), seed)


def run(plan: Plan, folder: Path, data: Path, url: str) -> tuple[Day, list[Line]]:
    """A day and what is true of it."""

    def tell(what: str, done: int, of: int) -> None:
        if sys.stderr.isatty():
            print(f"\r{what}: {done} of {of}", end="", file=sys.stderr, flush=True)

    with lived(folder, data, url, plan, tell) as day:
        check(day)
        return day, proofs(day)


def check(day: Day) -> None:
    """Asks the product itself: the audit log, the doctor, and the review of the week, which counts the day."""
    until = f"{day.began.date().fromordinal(day.began.date().toordinal() + 7)}"
    asked = (("audit", "verify"), ("doctor",), ("report", "week", "--until", until))
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = list(pool.map(lambda words: day.house.command(*words), asked))
    for words, done in zip(asked, answers, strict=True):
        day.commands[" ".join(words[:2])] = "" if done.returncode == 0 else (done.stdout + done.stderr)[-500:]


def figures(day: Day, lines: list[Line]) -> dict[str, Any]:
    """What happened, and what is true of it."""
    notes, heard = day.notes, day.receiver.heard
    return {
        "customers": len(notes.talks),
        "messages": sum(len(talk.sent) for talk in notes.talks),
        "tickets": sum(len(talk.tickets) for talk in notes.talks),
        "replies": len(notes.replies),
        "solved": len(notes.solved),
        "escalated by people": len(notes.escalated),
        "chats left by an agent": len(notes.silent),
        "surveys": sum(bool(talk.survey) for talk in notes.talks),
        "kills": day.house.kills,
        "requests sent again": notes.asked_again,
        "events": len(heard.effects),
        "events that came again": heard.repeated,
        "events refused as stale": heard.stale,
        "lines": [asdict(line) | {"holds": line.holds} for line in lines],
    }


def main() -> int:
    """Ingests, lives the day, prints the lines."""
    parser = argparse.ArgumentParser(prog="evaluations.day", description=__doc__)
    parser.add_argument("--customers", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="address of an empty PostgreSQL; else SQLite")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("--ingested", type=Path, help="copy this data folder, which has articles")
    parser.add_argument("--keep", type=Path, help="keep the data folder and the server's log there")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="tierzero-day-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if options.ingested:
            shutil.copytree(options.ingested, folder / "data")
        else:
            ingested(folder / "data", options.database)
        day, lines = run(planned(options.customers, options.seed), folder, folder / "data", options.database)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    told = figures(day, lines)
    print("\n" + ", ".join(f"{value} {name}" for name, value in told.items() if name != "lines"))
    print("\n".join(line.told for line in lines))
    if options.json:
        options.json.write_text(json.dumps(told, indent=2), encoding="utf-8")
    return 0 if all(line.holds for line in lines) else 1


def ingested(data: Path, url: str) -> None:
    """The sample's articles in a fresh data folder. Raises `CalledProcessError`."""
    command = [sys.executable, "-m", "bot.cli", "ingest", str(sample.ARTICLES), "--data", str(data)]
    database = ("env", f"TIERZERO_DATABASE_URL={url}") if url else ()
    subprocess.run([*database, *command], check=True, stdout=subprocess.DEVNULL)  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main())
