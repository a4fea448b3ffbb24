"""`tierzero doctor`: checks that everything fits together; exits with 1 where something does not."""

import argparse

from bot.commands.shared import common, emit, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Runs every check."""
    from bot.health import examine

    with services(options, reads_only=True) as opened:
        findings = list(examine(opened))
    healthy = all(finding.healthy for finding in findings)
    if options.json:
        emit({"healthy": healthy, "findings": findings})
    else:
        for finding in findings:
            print(f"{'ok  ' if finding.healthy else 'BAD '} {finding.check:24} {finding.detail}")
    return 0 if healthy else 1
