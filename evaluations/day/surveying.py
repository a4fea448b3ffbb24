"""Notes of solved tickets in, surveys answered by their customers out, as they come to have one."""

import threading
from typing import Final

from evaluations.day.customers import answer_survey, customer, survey_token
from evaluations.day.notes import Notes, Talk

#: Seconds between looks for surveys that there are by now.
_PAUSE: Final = 0.5


def surveys(base: str, notes: Notes, asked: set[str], ended: threading.Event) -> None:
    """Customers whose tickets were solved answer their surveys, one after the other, while the day goes on."""
    while not ended.wait(_PAUSE):
        survey_round(base, notes, asked)


def survey_round(base: str, notes: Notes, asked: set[str]) -> None:
    """All who have a survey now and wish to answer it; others have none yet, or a ticket that was opened again."""
    solved = set(notes.solved)
    for talk in list(notes.talks):
        wants = talk.visit.survey is not None and talk.conversation not in asked
        if wants and not solved.isdisjoint(talk.tickets):
            try:
                if _survey(base, talk):
                    asked.add(talk.conversation)
            except Exception as error:
                asked.add(talk.conversation)
                notes.problems.append(f"survey of customer {talk.visit.number}: {error!r}")


def _survey(base: str, talk: Talk) -> bool:
    """Whether there was one to answer."""
    client = customer(base, talk.visit)
    try:
        token = survey_token(client, talk)
        if token:
            answer_survey(client, talk, token)
        return bool(token)
    finally:
        client.close()
