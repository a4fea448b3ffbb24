"""“My requests”: a link by mail, one's own tickets and nobody else's, answers and ends as steps of the desk."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient

from bot.desk.ticket import Status
from bot.outgoing.effects import Standing
from bot.people.keyring import Keyring
from bot.people.roles import Role
from bot.storage.tables import facts, ticket_events
from tests.agents.colleagues import ANN, House, house
from tests.agents.happening import happen, run
from tests.agents.postbox import Postbox, postbox
from tests.index.small_centre import SECRETS, Centre

BOB = "bob.jones@example.net"
PATH = "/help/requests"
SITE = "https://help.shop.example"


@pytest.fixture(scope="module")
def box() -> Iterator[Postbox]:
    with postbox() as opened:
        yield opened


@pytest.fixture
def desk(agents_centre: Centre, tmp_path: Path, box: Postbox) -> Iterator[House]:
    """A desk that can send mails."""
    box.mails.clear()
    settings = {
        "smtp_host": "127.0.0.1",
        "smtp_port": box.port,
        "smtp_security": "none",
        "smtp_from": "Tarnbean <help@shop.example>",
        "public_url": SITE,
        "rate_burst": 1000,
    }
    with house(agents_centre.copy(tmp_path / "copy"), **settings) as opened:
        yield opened


def links(box: Postbox) -> list[tuple[str, str]]:
    """(to whom, path) of each link that was sent."""
    found = []
    for mail in box.mails:
        for path in (
            re.findall(rf"{SITE}({PATH}/open/\S+)", str(mail.get_content()))
            if not mail.is_multipart()
            else []
        ):
            found.append((str(mail["to"]), path))
    return found


def ask(desk: House, address: str) -> str:
    answer = desk.client.post(PATH, data={"email": address, "locale": "en"})
    assert answer.status_code == 200
    return answer.text


def customer(desk: House, box: Postbox, address: str) -> TestClient:
    """A browser that has opened a link to an address."""
    ask(desk, address)
    run(desk)
    browser = TestClient(desk.client.app, base_url=SITE, follow_redirects=False)
    opened = browser.post(links(box)[-1][1])
    assert (opened.status_code, opened.headers["location"]) == (303, PATH)
    return browser


def csrf(page: str) -> str:
    return re.findall(r'name="csrf" value="([^"]+)"', page)[0]


def status(desk: House, reference: str) -> Status:
    ticket = desk.services.conversations.ticket(reference)
    assert ticket is not None
    return ticket.status


def test_the_same_is_said_and_done_whether_an_address_is_known_or_not(desk: House, box: Postbox) -> None:
    desk.ticket("where is my parcel", contact=ANN)
    run(desk)
    before = len(desk.services.outbox.list(Standing, 50))
    assert ask(desk, ANN) == ask(desk, BOB)
    assert len(desk.services.outbox.list(Standing, 50)) == before + 2
    run(desk)
    assert [to for to, _ in links(box)] == [ANN]


def test_a_link_opens_once_and_only_when_it_is_pressed(desk: House, box: Postbox) -> None:
    reference = desk.ticket("where is my parcel", contact=ANN)
    ask(desk, ANN)
    run(desk)
    [(_, path)] = links(box)
    for _ in range(3):
        assert "Show my requests" in desk.client.get(path).text  # as programs that check mails do
    assert reference not in desk.client.get(PATH).text
    browser = TestClient(desk.client.app, base_url=SITE, follow_redirects=False)
    cookie = browser.post(path).headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", f"Path={PATH}", "SameSite=lax"))
    page = browser.get(PATH)
    assert reference in page.text
    assert (page.headers["cache-control"], page.headers["x-robots-tag"]) == ("no-store", "noindex")
    assert desk.client.post(path).status_code == 404


def test_a_link_and_what_it_opened_end(desk: House, box: Postbox) -> None:
    reference = desk.ticket("where is my parcel", contact=ANN)
    ask(desk, ANN)
    run(desk)
    late = links(box)[-1][1]
    browser = customer(desk, box, ANN)
    desk.clock.at += dt.timedelta(minutes=31)
    assert desk.client.post(late).status_code == 404
    assert "link does not work" in desk.client.get(late).text
    assert reference in browser.get(PATH).text
    desk.clock.at += dt.timedelta(hours=2)
    assert reference not in browser.get(PATH).text
    assert browser.get(f"{PATH}/{reference}").headers["location"] == PATH


def test_signing_out_ends_every_link_of_the_address(desk: House, box: Postbox) -> None:
    reference = desk.ticket("where is my parcel", contact=ANN)
    one, other = customer(desk, box, ANN), customer(desk, box, ANN)
    ask(desk, ANN)
    run(desk)
    unopened = links(box)[-1][1]
    one.post(f"{PATH}/leave", data={"csrf": csrf(one.get(PATH).text)})
    assert reference not in one.get(PATH).text
    assert reference not in other.get(PATH).text
    assert desk.client.post(unopened).status_code == 404


def test_a_mailbox_cannot_be_filled_by_a_stranger(desk: House, box: Postbox) -> None:
    desk.ticket("where is my parcel", contact=ANN)
    said = {ask(desk, address) for address in (ANN, ANN.upper(), ANN, ANN, ANN)}
    assert len(said) == 1
    run(desk)
    assert [to for to, _ in links(box)] == [ANN] * 3
    desk.clock.at += dt.timedelta(hours=2)
    ask(desk, ANN)
    run(desk)
    assert len(links(box)) == 4


def test_one_customer_never_sees_anothers(desk: House, box: Postbox) -> None:
    hers, his = (desk.ticket(f"parcel of {who}", contact=who) for who in (ANN, BOB))
    browser = customer(desk, box, BOB)
    page = browser.get(PATH).text
    assert his in page
    assert hers not in page
    form = {"csrf": csrf(page), "message": "hello", "client_id": "abc"}
    missing = browser.get(f"{PATH}/TZ-0000-0000")
    for answer in (
        browser.get(f"{PATH}/{hers}"),
        browser.post(f"{PATH}/{hers}", data=form),
        browser.post(f"{PATH}/{hers}/solved", data=form),
    ):
        assert (answer.status_code, answer.json()["detail"]) == (404, missing.json()["detail"])
    assert status(desk, hers) is Status.NEW
    assert browser.get(f"{PATH}/{his}").status_code == 200


def test_what_the_team_says_among_itself_is_never_shown(desk: House, box: Postbox) -> None:
    reference = desk.ticket("where is my parcel", contact=ANN)
    agent = desk.services.signing_in.principal(desk.token(Role.AGENT))
    assert agent is not None
    desk.services.desk.note(agent, reference, "a goodwill voucher KESTREL may be given")
    desk.services.desk.reply(agent, reference, "It leaves today.")
    page = customer(desk, box, ANN).get(f"{PATH}/{reference}").text
    assert "It leaves today." in page
    assert "where is my parcel" in page
    assert "waiting for you" in page
    assert not [word for word in (*SECRETS, "escalat", "priority", "general") if word in page.lower()]


def test_an_answer_opens_what_was_solved_and_reaches_the_desk_once(desk: House, box: Postbox) -> None:
    reference = desk.ticket("where is my parcel", contact=ANN)
    happen(desk, reference, ("status", "new", "solved"))
    browser = customer(desk, box, ANN)
    page = browser.get(f"{PATH}/{reference}").text
    client_id = re.findall(r'name="client_id" value="([^"]+)"', page)[0]
    form = {
        "csrf": csrf(page),
        "message": "It is not here yet, card 4111 1111 1111 1111",
        "client_id": client_id,
    }
    for _ in range(2):
        assert browser.post(f"{PATH}/{reference}", data=form).status_code == 303
    assert status(desk, reference) is Status.OPEN
    shown = browser.get(f"{PATH}/{reference}").text
    assert shown.count("It is not here yet") == 1
    assert "4111 1111" not in shown
    with desk.services.database.reading() as connection:
        kinds = list(connection.execute(sa.select(facts.c.kind)).scalars())
        what = list(connection.execute(sa.select(ticket_events.c.what)).scalars())
    assert kinds.count("reopened") == 1
    assert what.count("customer_wrote") == 1


def test_a_customer_says_that_it_is_solved(desk: House, box: Postbox) -> None:
    reference = desk.ticket("where is my parcel", contact=ANN)
    browser = customer(desk, box, ANN)
    form = {"csrf": csrf(browser.get(f"{PATH}/{reference}").text)}
    for _ in range(2):
        assert browser.post(f"{PATH}/{reference}/solved", data=form).status_code == 303
    assert status(desk, reference) is Status.SOLVED
    query = sa.select(facts.c.kind, facts.c.reason).where(facts.c.kind == "solved")
    with desk.services.database.reading() as connection:
        assert connection.execute(query).all() == [("solved", "customer")]
    assert "Not solved after all?" in browser.get(f"{PATH}/{reference}").text


def test_a_form_of_another_page_does_nothing(desk: House, box: Postbox) -> None:
    reference = desk.ticket("where is my parcel", contact=ANN)
    browser = customer(desk, box, ANN)
    own = csrf(browser.get(PATH).text)
    other = csrf(customer(desk, box, ANN).get(PATH).text)
    for fields, headers in (
        ({"csrf": other}, {}),
        ({"csrf": ""}, {}),
        ({"csrf": own}, {"origin": "https://elsewhere.example"}),
    ):
        path = f"{PATH}/{reference}/solved"
        assert browser.post(path, data=fields, headers=headers).status_code == 403
    assert status(desk, reference) is Status.NEW


def test_nonsense_keeps_what_was_written_and_sends_nothing(desk: House, box: Postbox) -> None:
    reference = desk.ticket("where is my parcel", contact=ANN)
    browser = customer(desk, box, ANN)
    page = browser.get(f"{PATH}/{reference}").text
    for text, code in (("...", 400), ("x" * 4001, 400)):
        answer = browser.post(f"{PATH}/{reference}", data={"csrf": csrf(page), "message": text})
        assert (answer.status_code, text in answer.text) == (code, True)
    assert desk.client.post(PATH, data={"email": "ann"}).status_code == 400
    assert browser.get(f"{PATH}/..%2f..").status_code in (404, 422)


def test_a_forged_link_opens_nothing(desk: House) -> None:
    until = desk.clock.at + dt.timedelta(minutes=5)
    other = Keyring((b"x" * 32,)).sign("own-requests", "id1", until)
    survey = desk.services.keyring.sign("survey", "id1", until)
    unknown = desk.services.keyring.sign("own-requests", "id999", until)
    for wrong in ("x", other, survey, unknown, "a" * 1999):
        assert desk.client.post(f"{PATH}/open/{wrong}").status_code == 404
    browser = TestClient(desk.client.app, cookies={"tierzero_requests": "guess"})
    assert "We send you a link" in browser.get(PATH).text or "send you a link" in browser.get(PATH).text


def test_without_a_mail_server_no_link_is_promised(served: House) -> None:
    assert "Links cannot be sent" in served.client.get(PATH).text
    assert served.client.post(PATH, data={"email": ANN}).status_code == 503


def test_a_customer_who_writes_in_arabic_reads_arabic_everywhere(desk: House, box: Postbox) -> None:
    """The bot does not answer Arabic; the form, its ticket, the mails and the pages of requests speak it."""
    page = desk.client.get("/help/contact?locale=ar").text
    token = re.findall(r'name="token" value="([^"]+)"', page)[0]
    form = {"token": token, "locale": "ar", "email": ANN, "message": "لم تصلني الطلبية منذ أربعة أيام"}
    sent = desk.client.post("/help/contact", data=form).text
    assert '<html lang="ar" dir="rtl">' in sent
    assert "سيقرأ أحد أفراد الفريق طلبك ويرد عليك خلال الساعات الـ24 القادمة." in sent
    [ticket] = desk.services.conversations.tickets()
    assert ticket.language == "ar"
    run(desk)
    [mail] = box.mails
    assert mail["subject"] == f"[{ticket.reference}] وصلتنا رسالتك"
    assert '<p dir="auto">مرحبًا،</p>' in mail.get_body(("html",)).get_content()
    desk.client.post(PATH, data={"email": ANN, "locale": "ar"})
    run(desk)
    assert "يعمل الرابط مرة واحدة. المدة المتبقية بالدقائق: 30." in box.mails[-1].get_content()
    browser = TestClient(desk.client.app, base_url=SITE, follow_redirects=False)
    browser.post(links(box)[-1][1])
    listing = browser.get(PATH).text
    assert '<html lang="ar" dir="rtl">' in listing
    assert "تم الاستلام" in listing
    assert "23 نوفمبر 2026" in listing
    german = browser.get(f"{PATH}/{ticket.reference}?locale=de").text
    assert '<html lang="de" dir="ltr">' in german
    answered = browser.post(
        f"{PATH}/{ticket.reference}?locale=de",
        data={"csrf": csrf(german), "message": "Danke", "client_id": "x"},
    )
    assert answered.headers["location"] == f"{PATH}/{ticket.reference}?done=sent&locale=de#last"


def test_behind_a_proxy_that_ends_the_encryption_the_cookie_needs_it_all_the_same(
    desk: House, box: Postbox
) -> None:
    desk.ticket("where is my parcel?", contact=ANN)
    ask(desk, ANN)
    run(desk)
    cookie = desk.client.post(links(box)[-1][1]).headers["set-cookie"]
    assert cookie.startswith("tierzero_requests=")
    assert "secure" in cookie.lower().split("; ")


def test_what_is_written_in_an_answered_language_is_answered_in_it(desk: House) -> None:
    page = desk.client.get("/help/contact?locale=ar").text
    token = re.findall(r'name="token" value="([^"]+)"', page)[0]
    message = "My parcel has not come, and the tracking has said the same for four days."
    form = {"token": token, "locale": "ar", "email": ANN, "message": message}
    desk.client.post("/help/contact", data=form)
    desk.client.post("/help/contact", data=form)
    assert [one.language for one in desk.services.conversations.tickets()] == ["en"]
