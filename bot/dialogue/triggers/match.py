"""A message in, the rule that fired out, with the words that fired it and a sentence why."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path

from bot.dialogue.reply import Reason
from bot.dialogue.spoken import Spoken
from bot.dialogue.triggers.closer import PLAIN, LookCloser, together
from bot.dialogue.triggers.fired import Considered, Fired
from bot.dialogue.triggers.meaning import (
    DOUBTED_FROM,
    MOST_WORDS_OVERRULED,
    OVERRULED_FROM,
    Meaning,
    Seen,
    Signals,
    likeliest,
)
from bot.dialogue.triggers.reasons import Handlings
from bot.dialogue.triggers.rules import RuleFile, load
from bot.dialogue.triggers.trials import EVERYWHERE, Trial, Trials
from bot.dialogue.triggers.weights import NONE
from bot.dialogue.words import blank_quotations

RULES = Path(__file__).with_name("rules")
#: The rule of what was told by meaning, after the reason and a slash.
BY_MEANING = "by-meaning"


class Triggers:
    """All rule files, ready to try on messages. Remembers nothing of a message but how the rules read it."""

    def __init__(
        self,
        files: Spoken[RuleFile],
        handlings: Handlings,
        meaning: Meaning | None = None,
        look_closer: LookCloser | None = None,
    ) -> None:
        """Take checked files by language; without a `meaning`, messages are told by the rules alone.

        `look_closer` is asked about what is not plainly an everyday message by its meaning.
        """
        self._files = files
        self._handlings = handlings
        self._meaning = meaning
        self._look_closer = look_closer
        self._trials = Trials(files)

    @classmethod
    def load(cls, folder: Path = RULES, meaning: Meaning | None = None, *, later: bool = False) -> "Triggers":
        """Read every `*.yaml` in a folder, named after its language.

        `later`, all but English are read when their language is first spoken, for files that were read before. Raises
        `bot.errors.SettingsInvalid` naming the file and the rule.
        """
        files = Spoken({file.stem: partial(load, file) for file in sorted(folder.glob("*.yaml"))})
        if not later:
            files.prepare()
        elif EVERYWHERE in files:
            # Its rules are tried on every message: no customer waits for them.
            _ = files[EVERYWHERE]
        return cls(files, Handlings.load(), meaning)

    def prepare(self) -> None:
        """Reads every language, and opens what looks closer, now."""
        self._files.prepare()
        if self._meaning:
            self._meaning.prepare()
        if self._look_closer:
            self._look_closer.prepare()

    def including(self, meaning: Meaning | None, look_closer: LookCloser | None = None) -> "Triggers":
        """The same rules with what tells by meaning, or without."""
        return Triggers(self._files, self._handlings, meaning, look_closer)

    def match(self, text: str, language: str) -> Fired | None:
        """The strongest reason in the message; rules of its language and of English are tried, of all if it is ''."""
        return self._strongest(trial for trial in self._trials.of(text, language) if not trial.why)

    @property
    def names(self) -> frozenset[str]:
        """The names of all rules."""
        return frozenset(rule.name for file in self._files.values() for rule in file.rules)

    @property
    def means(self) -> bool:
        """Whether messages are told by their meaning too."""
        return self._meaning is not None

    def reads(self, text: str, language: str) -> str:
        """What the encoder is to see of a message for its meaning: the message, or its words in English."""
        return self._meaning.reads(text, language) if self._meaning else text

    def told(
        self, text: str, language: str, see: Callable[[str], Seen] | None = None, *, read_in: str = ""
    ) -> Fired | None:
        """What rules and meaning say together; without `see`, the encoder's view of a text, the rules are alone.

        `read_in` is the language that its words are taken for where it is not sure and the rules of all are tried.
        """
        fired = self.match(text, language)
        if see is None or self._meaning is None:
            return fired
        seen = see(self.reads(text, language or read_in))
        return self.weighed(fired, text, seen, language) if fired else self.felt(text, seen, language)

    def weighed(self, fired: Fired, text: str, seen: Seen, language: str) -> Fired | None:
        """What is left of a rule that fired when the meaning is asked too: the rule, another reason, or none.

        Danger is never explained away, nor what a rule finds in a long message, nor a rule that the weights have not
        seen: what a team adds counts.
        """
        meaning = self._meaning
        if meaning is None or not meaning.knows(fired.rule):
            return fired
        chances = self._chances(meaning, text, seen, self.signals(text, language))
        if not fired.sure and chances[NONE] >= DOUBTED_FROM:
            certain = (one for one in self._trials.of(text, language) if one.sure and not one.why)
            left = self._strongest(certain)
            return self.weighed(left, text, seen, language) if left else None
        if blank_quotations(text) != text or len(text.split()) > MOST_WORDS_OVERRULED:
            return fired
        label, chance = likeliest(chances)
        if chance < OVERRULED_FROM or label == fired.reason:
            return fired
        if label == NONE:
            return fired if fired.reason is Reason.DANGER else None
        return self._meant(Reason(label), chance, text, seen, language)

    def felt(self, text: str, seen: Seen, language: str) -> Fired | None:
        """What a message says by its meaning, for one that no rule fires on.

        `seen` is the encoder's view of what `reads` makes of the text: without what the message quotes.
        """
        if self._meaning is None:
            return None
        signals = self.signals(text, language)
        label, chance = likeliest(self._chances(self._meaning, text, seen, signals))
        if label == NONE:
            return None
        reason = Reason(label)
        reached = chance >= self._meaning.floor(text, reason, signals)
        return self._meant(reason, chance, text, seen, language) if reached else None

    def _meant(self, reason: Reason, chance: float, text: str, seen: Seen, language: str) -> Fired:
        handling = self._handlings[reason]
        like = self._meaning.like(reason, seen.vector) if self._meaning else ""
        return Fired(
            reason=reason,
            rule=f"{reason.value}/{BY_MEANING}",
            words=text,
            explanation=f"The message says so by its meaning ({chance:.2f})"
            + (f", like “{like}”" if like else ""),
            priority=handling.priority,
            queue=handling.queue,
            sentence=handling.sentence,
            language=language,
        )

    def chances(self, text: str, seen: Seen, language: str) -> Mapping[str, float]:
        """How likely each reason is by meaning, likeliest first, `none` among them; empty without a meaning."""
        if self._meaning is None:
            return {}
        chances = self._chances(self._meaning, text, seen, self.signals(text, language))
        return dict(sorted(chances.items(), key=lambda one: -one[1]))

    def _chances(self, meaning: Meaning, text: str, seen: Seen, signals: Signals) -> Mapping[str, float]:
        """How likely each label is, by a second look too where the first does not plainly say `none`."""
        first = meaning.chances(text, seen, signals)
        if self._look_closer is None or (first[NONE] >= PLAIN and not signals.fired):
            return first
        second = self._look_closer(seen)
        return together(first, second) if second else first

    def floor(self, text: str, reason: Reason, language: str) -> float | None:
        """How likely a reason must be by meaning to bring in a person; None without a meaning."""
        if self._meaning is None:
            return None
        return self._meaning.floor(text, reason, self.signals(text, language))

    def signals(self, text: str, language: str) -> Signals:
        """What the rules made of a message, for the meaning to weigh."""
        fired: set[Reason] = set()
        held_back: set[Reason] = set()
        for trial in self._trials.of(text, language):
            (held_back if trial.why else fired).add(trial.rule.reason)
        denied = self._trials.denied(text, language)
        return Signals(frozenset(fired), frozenset(held_back), denied - fired)

    def explain(self, text: str, language: str) -> tuple[Considered, ...]:
        """Every rule that was considered: those that fired first, then those held back, then the rest."""
        seen: dict[tuple[str, str], Considered] = {}
        for trial in self._trials.of(text, language):
            rule, fires = trial.rule, not trial.why
            key = (rule.language, rule.name)
            if key not in seen or (fires and not seen[key].fired):
                says = rule.says if trial.sure else f"{rule.says}, if its meaning agrees"
                seen[key] = Considered(rule.name, rule.language, fires, trial.words, trial.why or says)
        for file in self._trials.files(language):
            for rule in file.rules:
                quiet = Considered(
                    rule.name, rule.language, False, "", "none of its phrases is in the message"
                )
                seen.setdefault((rule.language, rule.name), quiet)
        return tuple(sorted(seen.values(), key=lambda one: (not one.fired, not one.words)))

    def meant(self, text: str, language: str) -> str:
        """The message without clauses that decline something ("I don't need an agent"), where anything else is left."""
        return self._trials.meant(text, language)

    def _strongest(self, trials: Iterable[Trial]) -> Fired | None:
        """The rule of the first reason among those that fire, and of its rules the first; a sure one before others."""
        fired = [
            (self._handlings[trial.rule.reason].rank, not trial.sure, position, trial)
            for position, trial in enumerate(trials)
        ]
        if not fired:
            return None
        *_, trial = min(fired, key=lambda one: one[:3])
        return self._fired(trial)

    def _fired(self, trial: Trial) -> Fired:
        rule = trial.rule
        handling = self._handlings[rule.reason]
        return Fired(
            reason=rule.reason,
            rule=rule.name,
            words=trial.words,
            explanation=f"{rule.says}: “{trial.words}”",
            priority=rule.priority or handling.priority,
            queue=rule.queue or handling.queue,
            sentence=rule.sentence or handling.sentence,
            language=rule.language,
            sure=trial.sure,
        )
