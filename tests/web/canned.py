"""What the stand-in for the bot says: two articles' quotes, a reply for each keyword, the words of a hand-off."""

import datetime as dt
from dataclasses import replace

from bot.dialogue.reply import Citation, Reason, Reply, ReplyKind

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)

PAUSE_TEXT = """1. Sign in and go to Account > Subscription.
2. Select Pause and choose 1 to 13 weeks.
3. Confirm. Your next delivery moves by as many weeks."""

PAUSE_QUOTE = """1. Sign in and go to **Account > Subscription**.
2. Select **Pause** and choose 1 to 13 weeks.
3. Confirm. Your next delivery moves by as many weeks."""

PAUSE = Citation(
    article_id="subscriptions/pause-or-skip",
    locale="en",
    title="Pause or skip a delivery",
    heading_path=("Monthly plans", "Pause"),
    url="/help/en/subscriptions/pause-or-skip?revision=9f2c4a1b77de&start=210&end=372#pause",
    quote=PAUSE_QUOTE,
    text=PAUSE_TEXT,
    start=210,
    end=372,
    revision="9f2c4a1b77de",
)

YEARLY = replace(
    PAUSE,
    heading_path=("Yearly plans",),
    url="/help/en/subscriptions/pause-or-skip?revision=9f2c4a1b77de&start=400&end=478#yearly-plans",
    quote="A yearly plan can be paused **once a year**, for up to 8 weeks. It cannot be skipped.",
    text="A yearly plan can be paused once a year, for up to 8 weeks. It cannot be skipped.",
    start=400,
    end=485,
)

DELIVERY = Citation(
    article_id="delivery/delivery-times-and-costs",
    locale="en",
    title="Delivery times and costs by country",
    heading_path=("One-off orders",),
    url="/help/en/delivery/delivery-times-and-costs#one-off-orders",
    quote="| Germany | 2–3 | €3.90 | €35 | €9.90 |",
    text="Country: Germany; Standard time (working days): 2–3; Standard price: €3.90; "
    "Free from: €35; Express price: €9.90",
    start=700,
    end=741,
    revision="51c0ffee1234",
)

ANSWERS = {
    "pause": Reply(
        kind=ReplyKind.ANSWER,
        text=f"Here is how our help centre describes it:\n\n{PAUSE_TEXT}\n\n{YEARLY.text}",
        citations=(PAUSE, YEARLY),
        confidence=0.94,
        reason=Reason.ANSWERED,
        rule="",
        language="en",
    ),
    "germany": Reply(
        kind=ReplyKind.ANSWER,
        text=f"This is what I found:\n\n{DELIVERY.text}\n\nSource: {DELIVERY.title} › One-off orders",
        citations=(DELIVERY,),
        confidence=0.81,
        reason=Reason.ANSWERED,
        rule="",
        language="en",
    ),
    "cancel": Reply(
        kind=ReplyKind.CLARIFY,
        text="Happy to help. Which of these do you mean?",
        citations=(),
        confidence=0.0,
        reason=Reason.CHOICE,
        rule="",
        language="en",
        choices=("Pause my plan", "Cancel a one-off order", "Cancel my Tarnbean Care cover"),
        none_of_these="None of these",
    ),
    "hello": Reply(
        kind=ReplyKind.CLARIFY,
        text="Hello! Ask me about your coffee, your plan or your machine.",
        citations=(),
        confidence=0.0,
        reason=Reason.GREETING,
        rule="small-talk/greeting",
        language="en",
    ),
}

HAND_OFF = Reply(
    kind=ReplyKind.HANDOFF,
    text="I have passed this to my colleagues, with everything you wrote.",
    citations=(),
    confidence=0.0,
    reason=Reason.PERSON,
    rule="person/ask-for-human",
    language="en",
)

NEXT_STEP = "Somebody from our team reads it and answers by Monday, 12:00."
