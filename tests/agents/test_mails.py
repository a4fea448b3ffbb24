"""Mails to customers over a real SMTP server: which stage says what, to whom, once, in their language, and no more."""

import datetime as dt
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.desk.aftercare import Stage, load_aftercare
from bot.desk.live import Side
from bot.errors import SettingsInvalid
from bot.outgoing.effects import Channel, Standing
from bot.outgoing.mail_texts import FOLDER, MailTexts
from bot.settings import load
from bot.storage.tables import conversations, tickets
from tests.agents.colleagues import ANN, House, house
from tests.agents.happening import happen, reply, run
from tests.agents.postbox import Postbox, postbox
from tests.index.small_centre import Centre

SITE = "https://help.shop.example"


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as opened:
        yield opened


@pytest.fixture
def posted(agents_centre: Centre, tmp_path: Path, box: Postbox) -> Iterator[House]:
    """A desk that can send mail."""
    mail = {
        "smtp_host": "127.0.0.1",
        "smtp_port": box.port,
        "smtp_security": "none",
        "smtp_from": "Tarnbean <help@shop.example>",
        "public_url": SITE,
    }
    with house(agents_centre.copy(tmp_path / "copy"), **mail) as opened:
        yield opened


def plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html(mail: EmailMessage) -> str:
    part = mail.get_body(("html",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_each_stage_is_told_once_in_one_thread(posted: House, box: Postbox) -> None:
    reference = posted.ticket("where is my parcel", contact=ANN)
    run(posted)
    run(posted)
    happen(posted, reference, ("assignee", "", "account:a"), ("priority", "low", "high"))
    happen(posted, reference, ("status", "new", "open"), ("status", "open", "waiting_for_customer"))
    run(posted)
    happen(posted, reference, ("warned", "", "resolution"), ("status", "waiting_for_customer", "open"))
    run(posted)
    happen(posted, reference, ("status", "open", "solved"))
    run(posted)
    assert box.subjects == [
        f"[{reference}] We have your message",
        f"[{reference}] We need a word from you",
        f"[{reference}] It takes a little longer",
        f"[{reference}] Is it solved?",
    ]
    first, *rest = box.mails
    assert first["to"] == ANN
    assert str(first["from"]) == "Tarnbean <help@shop.example>"
    assert {str(mail["references"]) for mail in rest} == {str(first["message-id"])}
    assert len({str(mail["message-id"]) for mail in box.mails}) == 4
    assert re.search(rf"{SITE}/surveys/\S+", plain(rest[-1]))
    assert f'<a href="{SITE}/surveys/' in html(rest[-1])


def test_a_delay_is_told_once_however_often_its_clock_warns(posted: House, box: Postbox) -> None:
    reference = posted.ticket("where is my parcel", contact=ANN)
    run(posted)
    for clock in ("first response", "next response", "next response", "resolution", "resolution"):
        happen(posted, reference, ("warned", "", clock))
        run(posted, dt.timedelta(hours=1))
    assert box.subjects.count(f"[{reference}] It takes a little longer") == 2


def test_a_customer_is_written_to_in_their_language(posted: House, box: Postbox) -> None:
    posted.ticket("quiero devolver un pedido que llegó roto", contact=ANN)
    with posted.services.database.writing() as connection:
        connection.execute(sa.update(tickets).values(language="es"))
    run(posted)
    assert "Hemos recibido su mensaje" in box.subjects[0]
    assert box.mails[0]["content-language"] == "es"


def test_an_address_given_later_gets_the_first_mail_once(posted: House, box: Postbox) -> None:
    reference = posted.ticket("where is my parcel")
    run(posted)
    assert box.mails == []
    with posted.services.database.writing() as connection:
        change = sa.update(tickets).where(tickets.c.reference == reference)
        connection.execute(change.values(contact=ANN))
    happen(posted, reference, ("contact", "", ANN))
    run(posted)
    happen(posted, reference, ("contact", ANN, "other@shop.example"))
    run(posted)
    assert box.subjects == [f"[{reference}] We have your message"]


def test_nobody_is_written_to_at_a_telephone_number(posted: House, box: Postbox) -> None:
    posted.ticket("where is my parcel", contact="+493012345678")
    run(posted)
    assert box.mails == []
    assert posted.services.outbox.counts() == {Standing.VOID: 1}


def test_a_reply_goes_by_mail_unless_the_customer_read_it_in_the_chat(posted: House, box: Postbox) -> None:
    reference = posted.ticket("where is my parcel", contact=ANN)
    run(posted)
    happen(posted, reference, ("reply", "", reply(posted, reference, "It is on its way.")))
    happen(posted, reference, ("reply", "", reply(posted, reference, "It arrives on Monday.")))
    run(posted)
    assert len(box.mails) == 1
    run(posted, dt.timedelta(minutes=3))
    assert box.subjects[1:] == [f"[{reference}] Our answer"]
    assert plain(box.mails[1]).startswith("It is on its way.\n\nIt arrives on Monday.\n")
    assert "auto-submitted" not in box.mails[1]
    happen(posted, reference, ("reply", "", reply(posted, reference, "Anything else?")))
    reply(posted, reference, "no, thank you", role="customer")
    run(posted, dt.timedelta(minutes=3))
    assert len(box.mails) == 2


def _counted(desk: House, conversation_id: str) -> int:
    """Messages of a conversation, counted as the desk counts up with each."""
    count = len(desk.services.chat.conversation(conversation_id).messages)
    with desk.services.database.writing() as connection:
        of_it = sa.update(conversations).where(conversations.c.id == conversation_id)
        connection.execute(of_it.values(message_count=count))
    return count


def test_a_reply_that_was_read_in_the_chat_does_not_go_by_mail_and_one_that_only_arrived_does(
    posted: House, box: Postbox
) -> None:
    reference = posted.ticket("where is my parcel", contact=ANN)
    run(posted)
    ticket, live = posted.services.conversations.ticket(reference), posted.services.live_store
    assert ticket is not None
    happen(posted, reference, ("reply", "", reply(posted, reference, "It is on its way.")))
    count = _counted(posted, ticket.conversation_id)
    live.seen(ticket.conversation_id, Side.CUSTOMER, count, count)
    run(posted, dt.timedelta(minutes=3))
    assert len(box.mails) == 1
    happen(posted, reference, ("reply", "", reply(posted, reference, "It arrives on Monday.")))
    live.seen(ticket.conversation_id, Side.CUSTOMER, _counted(posted, ticket.conversation_id), count)
    run(posted, dt.timedelta(minutes=3))
    assert box.subjects[1:] == [f"[{reference}] Our answer"]


def test_a_solution_brings_the_reply_it_came_with_in_one_mail(posted: House, box: Postbox) -> None:
    reference = posted.ticket("where is my parcel", contact=ANN)
    run(posted)
    said = reply(posted, reference, "It is at your neighbour's.")
    happen(posted, reference, ("reply", "", said), ("status", "new", "solved"))
    run(posted, dt.timedelta(minutes=3))
    assert box.subjects[1:] == [f"[{reference}] Is it solved?"]
    assert plain(box.mails[1]).startswith("It is at your neighbour's.\n\nWe believe")


def test_what_is_no_longer_true_is_not_said(posted: House, box: Postbox) -> None:
    reference = posted.ticket("where is my parcel", contact=ANN)
    happen(posted, reference, ("status", "new", "waiting_for_customer"))
    happen(posted, reference, ("status", "waiting_for_customer", "open"))
    run(posted)
    assert box.subjects == [f"[{reference}] We have your message"]


def test_the_follow_up_comes_a_day_later_unless_the_customer_spoke_or_it_was_reopened(
    posted: House, box: Postbox
) -> None:
    quiet, reopened = (posted.ticket("where is my parcel", contact=ANN) for _ in range(2))
    for reference in (quiet, reopened):
        happen(posted, reference, ("status", "open", "solved"))
    run(posted, dt.timedelta(hours=1))
    happen(posted, reopened, ("status", "solved", "open"))
    run(posted, dt.timedelta(hours=1))
    box.mails.clear()
    run(posted, dt.timedelta(hours=21))
    assert box.mails == []
    run(posted, dt.timedelta(hours=2))
    assert box.subjects == [f"[{quiet}] Does everything still work?"]


def test_what_strangers_write_is_text_and_never_a_header(posted: House, box: Postbox) -> None:
    nasty = "<script>alert(1)</script>\r\nBcc: all@shop.example {link} & more"
    reference = posted.ticket(nasty, contact=ANN)
    with posted.services.database.writing() as connection:
        connection.execute(sa.update(tickets).values(subject=nasty))
    run(posted)
    [mail] = box.mails
    assert mail["bcc"] is None
    assert "<script>" not in html(mail)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html(mail)
    assert "{link} & more" in plain(mail)
    with posted.services.database.writing() as connection:
        connection.execute(sa.update(tickets).values(contact=f"{ANN}\nBcc: all@shop.example"))
    happen(posted, reference, ("status", "new", "solved"))
    run(posted)
    assert len(box.mails) == 1
    assert [one.problem for one in posted.services.outbox.list([Standing.DEAD], 9)] == [
        "The customer's address cannot be written to."
    ]


def test_a_mail_server_that_is_busy_is_tried_again_and_a_refusal_is_given_up(
    posted: House, box: Postbox
) -> None:
    box.answer, box.refuses = "451 try later", ("gone@shop.example",)
    posted.ticket("where is my parcel", contact=ANN)
    run(posted)
    box.answer = "250 OK"
    posted.ticket("where is my parcel", contact="gone@shop.example")
    run(posted, dt.timedelta(minutes=1))
    run(posted, dt.timedelta(minutes=1))
    assert [str(mail["to"]) for mail in box.mails] == [ANN]
    assert posted.services.outbox.counts() == {Standing.DONE: 1, Standing.DEAD: 1}
    [dead] = posted.services.outbox.list([Standing.DEAD], 9)
    assert dead.problem == "The mail server refuses the recipient (550)."


def test_without_a_mail_server_nothing_is_queued(served: House) -> None:
    reference = served.ticket("where is my parcel", contact=ANN)
    happen(served, reference, ("status", "new", "solved"))
    run(served)
    assert [one for one in served.services.outbox.list(Standing, 9) if one.channel is Channel.MAIL] == []
    assert served.services.outbox.counts() == {}


def test_the_policy_says_which_stages_are_told(posted: House, tmp_path: Path) -> None:
    shipped = load_aftercare()
    assert Stage.ASSIGNED not in shipped.updates
    assert (shipped.follow_up, shipped.bad_score) == (dt.timedelta(hours=24), 2)
    own = tmp_path / "policy.yaml"
    own.write_text("status_updates: [received, assigned]\n", encoding="utf-8")
    assert load_aftercare(own).updates == {Stage.RECEIVED, Stage.ASSIGNED}
    for wrong in (
        "status_updates: [gone]",
        "after_solving: {follow_up: 24h, links_hold: 1h, bad_score: 2}",
        "after_solving: {follow_up: soon, links_hold: 14d, bad_score: 2}",
        "after_solving: {follow_up: 24h, links_hold: 14d, bad_score: 9}",
    ):
        own.write_text(wrong, encoding="utf-8")
        with pytest.raises(SettingsInvalid):
            load_aftercare(own)


def test_every_language_has_every_mail_and_names_no_unknown_place(tmp_path: Path) -> None:
    texts = MailTexts.load()
    values = dict.fromkeys(("site_name", "reference", "subject", "message", "link"), "x")
    for language in ("en", "es", "de", "fr"):
        for stage in Stage:
            written = texts.write(stage, language, values)
            assert written.language == language
            assert "{" not in written.subject + written.text
    assert texts.write(Stage.SOLVED, "pl", values).language == "en"
    for change in (("{site_name}", "{gone}"), ("{site_name}", "{site_name.x}"), ("received:", "gone:")):
        (tmp_path / "en.yaml").write_text((FOLDER / "en.yaml").read_text("utf-8").replace(*change), "utf-8")
        with pytest.raises(SettingsInvalid, match=r"en\.yaml"):
            MailTexts.load(tmp_path)


@pytest.mark.parametrize(
    "given",
    [
        {"smtp_host": "mail.shop.example"},
        {"smtp_host": "mail.shop.example", "smtp_from": "nobody"},
        {"smtp_host": "mail.shop.example", "smtp_from": "A\nBcc: <b@c.example>"},
    ],
)
def test_mail_settings_that_do_not_fit_are_refused(given: dict[str, str]) -> None:
    with pytest.raises(SettingsInvalid, match="SMTP"):
        load(**given)
