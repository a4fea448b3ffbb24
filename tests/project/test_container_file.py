"""The container file, checked as far as that goes without a container engine."""

import argparse
import importlib
import json
import os
import re
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from starlette.routing import Route

from bot.cli import COMMANDS
from bot.settings import Settings
from bot.web.app import create_app
from tests.project.dockerfile import Stage, ignores, read
from tests.web.fake_services import FakeServices

ROOT = Path(__file__).parents[2]
STAGES = read(ROOT / "Dockerfile")
FINAL = STAGES[-1]
IGNORED = (ROOT / ".dockerignore").read_text("utf-8").split()


def copied(stage: Stage) -> Iterator[str]:
    """What a stage takes from the repository."""
    for one in stage.all("COPY"):
        if "--from=" not in one.text:
            yield from one.words[:-1]


def commands() -> Iterator[list[str]]:
    """Every `tierzero …` of the file, without the name itself."""
    for stage in STAGES:
        for one in (*stage.all("RUN"), *stage.all("CMD")):
            words = one.words
            if Path(words[0]).name == "tierzero":
                yield words[1:]


def installed_by(stage: Stage) -> set[str]:
    """The extras with which a stage installs this project."""
    found = re.findall(r"\.\[([a-z,]+)\]", " ".join(one.text for one in stage.all("RUN")))
    return {extra for one in found for extra in one.split(",")}


def closure(extras: set[str]) -> set[str]:
    """Names of all distributions that the project needs with these extras, as installed here."""
    seen: set[tuple[str, frozenset[str]]] = set()
    todo = [("tierzero", frozenset(extras))]
    while todo:
        name, wanted = todo.pop()
        for text in metadata.requires(name) or []:
            needed = Requirement(text)
            if needed.marker and not any(needed.marker.evaluate({"extra": one}) for one in ("", *wanted)):
                continue
            one = (canonicalize_name(needed.name), frozenset(needed.extras))
            if one not in seen:
                seen.add(one)
                todo.append(one)
    return {name for name, _ in seen}


def named(name: str) -> Stage:
    return next(stage for stage in STAGES if stage.name == name)


def health_check() -> list[str]:
    (check,) = FINAL.all("HEALTHCHECK")
    options, _, command = check.text.partition("CMD ")
    assert "--start-period" in options
    program, *arguments = json.loads(command)
    assert program == "python"
    return [sys.executable, *arguments]


def served_port() -> str:
    return FINAL.all("CMD")[0].words[-1]


def test_every_copied_path_is_in_the_repository_and_reaches_the_build():
    paths = [path for stage in STAGES for path in copied(stage)]
    assert len(paths) >= 10
    assert [path for path in paths if not (ROOT / path).exists()] == []
    assert [path for path in paths if ignores(IGNORED, path)] == []


def test_no_file_of_the_packages_is_left_out_of_the_build():
    files = [
        path.relative_to(ROOT).as_posix()
        for room in ("kb", "index", "bot", "evaluations")
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert len(files) > 200
    assert [path for path in files if ignores(IGNORED, path)] == []


@pytest.mark.parametrize(
    ("path", "left_out"),
    [
        (".git/config", True),
        (".venv/bin/python", True),
        ("bot/web/__pycache__/app.cpython-311.pyc", True),
        ("var/tierzero.db", True),
        ("docs/screenshots/shop.png", True),
        ("bot/web/templates/docs.html", False),
        ("bot/web/static/widget.js", False),
    ],
)
def test_only_what_the_image_does_not_need_is_left_out(path: str, left_out: bool):
    assert ignores(IGNORED, path) is left_out


def test_both_stages_that_install_have_every_package_and_the_files_that_the_build_names():
    for name in ("builder", "environment"):
        assert {
            "kb",
            "index",
            "bot",
            "evaluations",
            "pyproject.toml",
            "README.md",
            "LICENSE",
            "NOTICE",
        } <= set(copied(named(name)))


def test_paths_taken_from_another_stage_were_made_there():
    for one in FINAL.all("COPY"):
        source, target = one.words[-2:]
        giver = named(one.words[0].removeprefix("--from="))
        assert source == target, "a virtual environment works only where it was made"
        made = [run.text for run in giver.all("RUN")]
        assert any(f"venv {source}" in text for text in made) or source in giver.environment.values()


def test_every_tierzero_command_is_one_that_the_program_has():
    found = list(commands())
    assert [words[0] for words in found] == ["model", "serve"]
    for words in found:
        command = next(one for one in COMMANDS if one.name == words[0])
        parser = argparse.ArgumentParser(exit_on_error=False)
        importlib.import_module(command.module).arguments(parser)
        parser.parse_args(words[1:])


def test_every_variable_is_a_setting_and_its_value_is_one():
    given = {
        name.removeprefix("TIERZERO_").lower(): value
        for stage in STAGES
        for name, value in stage.environment.items()
        if name.startswith("TIERZERO_")
    }
    assert given.keys() <= Settings.model_fields.keys()
    settings = Settings(**given)
    assert settings.demo is False
    assert settings.models_root == Path("/opt/models")


def test_the_model_is_served_from_where_it_was_built():
    assert FINAL.environment["TIERZERO_MODEL_DIR"] == named("builder").environment["TIERZERO_MODEL_DIR"]


def test_the_program_runs_as_a_user_without_rights_who_owns_the_data():
    (user,) = FINAL.all("USER")
    (made,) = [one.text for one in FINAL.all("RUN") if "useradd" in one.text]
    assert user.text not in ("root", "0")
    assert made.split()[-1] == user.text
    (volume,) = FINAL.all("VOLUME")
    assert volume.text == FINAL.environment["TIERZERO_DATA"]
    # The home folder belongs to its user, and a new volume takes its owner over from it.
    assert f"--home-dir {volume.text} --create-home" in made
    order = [one.name for one in FINAL.instructions]
    assert order.index("USER") < order.index("VOLUME") < order.index("CMD")


def test_the_health_check_asks_a_path_that_the_service_has_on_the_port_it_listens_on():
    found = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)", health_check()[-1])
    assert found
    assert found[1] == served_port() == FINAL.all("EXPOSE")[0].text
    routes = routes_of(create_app(FakeServices))
    assert found[2] in routes


