"""`reasons.yaml` in, how each hand-off is handled out: how urgent, which queue, what the customer is told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.dialogue.datafile import MappingReader, read_yaml
from bot.dialogue.reply import Reason

FILE = Path(__file__).with_name("reasons.yaml")
PRIORITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Handling:
    """What happens with a conversation that is handed off for a reason."""

    reason: Reason
    priority: str
    """`critical`, `high`, `medium` or `low`, as in the team's service levels."""
    queue: str
    sentence: str
    """Key of what the customer is told, in `bot.dialogue.wording`."""
    rank: int
    """Position in the file, from 0: where several reasons fire, the lowest is kept."""


class Handlings:
    """How each reason is handled, strongest first."""

    def __init__(self, handlings: Mapping[Reason, Handling]) -> None:
        self._handlings = dict(handlings)

    def __getitem__(self, reason: Reason) -> Handling:
        """Raises `KeyError` for a reason that hands nothing off, such as a greeting."""
        return self._handlings[reason]

    def __iter__(self) -> Iterator[Handling]:
        return iter(self._handlings.values())

    def __contains__(self, reason: object) -> bool:
        return reason in self._handlings

    @classmethod
    def load(cls, file: Path = FILE) -> "Handlings":
        """Read and check the file. Raises `bot.errors.SettingsInvalid` naming the file and the reason."""
        handlings: dict[Reason, Handling] = {}
        for rank, (name, fields) in enumerate(read_yaml(file).items()):
            reader = MappingReader(file, f"reason “{name}”", fields)
            reader.only("priority", "queue", "sentence")
            reason = reader.choice_of(name, tuple(Reason))
            handlings[Reason(reason)] = Handling(
                reason=Reason(reason),
                priority=reader.choice_of(reader.text("priority"), PRIORITIES),
                queue=reader.text("queue"),
                sentence=reader.text("sentence"),
                rank=rank,
            )
        return cls(handlings)
