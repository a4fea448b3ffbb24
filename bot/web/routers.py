"""Every router of the service. Importing them takes longer than all that a first message needs: `bot.web.later`."""

from bot.web import (
    agent,
    article_votes,
    chat,
    contact,
    demo,
    discovery,
    files,
    health,
    help_search,
    metrics,
    own_requests,
    reference,
    surveys,
    ticket_api,
    topics,
    transcript,
    visits,
)
from bot.web import help as help_centre
from bot.web.desk import (
    account,
    board,
    confidence,
    drafts,
    live,
    macros,
    outgoing,
    people,
    quality,
    sign_in,
    team,
    tickets,
    triggers,
    views,
    work,
)
from bot.web.desk import files as desk_files
from bot.web.insights import article_trials, articles, evidence, experiments, form, gaps, overview, volume
from bot.web.live import customer as live_customer
from bot.web.live import staff as live_staff

#: Everything that answers, for customers first, then for staff.
ROUTERS = (
    topics.router,
    chat.router,
    visits.router,
    transcript.router,
    agent.router,
    ticket_api.router,
    files.router,
    health.router,
    help_search.router,
    contact.router,
    own_requests.router,
    discovery.router,
    help_centre.router,
    article_votes.router,
    reference.router,
    demo.router,
    surveys.router,
    sign_in.router,
    account.router,
    confidence.router,
    team.router,
    tickets.router,
    views.router,
    board.router,
    people.router,
    desk_files.router,
    live.router,
    work.router,
    quality.router,
    metrics.router,
    evidence.router,
    volume.router,
    overview.router,
    gaps.router,
    article_trials.router,
    experiments.router,
    triggers.router,
    articles.router,
    form.router,
    drafts.router,
    macros.router,
    outgoing.router,
)

#: Everything that stays open: who may open one is decided in it, since browsers guard sockets by no rule of theirs.
SOCKETS = (live_customer.router, live_staff.router)
