"""What is installed: every file that code reads is in the wheel, and nothing else."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("kb", "index", "bot", "evaluations")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Names of the files in a wheel that is built from a copy, so that the checkout stays as it is."""
    pytest.importorskip("setuptools", minversion="77")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source / name)
    for room in ROOMS:
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    options = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(target), str(source)],
        check=True,
        timeout=300,
    )
    (built,) = target.glob("tierzero-*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def present(pattern: str) -> set[str]:
    """Files of the checkout that fit a pattern."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob(pattern)
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_file_of_the_packages_is_in_the_wheel(wheel: set[str]):
    expected = set().union(*(present(f"{room}/**/*") for room in ROOMS))
    assert expected - wheel == set()


def test_the_wheel_has_nothing_that_is_not_of_the_packages(wheel: set[str]):
    assert {name.partition("/")[0] for name in wheel} == {*ROOMS, "tierzero-0.1.0.dist-info"}


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        ("kb/sample/en/**/*.md", 60),
        ("kb/sample/images/*.svg", 1),
        ("index/stopwords/*.txt", 4),
        ("bot/dialogue/*.yaml", 3),
        ("bot/dialogue/confidence.json", 1),
        ("bot/dialogue/triggers/rules/*.yaml", 4),
        ("bot/dialogue/wording/*.yaml", 5),
        ("bot/desk/policy.yaml", 1),
        ("bot/storage/migrations/versions/*.py", 2),
        ("bot/web/locales/*.json", 4),
        ("bot/web/templates/*.html", 6),
        ("bot/web/static/**/*.*", 8),
        ("evaluations/datasets/sample/*.jsonl", 3),
        ("evaluations/templates/*.html", 3),
    ],
)
def test_what_code_reads_is_there(wheel: set[str], pattern: str, least: int):
    found = present(pattern)
    assert len(found) >= least
    assert found <= wheel


def test_the_licence_goes_along(wheel: set[str]):
    assert {name.rpartition("/")[2] for name in wheel if "/licenses/" in name} == {"LICENSE", "NOTICE"}
