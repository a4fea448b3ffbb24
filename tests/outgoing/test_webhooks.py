"""Webhooks: what a receiver can check, which addresses are called, and the command that keeps them."""

import base64
import contextlib
import datetime as dt
import io
import json
import random
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import main
from bot.errors import BadRequest
from bot.outgoing import posting, signing
from bot.outgoing.effects import FIRST_WAIT, LONGEST_WAIT, Undeliverable, wait_after
from bot.outgoing.happenings import Happening
from bot.outgoing.posting import destination, post
from bot.outgoing.subscriptions import Subscription, told
from tests.outgoing.receiver import Receiver
from tests.ports import closed_port


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    up = Receiver().up()
    yield up
    up.down()


def test_the_signature_is_that_of_the_specification() -> None:
    # The example of the Standard Webhooks specification's own libraries.
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    given = signing.headers(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert given["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert signing.verify(secret, given, body, 1614265330 + signing.TOLERANCE)


def test_a_changed_body_an_old_message_and_another_secret_do_not_verify() -> None:
    secret, body = signing.new_secret(), b"{}"
    given = signing.headers(secret, "evt_1", 1000, body)
    assert signing.verify(secret, given, body, 1000)
    assert not signing.verify(secret, given, b"{} ", 1000)
    assert not signing.verify(secret, given, body, 1001 + signing.TOLERANCE)
    assert not signing.verify(signing.new_secret(), given, body, 1000)
    assert not signing.verify(secret, {**given, "webhook-id": "evt_2"}, body, 1000)
    assert not signing.verify(secret, {}, body, 1000)
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32


@pytest.mark.parametrize(
    "url",
    [
        "ftp://crm.example/",
        "https://",
        "http://crm.example/hooks",
        "https://user:pass@crm.example/",
        "https://crm.example/#part",
        "https://crm.example:99999/",
        "https://crm.example/a b",
        "https://crm.example/\r\nHost: other",
        "https://127.0.0.1/",
        "https://10.1.2.3/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data",
        "https://0.0.0.0/",
        "https://" + "a" * 2000,
    ],
)
def test_an_address_that_may_not_be_called_is_refused_when_it_is_added(url: str) -> None:
    with pytest.raises(BadRequest):
        destination(url, internal=False)


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "http://[fe80::1]/", "http://224.0.0.1/"])
def test_some_addresses_are_refused_in_the_own_network_too(url: str) -> None:
    with pytest.raises(BadRequest):
        destination(url, internal=True)
    assert destination("http://10.1.2.3/", internal=True).port == 80


def test_a_name_that_turns_out_to_be_inside_is_not_called(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.port))]
    monkeypatch.setattr(posting.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Undeliverable, match="private network"):
        post(f"https://crm.example:{receiver.port}/", b"{}", {}, internal=False)
    assert post(f"http://crm.example:{receiver.port}/", b"{}", {}, internal=True) == 200
    assert receiver.given[0]["host"] == f"crm.example:{receiver.port}"


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    other = Receiver().up()
    receiver.status, receiver.headers = 307, {"location": other.url}
    with pytest.raises(Undeliverable, match="redirects are not followed"):
        post(receiver.url, b"{}", {}, internal=True)
    other.down()
    assert other.bodies == []


def test_what_does_not_answer_or_answers_with_an_error_is_a_failure(receiver: Receiver) -> None:
    with closed_port() as port, pytest.raises(Undeliverable, match="No answer from"):
        post(f"http://127.0.0.1:{port}/", b"{}", {}, internal=True)
    receiver.status = 503
    with pytest.raises(Undeliverable, match="answered 503"):
        post(receiver.url, b"{}", {}, internal=True)


def test_an_answer_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "_WHOLE_SECONDS", 0.2)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
        with pytest.raises(Undeliverable, match="No answer from"):
            post(f"http://127.0.0.1:{port}/", b"{}", {}, internal=True)


def test_waits_grow_to_a_limit_and_two_that_failed_together_part() -> None:
    dice = random.Random(3)
    for attempts in range(1, 60):
        wait = wait_after(attempts, dice)
        assert FIRST_WAIT / 2 <= wait <= LONGEST_WAIT
    assert wait_after(3, random.Random(1)) != wait_after(3, random.Random(2))
    assert wait_after(99, dice) >= LONGEST_WAIT / 2


def run(*words: str) -> tuple[int, str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = main(words)
    return code, out.getvalue()


def test_the_command_adds_tests_lists_and_ends_a_webhook(
    tmp_path: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ("--data", str(tmp_path))
    assert run("webhook", "add", receiver.url, *data)[0] == 1
    assert "--internal" in capsys.readouterr().err
    code, out = run("webhook", "add", receiver.url, "--internal", "--event", "ticket.solved", "--json", *data)
    made = json.loads(out)
    assert code == 0
    assert run("webhook", "test", made["id"], *data)[0] == 0
    assert signing.verify(
        made["secret"], receiver.given[0], receiver.bodies[0], int(receiver.given[0]["webhook-timestamp"])
    )
    _, listed = run("webhook", "list", *data)
    assert made["secret"] not in listed
    assert "ticket.solved" in listed
    assert run("webhook", "off", made["id"], *data)[0] == 0
    assert run("webhook", "test", made["id"], *data)[0] == 1
    assert run("webhook", "add", receiver.url, "--internal", "--event", "ticket.gone", *data)[0] == 1
    _, log = run("audit", "list", "--json", *data)
    assert "team=1" not in log
    assert [one["note"]["what"] for one in json.loads(log)["entries"]] == ["webhook.off", "webhook.added"]
    assert run("outbox", "list", *data) == (0, "Nothing waits, and nothing was given up.\n")


@pytest.mark.parametrize("personal", [True, False])
@pytest.mark.parametrize("what", ["opened", "customer_wrote", "reply", "contact", "merged", "survey"])
def test_no_receiver_is_told_the_id_that_opens_the_conversation(what: str, personal: bool) -> None:
    now = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
    key = "a-conversation-and-its-key"
    happening = Happening(
        *(1, now, "customer", what, "", "TZ-2", "TZ-1", key, "open", "normal", "general"),
        *("person", "en", "my parcel", "ann@example.org"),
    )
    subscription = Subscription(
        "w1", "https://crm.example/", frozenset(), False, personal, "", "command", now
    )
    [effect] = told(happening, [subscription])
    assert key not in f"{effect.key} {effect.lane} {effect.reference} {effect.payload}"
    assert ("ann@example.org" in effect.payload) is personal
