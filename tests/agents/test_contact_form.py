"""The contact form over HTTP: fitting articles, then a ticket as a hand-off makes it; what became of it is told."""

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from bot.desk.ticket import Priority, Status, Ticket
from bot.dialogue.conversation import Role as Said
from bot.ledger.facts import FactKind
from bot.ledger.forms import FormFigures, form_figures
from bot.people.roles import Role
from bot.storage.tables import facts
from tests.agents.colleagues import ANN, House
from tests.index.small_centre import SECRETS

FORM = "/help/contact"
PASSWORD = "How do I reset my password? I have lost it."
NOTHING_FITS = "zxqv blorp kwyjibo frobnicate"


def token(page: str) -> str:
    return re.findall(r'name="token" value="([^"]+)"', page)[0]


def letter(desk: House, message: str, **more: str) -> dict[str, str]:
    form = {"token": token(desk.client.get(FORM).text), "locale": "en", "email": ANN, "message": message}
    return {**form, **more}


def sent(desk: House, message: str, **more: str) -> Ticket:
    """Sends a letter, twice where articles come first; gives its ticket."""
    form = letter(desk, message, **more)
    page = desk.client.post(FORM, data=form)
    if "Before you send it" in page.text:
        page = desk.client.post(FORM, data=form)
    assert page.status_code == 200
    found = desk.services.conversations.ticket(re.findall(r"TZ-\w{4}-\w{4}", page.text)[0])
    assert found is not None
    return found


def told(desk: House) -> list[tuple[str, str]]:
    query = sa.select(facts.c.kind, facts.c.reason).order_by(facts.c.id)
    with desk.services.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def figures(desk: House) -> FormFigures:
    end = desk.clock.at + dt.timedelta(seconds=1)
    return form_figures(desk.services.forms.facts(end - dt.timedelta(days=1), end))


def test_articles_come_first_without_script_and_the_letter_is_kept(served: House) -> None:
    form = letter(served, PASSWORD, name="Ann Miller")
    first = served.client.post(FORM, data=form)
    assert "Before you send it" in first.text
    assert "/help/en/account/password" in first.text
    assert PASSWORD in first.text
    assert 'value="Ann Miller"' in first.text
    assert served.services.conversations.tickets() == []
    second = served.client.post(FORM, data={**form, "token": token(first.text)})
    assert "We have your message" in second.text
    [ticket] = served.services.conversations.tickets()
    assert ticket.reference in second.text
    assert [kind for kind, _ in told(served)] == ["form_shown", "opened", "form_sent"]
    assert told(served)[-1] == ("form_sent", "after")
    assert figures(served) == FormFigures(shown=1, sent_after=1, helped=0, sent_unshown=0)


def test_a_ticket_is_made_as_a_hand_off_makes_it(served: House) -> None:
    ticket = sent(served, NOTHING_FITS, name="Ann")
    assert (ticket.channel, ticket.contact, ticket.status) == ("form", ANN, Status.NEW)
    assert (ticket.priority, ticket.queue, ticket.rule) == (Priority.MEDIUM, "general", "written_to_people")
    level = served.services.policy.service_levels[Priority.MEDIUM]
    assert ticket.first_response_due - ticket.created_at == level.first_response
    conversation = served.services.conversations.get(ticket.conversation_id)
    assert conversation is not None
    assert [one.role for one in conversation.messages] == [Said.CUSTOMER]
    assert conversation.messages[0].text.endswith("My name is Ann.")


def test_triggers_say_how_urgent_it_is_and_for_whom(served: House) -> None:
    ticket = sent(served, "Somebody hacked into my account and changed my email address!")
    assert (ticket.priority, ticket.queue) == (Priority.CRITICAL, "security")


def test_when_to_expect_an_answer_follows_the_opening_hours(served: House) -> None:
    served.clock.at = dt.datetime(2026, 11, 28, 23, 0, tzinfo=dt.UTC)
    page = served.client.post(FORM, data=letter(served, NOTHING_FITS)).text
    assert "by Tuesday at 09:00 (UTC)" in page


def test_what_must_not_be_kept_is_taken_out_and_the_customer_is_told(served: House) -> None:
    page = served.client.post(FORM, data=letter(served, f"{NOTHING_FITS} card 4111 1111 1111 1111")).text
    assert "For your safety" in page
    [ticket] = served.services.conversations.tickets()
    conversation = served.services.conversations.get(ticket.conversation_id)
    assert conversation is not None
    assert "4111 1111 1111 1111" not in str(conversation) + str(ticket)


def test_a_letter_sent_again_is_one_ticket_and_one_with_more_is_added_to_it(served: House) -> None:
    form = letter(served, NOTHING_FITS)
    pages = [served.client.post(FORM, data=form).text for _ in range(3)]
    assert len({re.findall(r"TZ-\w{4}-\w{4}", page)[0] for page in pages}) == 1
    served.client.post(FORM, data={**form, "message": f"{NOTHING_FITS} and more"})
    [ticket] = served.services.conversations.tickets()
    conversation = served.services.conversations.get(ticket.conversation_id)
    assert conversation is not None
    assert [one.text for one in conversation.messages] == [NOTHING_FITS, f"{NOTHING_FITS} and more"]
    assert figures(served).sent_unshown == 1


