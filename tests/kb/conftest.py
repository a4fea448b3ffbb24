"""Reads the fixtures: Markdown or text beside what must come of it, one titled case a bug or habit of real writers."""

from dataclasses import dataclass
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"


@dataclass(frozen=True)
class Case:
    """Parted by lines of `===` (title), `---` (expected) in the fixture files."""

    title: str
    given: str
    expected: str


def read_cases(name: str) -> list[Case]:
    cases: list[Case] = []
    for block in (FIXTURES / name).read_text(encoding="utf-8").split("\n=== ")[1:]:
        title, _, rest = block.partition("\n")
        given, _, expected = rest.partition("\n>>>\n")
        cases.append(Case(title.strip(), given, expected.rstrip("\n")))
    return cases


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that takes `<name>_case` runs once for each case of `fixtures/<name>.txt`."""
    for fixture in metafunc.fixturenames:
        if fixture.endswith("_case"):
            cases = read_cases(f"{fixture.removesuffix('_case')}.txt")
            metafunc.parametrize(fixture, cases, ids=[case.title for case in cases])