def routes_of(app: object) -> set[str]:
    return set(app.openapi()["paths"]) | {  # type: ignore[attr-defined]
        route.path
        for route in app.routes  # type: ignore[attr-defined]
        if isinstance(route, Route)
    }


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False), (None, False)])
def test_the_health_check_tells_a_healthy_service_from_others(status: int | None, healthy: bool):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status or 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        port = server.server_port
        if status is not None:
            threading.Thread(target=server.handle_request, daemon=True).start()
        else:
            server.server_close()
        *program, code = health_check()
        done = subprocess.run(
            [*program, code.replace(served_port(), str(port))], capture_output=True, check=False, timeout=30
        )
    assert (done.returncode == 0) is healthy


def test_every_stage_has_the_same_python_and_it_is_one_that_the_project_takes():
    bases = {stage.base for stage in STAGES}
    (base,) = bases
    version = re.fullmatch(r"python:(\d+\.\d+)-slim", base)
    assert version
    wanted = metadata.metadata("tierzero")["Requires-Python"]
    assert f"{version[1]}.0" in SpecifierSet(str(wanted))


def test_the_image_that_serves_has_neither_torch_nor_what_builds_models():
    extras = installed_by(named("environment"))
    assert extras == {"postgres"}
    builders = {"torch", "sentence-transformers", "transformers", "onnx", "onnxscript", "scipy", "triton"}
    assert closure(extras) & builders == set()
    assert {"fastapi", "onnxruntime", "psycopg-binary"} <= closure(extras)
    # The same walk does see torch where it is asked for.
    assert "torch" in closure(installed_by(named("builder")))
    assert [one.text for one in FINAL.all("COPY") if "/opt/build" in one.text] == []


def test_the_server_starts_with_no_other_package_than_those_of_the_image():
    kept = closure(installed_by(named("environment"))) | {"tierzero"}
    blocked = sorted(
        module
        for module, owners in metadata.packages_distributions().items()
        if not {canonicalize_name(owner) for owner in owners} & kept
    )
    assert {"torch", "transformers", "sentence_transformers", "onnx", "sklearn", "pytest"} <= set(blocked)
    modules = [one.module for one in COMMANDS if one.module.startswith("bot.")]
    code = f"""
        import importlib, sys
        blocked = set({blocked!r})

        class Refuse:
            def find_spec(self, name, path=None, target=None):
                if name.partition(".")[0] in blocked:
                    raise ModuleNotFoundError(f"{{name}} is not in the image", name=name)

        sys.meta_path.insert(0, Refuse())
        for module in {modules!r}:
            importlib.import_module(module)
        from bot.web.server import app_from_environment
        import psycopg
        print(len(app_from_environment().openapi()["paths"]))
    """
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV_")},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    assert int(done.stdout) > 5


def test_torch_comes_by_its_pin_and_the_builder_can_be_told_where_from():
    installs = [one.text for one in named("builder").all("RUN") if "pip install" in one.text]
    assert all("--constraint constraints.txt" in text for text in installs)
    assert installs[0].endswith(" torch")
    assert re.search(r"^torch==\d", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    # pip reads it from its environment; without a GPU it names the CPU builds (README, "Install").
    order = [(one.name, one.text) for one in named("builder").instructions]
    assert order.index(("ARG", "PIP_EXTRA_INDEX_URL")) < order.index(("RUN", installs[0]))
