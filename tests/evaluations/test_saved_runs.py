import datetime as dt
import json
from pathlib import Path

import pytest

from evaluations.errors import RunRefused
from evaluations.runs import find, load, new_id, runs_folder, save
from tests.evaluations.made_runs import made_run, made_set


def test_a_run_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    run = made_run("retrieval-1", made_set([1, 0.5, 0]), made_set([1], name="other"))
    path = save(run, runs_folder(tmp_path))
    assert path == tmp_path / "evaluations" / "runs" / "retrieval-1.json"
    assert load(path) == run
    assert [file.name for file in path.parent.iterdir()] == ["retrieval-1.json"]


def test_another_format_is_refused_with_what_to_do(tmp_path: Path) -> None:
    path = save(made_run("r", made_set([1])), tmp_path)
    raw = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**raw, "format": 99}), encoding="utf-8")
    with pytest.raises(RunRefused, match=r"has format 99, this version reads 1\. Run the evaluation again"):
        load(path)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "sets": [{}]}', '{"format": 1, "sets": 3}']
)
def test_a_damaged_file_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RunRefused):
        load(path)


def test_a_run_is_found_by_its_id_the_beginning_of_it_or_its_file(tmp_path: Path) -> None:
    for name in ("retrieval-1", "retrieval-12", "answers-1"):
        save(made_run(name, made_set([1])), tmp_path)
    assert find("retrieval-1", tmp_path).stem == "retrieval-1"
    assert find("ans", tmp_path).stem == "answers-1"
    assert find(str(tmp_path / "answers-1.json"), Path("elsewhere")).stem == "answers-1"
    with pytest.raises(RunRefused, match="Several runs begin with 'retr'"):
        find("retr", tmp_path)
    with pytest.raises(RunRefused, match=r"No run is named or begins with '\.\./secret'"):
        find("../secret", tmp_path)


def test_two_runs_of_one_second_have_two_names(tmp_path: Path) -> None:
    at = dt.datetime(2030, 1, 2, 3, 4, 5, tzinfo=dt.UTC)
    first = new_id("retrieval", at, tmp_path)
    save(made_run(first, made_set([1])), tmp_path)
    assert (first, new_id("retrieval", at, tmp_path)) == (
        "retrieval-20300102-030405",
        "retrieval-20300102-030405-2",
    )