def test_articles_while_somebody_writes_are_told_once_and_make_no_ticket(served: House) -> None:
    form = letter(served, PASSWORD)
    for length in (5, 30, len(PASSWORD)):
        found = served.client.post(f"{FORM}/fitting", data={**form, "message": PASSWORD[:length]}).json()
    assert found["articles"][0]["url"].startswith("/help/en/account/password")
    assert [kind for kind, _ in told(served)] == ["form_shown"]
    # Who has seen them is not stopped once more.
    assert "We have your message" in served.client.post(FORM, data=form).text


def test_only_the_customers_word_counts_as_help(served: House) -> None:
    closed, helped, both = (letter(served, PASSWORD) for _ in range(3))
    for form in (closed, helped, both):
        served.client.post(f"{FORM}/fitting", data=form)
    for form in (helped, helped, both):
        assert "Nothing was sent" in served.client.post(f"{FORM}/answered", data=form).text
    served.client.post(FORM, data=both)
    found = figures(served)
    assert found == FormFigures(shown=3, sent_after=1, helped=1, sent_unshown=0)
    assert (found.left, found.at_least.value, found.at_most.value) == (1, 1 / 3, 2 / 3)
    served.clock.at += dt.timedelta(minutes=1)
    page = served.browser(Role.LEAD).get("/insights/form").text
    assert "at least 33.3%" in page
    assert "at most 66.7%" in page
    assert served.browser(Role.LEAD).get("/insights/form?format=csv").text.splitlines()[1] == "90,3,1,1,1,0"


def test_it_cannot_have_helped_where_nothing_was_shown(served: House) -> None:
    assert served.client.post(f"{FORM}/answered", data=letter(served, PASSWORD)).status_code == 404
    assert told(served) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"email": "ann"}, "This is no email address."),
        ({"email": "+49 30 123456"}, "This is no email address."),
        ({"email": "a@b.example, c@d.example"}, "This is no email address."),
        ({"email": "ann@gmial.com"}, "Did you mean ann@gmail.com?"),
        ({"message": " \u200b "}, "Please write what it is about."),
        ({"message": "x" * 4001}, "That is too long."),
        ({"name": "x" * 101}, "100 characters fit"),
    ],
)
def test_a_mistake_is_named_and_nothing_that_was_written_is_lost(
    wrong: dict[str, str], words: str, served: House
) -> None:
    form = letter(served, NOTHING_FITS, name="Ann") | wrong
    page = served.client.post(FORM, data=form)
    assert (page.status_code, words in page.text) == (400, True)
    for name in {"message", "name", "email"} - wrong.keys():
        assert form[name] in page.text
    assert served.services.conversations.tickets() == []


def test_who_insists_on_an_unusual_address_is_believed(served: House) -> None:
    form = letter(served, NOTHING_FITS, email="ann@gmial.com", insisted="ann@gmial.com")
    assert "We have your message" in served.client.post(FORM, data=form).text


def test_what_is_written_is_text_wherever_it_stands(served: House) -> None:
    form = letter(served, "</textarea><script>alert(1)</script>", email='"><b>', name="{{ 7*7 }}")
    page = served.client.post(FORM, data=form).text
    assert "<script>alert" not in page
    assert "49" not in re.findall(r'name="name"[^>]*>', page)[0]


def test_a_form_that_is_not_ours_or_too_old_is_refused(served: House) -> None:
    form = letter(served, NOTHING_FITS)
    for bad in ({**form, "token": "a.b.c"}, {**form, "token": "<"}, {"message": "x"}):
        for path in (FORM, f"{FORM}/answered"):
            assert served.client.post(path, data=bad).status_code in (400, 404)
        assert served.client.post(f"{FORM}/fitting", data=bad).status_code == 404
    assert served.client.post(FORM, data=form, headers={"origin": "https://x.example"}).status_code == 403
    served.clock.at += dt.timedelta(days=2)
    late = served.client.post(FORM, data=form)
    assert (late.status_code, NOTHING_FITS in late.text) == (400, True)
    assert served.services.conversations.tickets() == []
    assert "We have your message" in served.client.post(FORM, data={**form, "token": token(late.text)}).text


def test_articles_for_agents_never_fit(served: House) -> None:
    form = letter(served, "goodwill payment voucher kestrel of forty euros, osprey room, shift lead")
    for path in (f"{FORM}/fitting", FORM):
        text = served.client.post(path, data=form).text.replace(form["message"], "")
        assert not [word for word in SECRETS if word in text.lower()]
        assert "/agents/" not in text


def test_a_form_is_in_no_figure_of_the_bot(served: House) -> None:
    sent(served, NOTHING_FITS)
    kinds = {FactKind(kind) for kind, _ in told(served)}
    assert FactKind.OPENED in kinds
    assert not kinds & {FactKind.ANSWERED, FactKind.HANDED_OFF, FactKind.CLARIFIED}
