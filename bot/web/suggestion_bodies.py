"""The JSON of suggestions that programs get and send; `bot.assist.suggestions` has the values behind it."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.desk.suggested import Verdict
from bot.web.schemas import CitationBody, clean_text


class SuggestedArticleBody(BaseModel):
    """An article that fits."""

    article_id: str = Field(examples=["subscriptions/pause-or-skip"])
    locale: str = Field(examples=["en"])
    title: str = Field(examples=["Pause or skip a delivery"])
    agent_only: bool = Field(description="Never to be passed on to a customer.", examples=[False])
    citation: CitationBody = Field(
        description="The quote that fits best, checked. `url` is empty for an article that is for agents only."
    )
    why: list[str] = Field(
        description="The signals behind it, in words.",
        examples=[["Has 75% of the question's telling words.", "Means nearly the same (likeness 0.71)."]],
    )


class DraftBody(BaseModel):
    """A reply for the customer, to be read, changed and sent by a person."""

    text: str = Field(
        examples=[
            "Here is what our help centre says about “Pause or skip a delivery”:\n\n"
            "A monthly plan can be paused for 1 to 13 weeks."
        ]
    )
    citations: list[CitationBody] = Field(description="Of public articles alone.")
    confidence: float = Field(
        ge=0, le=1, description="Probability that the first quote answers the question.", examples=[0.71]
    )
    why: list[str] = Field(
        examples=[["The bot finds this right with a probability of 71%: sure enough to answer by itself."]]
    )


class SimilarTicketBody(BaseModel):
    """A solved ticket that asked for nearly the same."""

    reference: str = Field(examples=["TZ-4F7K-9Q2M"])
    question: str = Field(
        description="What its customer wanted; personal data masked without `personal:read`."
    )
    language: str = Field(examples=["en"])
    solved_by: str = Field(description="What was written to them last.")
    articles: list[tuple[str, str]] = Field(
        description="Articles that helped: id and locale of each.", examples=[[]]
    )
    why: list[str] = Field(examples=[["Asked nearly the same (likeness 0.71)."]])


class SuggestionsBody(BaseModel):
    """What may help an agent with one question."""

    question: str = Field(
        description="What was looked for, in the customer's words, personal data masked.",
        examples=["How do I pause my subscription?"],
    )
    language: str = Field(examples=["en"])
    articles: list[SuggestedArticleBody] = Field(description="Up to five, best first.")
    similar_tickets: list[SimilarTicketBody] = Field(
        description="Up to three solved ones, most alike first; empty without the scope `tickets:read`.",
        examples=[[]],
    )
    draft: DraftBody | None = Field(description="Null where no public article fits well enough.")


class OutcomeRequest(BaseModel):
    """What an agent made of a suggested article, or of a solved ticket that was suggested."""

    model_config = ConfigDict(extra="ignore")

    outcome: Verdict = Field(
        description="What the search learns of it: an accepted article is found sooner for questions like this "
        "one, one that was edited a little sooner, a rejected one by its words alone; solved tickets move likewise."
    )
    article_id: str = Field("", max_length=500, examples=["subscriptions/pause-or-skip"])
    locale: str = Field("", max_length=35, examples=["en"])
    similar_ticket: str = Field(
        "",
        max_length=64,
        description="In place of an article: the reference of a solved ticket that was suggested.",
        examples=[""],
    )
    text: Annotated[str, AfterValidator(clean_text)] = Field(
        "",
        description="The question that the suggestion was for; may be left out where `ticket` is given.",
        examples=["How do I pause my subscription?"],
    )
    reply: Annotated[str, AfterValidator(clean_text)] = Field(
        "", description="What was sent to the customer, if you like to tell.", examples=[""]
    )
    ticket: str = Field(
        "", max_length=64, description="Reference of the ticket, if it has one.", examples=[""]
    )
