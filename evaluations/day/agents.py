"""An agent who works at tickets through the desk's API until the day ends: takes, notes, escalates, replies."""

import random
import threading
import uuid
from collections.abc import Callable
from typing import Any, Final

import httpx

from evaluations.day.notes import Notes, Said
from evaluations.day.signing_in import Browser

#: Seconds between looks at the queue where nothing was to do.
_PAUSE: Final = 0.2
#: How often a step is decided anew where the ticket was changed meanwhile.
_TRIES: Final = 12


class Worker:
    """One agent at the tickets they have, and at those that nobody has."""

    def __init__(
        self,
        browser: Browser,
        notes: Notes,
        is_released: Callable[[str], bool],
        dice: random.Random,
    ) -> None:
        """`is_released` tells by a conversation whether its ticket may be touched by now, or ever."""
        self._browser = browser
        self._notes = notes
        self._is_released = is_released
        self._dice = dice
        self._seen: dict[str, int] = {}
        self._conversations: dict[str, str] = {}

    def work(self, ended: threading.Event) -> None:
        """Until the day ends. What nobody expected goes into the notes."""
        try:
            while not ended.is_set():
                if not self._round():
                    ended.wait(_PAUSE)
        except Exception as error:
            self._notes.problems.append(f"{self._browser.email}: {error!r}")
        finally:
            with self._notes.lock:
                self._notes.asked_again += self._browser.asked_again
            self._browser.close()

    def _round(self) -> bool:
        """Whether there was something to do."""
        done = False
        for whose in ("me", "nobody"):
            rows = self._get("/api/tickets", assignee=whose)["tickets"]
            for row in rows:
                reference = row["reference"]
                if self._seen.get(reference, 0) < 2 and row["status"] in ("new", "open"):
                    done = self._handle(reference, again=reference in self._seen) or done
        return done

    def _handle(self, reference: str, *, again: bool) -> bool:
        if not self._is_released(self._conversation(reference)):
            return False
        ticket = self._get(f"/api/tickets/{reference}")
        self._seen[reference] = self._seen.get(reference, 0) + 1
        if not ticket["assignee"] and not self._step(reference, "take"):
            return False
        drawn = self._dice.random()
        if not again and drawn < 0.2:
            self._note(reference)
        if not again and 0.2 < drawn < 0.28 and self._step(reference, "escalate", why="complexity"):
            self._notes.escalated.append(reference)
        then = "solve" if again or self._dice.random() < 0.75 else "wait"
        self._reply(reference, ticket["conversation_id"], then)
        return True

    def _conversation(self, reference: str) -> str:
        """Whose ticket it is, which never changes; what is not released is looked at often."""
        if reference not in self._conversations:
            self._conversations[reference] = self._get(f"/api/tickets/{reference}")["conversation_id"]
        return self._conversations[reference]

    def _note(self, reference: str) -> None:
        text = f"Looked at it, see {uuid.uuid4().hex}"
        if self._step(reference, "note", text=text):
            self._notes.notes.append((reference, text))

    def _reply(self, reference: str, conversation: str, then: str) -> None:
        client_id, text = str(uuid.uuid4()), f"Here is what we found ({uuid.uuid4().hex})."
        if not self._step(reference, "reply", text=text, then=then, client_id=client_id):
            return
        self._notes.replies.append(Said(conversation, reference, client_id, text))
        if then == "solve":
            self._notes.solved.append(reference)

    def _step(self, reference: str, step: str, **body: Any) -> bool:
        """Takes a step on the ticket as it is, anew where it was changed; False where it is somebody else's by now.

        A step without an id of its own whose answer was lost is looked up in the history before it is taken again.
        """
        asked_before = self._browser.asked_again
        for _ in range(_TRIES):
            ticket = self._get(f"/api/tickets/{reference}")
            if self._browser.asked_again > asked_before and self._is_done(ticket, step, body):
                return True
            answer = self._browser.ask(
                "POST", f"/api/tickets/{reference}/{step}", json={**body, "version": ticket["version"]}
            )
            if answer.status_code == 200:
                return True
            if answer.status_code == 403 or (step, answer.status_code) == ("escalate", 400):
                return False  # somebody else's, or no level is left
            if answer.status_code != 409:
                raise ValueError(f"{step} of {reference}: {answer.status_code} {answer.text[:300]}")
            if "changes" not in answer.text:
                return False  # its status forbids the step
        raise ValueError(f"{step} of {reference}: changed {_TRIES} times")

    def _is_done(self, ticket: dict[str, Any], step: str, body: dict[str, Any]) -> bool:
        return step == "note" and any(event["to"] == body["text"] for event in ticket["events"])

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        answer: httpx.Response = self._browser.ask("GET", path, params=query)
        if answer.status_code != 200:
            raise ValueError(f"{path}: {answer.status_code} {answer.text[:300]}")
        found: dict[str, Any] = answer.json()
        return found
