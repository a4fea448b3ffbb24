"""Files of customers and agents: told to the ticket, given to those who may, removed, kept no longer than said."""

import datetime as dt
import hashlib
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.desk.attachments import AttachmentRules
from bot.desk.life import Action
from bot.people.accounts import Principal
from bot.people.roles import Permission, Role
from bot.tickets.files import FileStore
from tests.agents.colleagues import ANN, House

READ, WORK, PERSONAL = Permission.TICKETS_READ, Permission.TICKETS_WORK, Permission.PERSONAL_READ
PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)


def conversation_of(served: House, reference: str) -> str:
    ticket = served.services.conversations.ticket(reference)
    assert ticket is not None
    return ticket.conversation_id


def send(served: House, conversation: str, name: str = "screen.png", content: bytes = PNG) -> Any:
    return served.client.post(f"/chat/{conversation}/files", params={"name": name}, content=content)


def files(served: House) -> list[Path]:
    return [path for path in served.services.settings.files_root.rglob("*") if path.is_file()]


def ticket_page(served: House, reference: str, role: Role = Role.AGENT) -> str:
    return served.browser(role).get(f"/desk/tickets/{reference}", headers={"accept": "text/html"}).text


def test_a_customers_file_reaches_the_ticket_and_its_agent(served: House) -> None:
    reference = served.ticket("the display is broken", contact=ANN)
    conversation = conversation_of(served, reference)
    served.services.desk.act(worker(served), reference, Action.WAIT)
    sent = send(served, conversation)
    assert sent.status_code == 201, sent.text
    assert (sent.json()["name"], sent.json()["media_type"], sent.json()["by"]) == (
        "screen.png",
        "image/png",
        "customer",
    )
    shown = served.client.get(f"/api/tickets/{reference}", headers=served.key(READ, PERSONAL)).json()
    assert shown["status"] == "open"
    assert shown["events"][-1] | {"at": ""} == {
        "at": "", "who": "customer", "what": "attached", "from": "", "to": sent.json()["id"], "version": 3,
    }  # fmt: skip
    assert "screen.png" in ticket_page(served, reference)
    got = served.browser(Role.AGENT).get(f"/desk/tickets/{reference}/files/{sent.json()['id']}")
    assert got.content == PNG
    assert got.headers["content-disposition"] == (
        "attachment; filename=\"screen.png\"; filename*=UTF-8''screen.png"
    )
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
    [kept] = files(served)
    assert kept.name == hashlib.sha256(PNG).hexdigest()
    assert kept.stat().st_mode & 0o777 == 0o600


def worker(served: House) -> Principal:
    principal = served.services.machine_keys.principal(served.key(READ, WORK, PERSONAL)["authorization"][7:])
    assert principal is not None
    return principal


def test_a_file_sent_before_a_person_was_wanted_is_on_the_ticket_too(served: House) -> None:
    opened = served.client.post("/chat", json={"message": "hello"}).json()["conversation_id"]
    assert send(served, opened).status_code == 201
    handed = served.client.post(
        "/chat", json={"message": "I want to talk to a person", "conversation_id": opened}
    )
    assert "screen.png" in ticket_page(served, handed.json()["ticket"]["reference"])


def test_a_customer_has_their_files_and_what_was_shared_and_nothing_else(served: House) -> None:
    first, second = served.ticket("mine", contact=ANN), served.ticket("another's")
    mine, others = conversation_of(served, first), conversation_of(served, second)
    key = served.key(READ, WORK, PERSONAL)
    own = send(served, mine).json()["id"]
    shared, inner = (
        served.client.post(
            f"/api/tickets/{first}/files",
            params={"name": f"{name}.txt", "shared": shared},
            content=name.encode(),
            headers=key,
        ).json()["id"]
        for name, shared in (("label", True), ("thoughts", False))
    )
    listed = served.client.get(f"/chat/{mine}/files").json()
    assert [one["id"] for one in listed["files"]] == [own, shared]
    assert listed["limits"]["largest"] == 10_000_000
    for conversation, one, status in (
        (mine, own, 200), (mine, shared, 200), (mine, inner, 404), (others, own, 404), ("nobody", own, 404),
    ):  # fmt: skip
        assert served.client.get(f"/chat/{conversation}/files/{one}").status_code == status
    assert served.client.get(f"/api/tickets/{second}/files/{own}", headers=key).status_code == 404


def test_what_is_refused_says_why_and_leaves_nothing(served: House) -> None:
    conversation = conversation_of(served, served.ticket("look"))
    rules = served.services.attachments.rules
    for name, content, status in (
        ("page.html", b"<script>", 400),
        ("screen.png", b"<script>", 400),
        ("screen.png", b"", 400),
        ("screen.png", PNG + bytes(rules.largest), 413),
        ("screen.png", PNG + bytes(rules.largest + 100_000), 413),
    ):
        answer = send(served, conversation, name, content)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert send(served, "unknown").status_code == 404
    assert served.client.post(f"/chat/{conversation}/files", content=PNG).status_code == 422
    assert files(served) == []


def test_a_conversation_has_no_more_files_than_the_policy_allows(served: House) -> None:
    conversation = conversation_of(served, served.ticket("look"))
    policy = replace(served.services.policy, attachments=AttachmentRules(most=2, in_all=2_000))
    served.services._policy = policy  # as a policy file would
    assert [send(served, conversation, content=PNG + bytes([n])).status_code for n in range(3)] == [
        201,
        201,
        400,
    ]
    other = conversation_of(served, served.ticket("look too"))
    assert send(served, other, content=PNG + bytes(3_000)).status_code == 503
    assert len(files(served)) == 2


