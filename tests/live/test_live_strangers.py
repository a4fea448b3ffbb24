"""What strangers, hostile programs and people whose rights have ended get out of the sockets: nothing, and soon."""

import contextlib
import json

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from bot.people.roles import Role
from bot.web.live import staff
from bot.web.live.line import FRAMES_AT_ONCE, MOST_BYTES, MOST_MALFORMED, Close
from tests.live.conftest import PATIENCE, House, Talker, until

#: Frames that no page of ours sends, each of its own kind of wrong.
NONSENSE = [
    "",
    "{",
    "null",
    "[]",
    '"watch"',
    "{}",
    '{"type": "shout"}',
    '{"type": ["typing"]}',
    '{"type": "typing", "on": "yes"}',
    '{"type": "seen", "delivered": -1, "read": 0}',
    '{"type": "seen", "delivered": 1e400, "read": 0}',
    '{"type": "seen", "delivered": 9999999999999999999999, "read": 0}',
    '{"type": "watch", "conversation": "../../etc"}',
    '{"type": "say", "conversation": "a", "text": " ", "client_id": "x"}',
    "[" * 30_000,
]


def test_a_page_of_another_site_opens_neither_socket(small_house: House) -> None:
    conversation, token = small_house.waiting(), small_house.token()
    for origin in ("https://evil.example", "null", f"http://{small_house.hosts[0]}.evil.example"):
        with pytest.raises(InvalidStatus) as refused:
            small_house.customer(conversation, origin=origin)
        assert refused.value.response.status_code == 403, origin
        with pytest.raises(InvalidStatus) as refused:
            small_house.agent(token, origin=origin)
        assert refused.value.response.status_code == 403, origin
    # No browser leaves it out; who does is a program, which has keys for the API and no cookie to lend.
    with pytest.raises(InvalidStatus):
        small_house.agent(token, origin=None)
    assert small_house.services.live_store.held() == []


def test_frames_that_make_no_sense_are_refused_one_by_one_and_end_the_socket_in_the_end(
    small_house: House,
) -> None:
    conversation, token = small_house.waiting(), small_house.token()
    before = small_house.texts(conversation)
    for one in NONSENSE:
        for talker in (small_house.customer(conversation), small_house.agent(token)):
            for _ in range(MOST_MALFORMED - 1):
                talker.connection.send(one)
                assert talker.frame("refused")["code"] in ("malformed", "bad-request"), one[:40]
            talker.connection.send(one)
            assert talker.closed() == Close.MALFORMED, one[:40]
    assert small_house.texts(conversation) == before
    assert small_house.live(conversation).customer.read == 0


def test_bytes_and_frames_that_are_too_large_end_the_socket(small_house: House) -> None:
    conversation, token = small_house.waiting(), small_house.token()
    for opened in (lambda: small_house.customer(conversation), lambda: small_house.agent(token)):
        talker: Talker = opened()
        for _ in range(MOST_MALFORMED):
            talker.connection.send(b"\x00\xff")
        assert talker.closed() == Close.MALFORMED
        talker = opened()
        talker.connection.send(json.dumps({"type": "typing", "on": True, "more": "x" * MOST_BYTES}))
        assert talker.closed() == 1009  # message too big (RFC 6455, 7.4.1)


def test_who_floods_a_socket_is_cut_off_and_others_are_served(small_house: House) -> None:
    conversation, token = small_house.waiting(), small_house.token()
    for talker in (small_house.customer(conversation), small_house.agent(token)):
        frame = json.dumps({"type": "seen", "delivered": 1, "read": 1, "conversation": conversation})
        with contextlib.suppress(ConnectionClosed):
            for _ in range(3 * FRAMES_AT_ONCE):
                talker.connection.send(frame)
        assert talker.closed() == Close.TOO_MANY
    other = small_house.customer(conversation)
    assert other.frame("state")["ticket"]


