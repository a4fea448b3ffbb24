"""Whether a message asks for steps."""

from pathlib import Path

import pytest
import yaml

from bot.dialogue.procedure import Procedure
from bot.errors import SettingsInvalid

CASES = yaml.safe_load(
    Path(__file__).with_name("cases").joinpath("procedure.yaml").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def procedure() -> Procedure:
    return Procedure.load()


@pytest.mark.parametrize("written", CASES, ids=[f"{case['language']}: {case['text']}" for case in CASES])
def test_a_message_that_asks_how_is_told_from_one_that_asks_what(
    procedure: Procedure, written: dict[str, object]
) -> None:
    assert procedure.asked(str(written["text"]), str(written["language"])) is written["asked"]


def test_a_file_with_an_unknown_field_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "procedure.yaml"
    file.write_text("en:\n  ask: [how]\n", encoding="utf-8")

    with pytest.raises(SettingsInvalid, match="ask"):
        Procedure.load(file)
