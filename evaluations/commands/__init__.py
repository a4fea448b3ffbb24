"""`tierzero eval …`: measure each part of the product, compare runs. Nothing heavy is imported until used."""

import argparse
import importlib
from typing import Any

#: Each names a module of this package with `HELP`, `arguments(parser)` and `run(options)`.
ACTIONS = (
    "retrieval",
    "answers",
    "abstention",
    "learning",
    "triggers",
    "routing",
    "prototypes",
    "language",
    "courtesies",
    "deflection",
    "clustering",
    "compare",
    "runs",
    "import",
)
#: An action whose name Python keeps for itself.
_MODULES = {"import": "importing"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", required=True)
    for name in ACTIONS:
        module = _module(name)
        module.arguments(actions.add_parser(name, help=module.HELP, description=f"{module.HELP}."))


def run(options: argparse.Namespace) -> int:
    """Runs the chosen action."""
    try:
        return int(_module(options.action).run(options))
    except ModuleNotFoundError as exc:
        if exc.name not in ("ir_measures", "scipy", "sklearn"):
            raise
        from evaluations.errors import EvaluationError

        raise EvaluationError(
            f"Evaluations need the package {exc.name}. Run `pip install 'tierzero[evaluations]'`."
        ) from exc


def _module(name: str) -> Any:
    return importlib.import_module(f"evaluations.commands.{_MODULES.get(name, name)}")
