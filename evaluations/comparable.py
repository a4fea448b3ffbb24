"""What evaluations of abstention, triggers and language measured in, results that can be saved and compared out."""

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from evaluations.labelled import Message
from evaluations.languages import LanguageResult
from evaluations.result import Case, SetResult, figures_of, slices_of
from evaluations.triggers import NONE, TriggerResult

if TYPE_CHECKING:
    # Rules and languages are measured without an index, and these bring one in.
    from evaluations.abstention import AbstentionResult, Selective
    from evaluations.labels import Labels

#: In this order in reports. `ranking` decides: its mean is the AUROC.
ABSTENTION = ("ranking", "closeness", "quote_right")
TRIGGERS = ("told_right", "reached", "left_alone")
LANGUAGE = ("told_right",)


def of_abstention(result: "AbstentionResult", labels: "Labels") -> tuple[SetResult, ...]:
    """One result a confidence model; the shipped one has no variant.

    A case's `ranking` is the share of questions of the other outcome that it stands on the right side of, so the mean
    over a set is the AUROC and two runs can be paired; its `closeness` is 1 - (probability - right)², 1 less the Brier
    score.
    """
    return tuple(
        _set(
            result.judged.name,
            "abstention",
            ABSTENTION,
            _judged_cases(labels, found),
            variant="" if model == "shipped" else model,
            measured={
                "calibration_error": found.ece,
                "area_under_risk_coverage": found.aurc,
                "coverage_at_90": found.coverage_at_90,
                "coverage_at_95": found.coverage_at_95,
            },
            notes=result.notes,
        )
        for model, found in result.models.items()
    )


def _judged_cases(labels: "Labels", found: "Selective") -> tuple[Case, ...]:
    from evaluations.selective import placements

    right = np.asarray([one.judgement.right for one in labels.questions], dtype=np.bool_)
    ranking = placements(np.asarray(found.probabilities), right)
    return tuple(
        _case(
            one.id,
            one.text,
            {
                "ranking": float(placed),
                "closeness": 1.0 - (said - one.judgement.right) ** 2,
                "quote_right": float(one.judgement.right),
                "confidence": said,
            },
            {"answerable": "yes" if one.judgement.answerable else "no"},
        )
        for one, said, placed in zip(labels.questions, found.probabilities, ranking, strict=True)
    )


def of_triggers(result: TriggerResult) -> SetResult:
    """Told as labelled or not; `reached`: with a reason, told any; `left_alone`: without one, told none."""
    cases = []
    for number, one in enumerate(result.told, 1):
        harmless = one.message.label == NONE
        values = {"told_right": float(one.got == one.message.label)}
        values["left_alone" if harmless else "reached"] = float((one.got == NONE) is harmless)
        labels = {"reason": one.message.label, **_stated(one.message)}
        cases.append(_case(str(number), one.message.text, values, labels, one.message.label, one.got))
    return _set(result.name, "triggers", TRIGGERS, cases, by=("reason", "language"))


def of_language(result: LanguageResult) -> SetResult:
    """Whether the language of each message was told."""
    cases = [
        _case(
            str(number),
            one.message.text,
            {"told_right": float(one.label == one.got)},
            {"label": one.label, **({"kind": one.message.kind} if one.message.kind else {})},
            one.label,
            one.got,
        )
        for number, one in enumerate(result.told, 1)
    ]
    measured = {"message_ms_p50": result.ms_p50, "message_ms_p95": result.ms_p95}
    return _set(result.name, "language", LANGUAGE, cases, by=("kind", "label"), measured=measured)


def _stated(message: Message) -> dict[str, str]:
    return {"language": message.language} if message.language else {}


def _case(
    name: str, text: str, values: dict[str, float], labels: dict[str, str], wanted: str = "", got: str = ""
) -> Case:
    return Case(name, text, (), (wanted,) if wanted else (), (got,) if got else (), "", values, labels)


def _set(
    name: str,
    kind: str,
    metrics: Sequence[str],
    cases: Sequence[Case],
    *,
    variant: str = "",
    by: Sequence[str] = (),
    measured: dict[str, float] | None = None,
    notes: Sequence[str] = (),
) -> SetResult:
    texts = hashlib.sha256("\x00".join(one.text for one in cases).encode()).hexdigest()[:16]
    return SetResult(
        name=name,
        variant=variant,
        kind=kind,
        corpus=texts,
        primary=metrics[0],
        figures=figures_of(cases, metrics),
        slices=slices_of(cases, metrics, by),
        measured=measured or {},
        notes=tuple(notes),
        cases=tuple(cases),
        documents={},
    )