def test_an_agent_attaches_with_a_form_and_removes_for_good(served: House) -> None:
    reference = served.ticket("here it is", contact=ANN)
    browser = served.browser(Role.AGENT)
    address = f"/desk/tickets/{reference}"
    csrf = token(browser.get(address, headers={"accept": "text/html"}).text)
    both = [("file", ("a.png", PNG)), ("file", ("Ünï 'x'.txt", b"text"))]
    answer = browser.post(f"{address}/files", data={"csrf": csrf, "shared": "yes"}, files=both)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?done=done#files")
    refused = browser.post(f"{address}/files", data={"csrf": csrf}, files=[("file", ("b.exe", b"MZ"))])
    assert (refused.status_code, "not taken" in refused.text) == (400, True)
    assert browser.post(f"{address}/files", files=both).status_code == 403
    found = served.services.attachments.of_ticket(reference)
    assert [one.name for one in found] == ["a.png", "Ünï 'x'.txt"]
    header = browser.get(f"{address}/files/{found[1].id}").headers["content-disposition"]
    assert header == "attachment; filename=\"_n_ 'x'.txt\"; filename*=UTF-8''%C3%9Cn%C3%AF%20%27x%27.txt"
    remove = f"{address}/files/{found[0].id}/remove"
    assert browser.post(remove, data={"csrf": csrf}).status_code == 400
    assert browser.post(remove, data={"csrf": csrf, "why": "a passport"}).status_code == 303
    page = browser.get(address, headers={"accept": "text/html"}).text
    assert "a passport" in page
    assert "a.png" not in page
    assert browser.get(f"{address}/files/{found[0].id}").status_code == 404
    assert len(files(served)) == 1


def token(page: str) -> str:
    return page.split('name="csrf" value="')[1].split('"')[0]


def test_who_may_not_read_personal_data_sees_that_there_is_a_file_and_no_more(served: House) -> None:
    reference = served.ticket("look")
    one = send(served, conversation_of(served, reference), "ann-miller.png").json()["id"]
    page = ticket_page(served, reference, Role.SPECIALIST)
    assert "image/png" in page
    assert "ann-miller" not in page
    browser = served.browser(Role.SPECIALIST)
    assert browser.get(f"/desk/tickets/{reference}/files/{one}").status_code == 403
    assert "ann-miller" not in browser.get(f"/api/tickets/{reference}/files").text
    key = served.key(PERSONAL)
    assert served.client.get(f"/api/tickets/{reference}/files/{one}", headers=key).status_code == 403


def test_the_same_content_is_kept_once_and_as_long_as_one_wants_it(served: House) -> None:
    first, second = served.ticket("one"), served.ticket("two")
    one = send(served, conversation_of(served, first)).json()["id"]
    send(served, conversation_of(served, second), "same.png")
    assert len(files(served)) == 1
    served.services.attachments.remove(worker(served), first, one, "a test")
    assert len(files(served)) == 1
    [left] = served.services.attachments.of_conversation(conversation_of(served, second))
    assert (left.name, len(left.digest)) == ("same.png", 64)


def test_files_go_when_their_time_is_over_and_not_before(served: House) -> None:
    reference, waiting = served.ticket("done soon"), served.ticket("still open")
    for of in (reference, waiting):
        send(served, conversation_of(served, of), f"{of}.png", PNG + of.encode())
    talk = served.client.post("/chat", json={"message": "hello"}).json()["conversation_id"]
    send(served, talk, "no-ticket.png", PNG + b"none")
    served.services.desk.act(worker(served), reference, Action.SOLVE)
    served.clock.at += dt.timedelta(days=179)
    assert served.services.attachments.tidy() == 0
    served.clock.at += dt.timedelta(days=2)
    assert served.services.attachments.tidy() == 2
    assert [one.removed_why for one in served.services.attachments.of_ticket(reference)] == [
        "kept long enough"
    ]
    assert len(files(served)) == 1


def test_what_is_left_over_and_what_is_missing_is_found(served: House) -> None:
    kept = served.services.attachments
    send(served, conversation_of(served, served.ticket("look")))
    stray = FileStore(served.services.settings.files_root).put(b"nobody's")
    assert list(kept.orphans()) == [stray]
    assert list(kept.missing()) == []
    [mine] = [path for path in files(served) if path.name != stray]
    mine.write_bytes(b"damaged")
    assert list(kept.missing()) == [mine.name]
    mine.unlink()
    assert list(kept.missing()) == [mine.name]


def test_adding_and_removing_one_content_at_once_never_loses_it(tmp_path: Path) -> None:
    store, wanted, lock = FileStore(tmp_path), [0], threading.Lock()
    digest = hashlib.sha256(b"shared").hexdigest()
    lost: list[int] = []

    def work() -> None:
        for turn in range(60):
            store.put(b"shared")
            with lock:
                wanted[0] += 1
            store.put(b"shared")
            if store.get(digest) is None and not _settled(store, digest):
                lost.append(turn)
            with lock:
                wanted[0] -= 1
            store.remove(digest, lambda: wanted[0] > 0)

    threads = [threading.Thread(target=work) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    assert not store.has(digest)


def _settled(store: FileStore, digest: str) -> bool:
    """A remover that has it in its hand puts it back at once."""
    return any(store.has(digest) for _ in range(100_000))


def test_only_whole_files_have_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FileStore(tmp_path)

    def killed(handle: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", killed)
        with pytest.raises(KeyboardInterrupt):
            store.put(b"half")
    assert list(store.digests()) == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    with pytest.raises(ValueError, match="no SHA-256"):
        store.get("../../secret.keys")
