"""The documents and the Makefile, held against the code that they speak of."""

import argparse
import importlib
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from bot.cli import COMMANDS
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
DOCUMENTS = sorted(
    {
        *(ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "widget/README.md")),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "evaluations").rglob("*.md"),
    }
)
RULES = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
#: In running text between backticks, in a block at the start of a line.
_MAKE = re.compile(r"(?:`|^    )(?:[A-Z]+=\S+ )?make ([a-z]+)\b", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def anchors(document: Path) -> set[str]:
    """Fragments of a document's headings, as code hosts make them."""
    text = re.sub(r"(?ms)^```.*?^```", "", document.read_text("utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def table(document: str, heading: str) -> dict[str, str]:
    """First and second column of the table below a heading."""
    section = document.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section.splitlines()
        if line[:1] == "|"
    ]
    return {row[0].strip("`"): row[1] for row in rows[2:]}


def test_every_make_target_that_is_spoken_of_exists():
    spoken = {target for document in DOCUMENTS for target in _MAKE.findall(document.read_text("utf-8"))}
    assert {"run", "test", "install"} <= spoken
    assert spoken - RULES == set()


def test_every_target_that_the_makefile_announces_has_a_rule():
    announced = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert announced
    assert set(announced[1].split()) - RULES == set()


def test_pip_is_new_enough_where_dependency_groups_are_installed():
    lines = MAKEFILE.splitlines()
    grouped = [place for place, line in enumerate(lines) if "--group" in line and "pip install" in line]
    upgraded = [place for place, line in enumerate(lines) if "--upgrade 'pip>=25.1'" in line]
    assert grouped
    assert upgraded
    assert min(upgraded) < min(place for place in grouped if "--upgrade" not in lines[place])


def test_every_command_is_in_the_readme():
    assert {one.name for one in COMMANDS} - set(
        re.findall(r"^\| `tierzero (\w+)", README, re.MULTILINE)
    ) == set()


def test_every_command_line_in_the_readme_is_one_that_the_program_takes():
    lines = re.findall(r"^    ((?:\w+=\S+ |\w+=\"[^\"]+\" )*tierzero .+)$", README, re.MULTILINE)
    assert len(lines) >= 6
    for line in lines:
        words = shlex.split(line, comments=True)
        name, *arguments = words[words.index("tierzero") + 1 :]
        command = next(one for one in COMMANDS if one.name == name)
        parser = argparse.ArgumentParser()
        importlib.import_module(command.module).arguments(parser)
        parser.parse_args(arguments)


def test_the_settings_table_has_every_setting_with_its_default():
    shown = {
        name: (field.default if not isinstance(field.default, tuple) else ",".join(field.default))
        for name, field in Settings.model_fields.items()
    }
    found = table(README, "Settings")
    assert found.keys() == {f"TIERZERO_{name.upper()}" for name in shown}
    for name, default in shown.items():
        written = found[f"TIERZERO_{name.upper()}"].strip("`")
        if default in ("", None):
            assert not found[f"TIERZERO_{name.upper()}"].startswith("`"), name
        else:
            assert written == (str(default).lower() if isinstance(default, bool) else str(default)), name


def test_no_document_names_a_variable_that_is_no_setting():
    known = {f"TIERZERO_{name.upper()}" for name in Settings.model_fields}
    for document in DOCUMENTS:
        assert set(re.findall(r"TIERZERO_[A-Z_]+[A-Z]", document.read_text("utf-8"))) - known == set(), (
            document
        )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document: Path):
    broken = []
    for target in _LINK.findall(document.read_text("utf-8")):
        path, _, fragment = target.partition("#")
        if re.match(r"https?:|mailto:", target):
            continue
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (fragment and fragment not in anchors(file)):
            broken.append(target)
    assert broken == []


def test_every_decision_is_a_page_that_names_what_was_rejected():
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(pages) >= 7
    assert len(set(numbers)) == len(numbers)
    assert [page.name for page in pages if "## Rejected" not in page.read_text("utf-8")] == []


def test_every_direct_dependency_is_among_the_third_parties():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = [*project["project"]["dependencies"]]
    for extra in project["project"]["optional-dependencies"].values():
        needed += extra
    needed += project["dependency-groups"]["dev"]
    names = {re.split(r"[\[<>=; ]", one)[0].lower() for one in needed}
    listed = (ROOT / "docs" / "third-party.md").read_text("utf-8").lower()
    assert {name for name in names if f"| {name} |" not in listed} == set()


def test_screenshots_are_small_enough_to_keep_in_a_repository():
    shots = list((ROOT / "docs" / "screenshots").glob("*.png"))
    assert shots
    assert [shot.name for shot in shots if shot.stat().st_size > 300_000] == []


#: In pieces, so that this file does not hold what it looks for.
_FOREIGN = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:work|root|Users)/" + r"\w",
            r"(?<![\w.])/home/" + r"\w",
            r"pypi\." + "org",
            "pythonhosted" + r"\.org",
            "registry" + r"\.npmjs",
            "download" + r"\.pytorch",
            "npm" + "mirror",
        ]
    )
)


def test_no_tracked_file_names_a_developers_folder_or_a_package_registry():
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    found = {}
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and path.suffix != ".png":
            hit = _FOREIGN.search(path.read_text("utf-8", "replace"))
            if hit:
                found[name] = hit[0]
    assert found == {}