def test_a_customer_reaches_no_conversation_but_their_own(small_house: House) -> None:
    own, other = small_house.waiting(), small_house.waiting()
    customer = small_house.customer(own)
    customer.frame("state")
    # A socket is of the conversation in its address; what a frame names is not looked at.
    customer.send("seen", conversation=other, delivered=2, read=2)
    until("the sign", lambda: small_house.live(own).customer.read == 2)
    assert small_house.live(other).customer.read == 0
    for kind in ("watch", "take", "say", "solve"):
        customer.send(kind, conversation=other, text="I am the shop", client_id="x1")
        assert customer.frame("refused")["code"] == "malformed"
    assert [role for role, _ in small_house.texts(other)] == ["customer", "bot"]
    for unknown in ("A" * 22, "x" * 5000, "%00", own[:-1]):
        assert small_house.customer(unknown).closed() in (Close.UNKNOWN, 1006), unknown[:30]


def test_an_agent_says_nothing_in_a_chat_that_is_not_theirs_or_not_there(small_house: House) -> None:
    conversation, agent = small_house.waiting(), small_house.agent()
    for kind, more in (
        ("say", {"text": "psst", "client_id": "a1"}),
        ("solve", {}),
        ("release", {"to": "bot"}),
    ):
        agent.send(kind, conversation=conversation, **more)
        assert agent.frame("refused", about=kind)["code"] == "conflict"
        agent.send(kind, conversation="nobody-is-here-at-all", **more)
        assert agent.frame("refused", about=kind)["code"] == "not-found"
    agent.send("watch", conversation="nobody-is-here-at-all")
    assert agent.frame("refused", about="watch")["code"] == "not-found"
    # Signs of somebody who only looks on count for nobody.
    agent.send("typing", conversation=conversation, on=True)
    agent.send("seen", conversation=conversation, delivered=2, read=2)
    agent.send("take", conversation=conversation, over=True)
    assert agent.frame("refused", about="take")["code"] == "not-allowed"
    assert small_house.live(conversation).agent.read == 0
    assert len(small_house.texts(conversation)) == 2


def _ended(small_house: House, token: str, how: str) -> None:
    services = small_house.services
    account = services.signing_in.principal(token)
    assert account is not None
    assert account.account is not None
    id_ = account.account.id
    if how == "session":
        services.signing_in.end(account.account, account.session.id if account.session else "")
    elif how == "account":
        services.team.set_active(id_, False, by="command")
    else:
        services.team.set_role(id_, Role(how), by="command")


@pytest.mark.parametrize("how", ["session", "account", Role.SPECIALIST])
def test_whose_rights_have_ended_does_nothing_more_in_an_open_chat(small_house: House, how: str) -> None:
    conversation, token = small_house.waiting(), small_house.token()
    agent = small_house.in_chat(conversation, token)
    _ended(small_house, token, how)
    agent.send("say", conversation=conversation, text="one more thing", client_id="a1")
    if how == Role.SPECIALIST:
        assert agent.frame("refused")["code"] == "not-allowed"
    else:
        assert agent.closed() == Close.NOT_ALLOWED
    assert "one more thing" not in [text for _, text in small_house.texts(conversation)]


@pytest.mark.parametrize("how", ["session", "account", Role.SPECIALIST])
def test_whose_rights_have_ended_hears_nothing_more_although_they_do_nothing(
    small_house: House, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "CHECK_SECONDS", 0.05)
    conversation, token = small_house.waiting(), small_house.token()
    agent = small_house.in_chat(conversation, token)
    _ended(small_house, token, how)
    assert agent.closed() == Close.NOT_ALLOWED
    small_house.say("my number is 5", conversation)
    assert "my number is 5" not in agent.texts()
    with pytest.raises(ConnectionClosed):
        agent.connection.recv(timeout=PATIENCE)
    assert small_house.agent(token).closed() == Close.NOT_ALLOWED
