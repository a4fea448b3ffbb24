"""What belongs to a ticket in, the steps that say so: other tickets, articles that helped, files."""

from dataclasses import replace

from bot.changes import ArticleLink, Attaching, Change, Detached, Link, with_links
from bot.desk.life import Action
from bot.desk.steps import What, Work
from bot.desk.ticket import Ticket
from bot.errors import BadRequest
from bot.people.accounts import Principal
from bot.tickets.stepping import Stepping
from bot.tickets.store import TicketStore, found, standing


class Joining:
    """Joins things to tickets, and takes them away. Each step raises what those of `bot.tickets.tickets` do."""

    def __init__(self, store: TicketStore, steps: Stepping) -> None:
        self._store = store
        self._steps = steps

    def link(
        self, who: Principal, reference: str, other: str, *, kind: str = "related", seen: int | None = None
    ) -> Ticket:
        """Says that two tickets belong together."""
        self._other(reference, other)

        def step(work: Work) -> None:
            work.act(Action.EDIT)
            work.note(What.LINKED, other)

        return self._steps.take(
            who, reference, seen, step, more=lambda change: with_links(change, Link(reference, other, kind))
        )

    def unlink(self, who: Principal, reference: str, other: str, *, seen: int | None = None) -> Ticket:
        """Says that they do not."""

        def step(work: Work) -> None:
            work.act(Action.EDIT)
            work.note(What.UNLINKED, other)

        def more(change: Change) -> Change:
            return replace(change, unlinked=(Link(reference, other, ""),))

        return self._steps.take(who, reference, seen, step, more=more)

    def merge(self, who: Principal, reference: str, into: str, *, seen: int | None = None) -> Ticket:
        """Closes it: another ticket goes on for it, and hears what the customer writes there."""
        target = self._other(reference, into)
        if standing(self._store, target).reference == reference:
            raise BadRequest("These two would lead to each other.")

        def more(change: Change) -> Change:
            return with_links(change, Link(reference, target.reference, "repeat"))

        return self._steps.take(who, reference, seen, lambda work: work.merge(target.reference), more=more)

    def article(
        self,
        who: Principal,
        reference: str,
        article: ArticleLink,
        *,
        there: bool = True,
        seen: int | None = None,
    ) -> Ticket:
        """Links an article that helped, or takes the link away again."""
        what = What.ARTICLE if there else What.ARTICLE_TAKEN_OUT

        def step(work: Work) -> None:
            work.act(Action.EDIT)
            work.note(what, f"{article.article_id} ({article.locale})")

        def more(change: Change) -> Change:
            if there:
                return replace(change, articles=(article,))
            return replace(change, articles_taken_out=(article,))

        return self._steps.take(who, reference, seen, step, more=more)

    def attach(
        self, who: Principal, reference: str, attaching: Attaching, *, seen: int | None = None
    ) -> Ticket:
        """Adds a file. Raises `RefusedFile` where there are too many."""

        def step(work: Work) -> None:
            work.act(Action.EDIT)
            work.note(What.ATTACHED, attaching.attachment.id)

        return self._steps.take(
            who, reference, seen, step, more=lambda change: replace(change, attached=(attaching,))
        )

    def detach(self, who: Principal, reference: str, gone: Detached, *, seen: int | None = None) -> Ticket:
        """Takes a file away for good; that it was there stays in the history."""

        def step(work: Work) -> None:
            work.act(Action.EDIT)
            work.note(What.ATTACHMENT_REMOVED, gone.attachment_id, gone.why)

        return self._steps.take(
            who, reference, seen, step, more=lambda change: replace(change, detached=(gone,))
        )

    def _other(self, reference: str, other: str) -> Ticket:
        if reference == other:
            raise BadRequest("A ticket cannot be joined to itself.")
        return found(self._store, other)
