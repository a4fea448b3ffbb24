"""Sessions of customers: what holds, what does not, and what outlives a restart and a newer key."""

import base64
import datetime as dt
import itertools
import json
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from bot.errors import SessionOver
from bot.people.keyring import Keyring, identified
from bot.people.visitors import LEEWAY, RENEWAL_LASTS, SESSION_LASTS, Visitors

SECRET = "the secret of the shop's own server"
AT = dt.datetime(2026, 11, 27, 9, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that tests move."""

    def __init__(self) -> None:
        self.at = AT

    def now(self) -> dt.datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


def visitors(clock: Clock, keys: Keyring | None = None, secret: str = SECRET) -> Visitors:
    ring, ids = keys or Keyring((b"k" * 32,)), itertools.count(1)
    return Visitors(
        lambda: ring,
        lambda token: identified(token, secret, clock.now(), LEEWAY),
        now=clock.now,
        new_id=lambda: f"id{next(ids)}",
    )


def identity(secret: str = SECRET, **claims: object) -> str:
    """What the shop's server signs; a claim of None is left out."""
    told = {"sub": "customer-7", "exp": int(AT.timestamp()) + 600} | claims
    told = {name: value for name, value in told.items() if value is not None}
    return jwt.encode({"alg": "HS256"}, told, OctKey.import_key(secret.encode()), algorithms=["HS256"])


def unsigned(token: str) -> str:
    """The same claims with the algorithm `none` and no signature."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).decode().rstrip("=")
    return f"{head}.{token.split('.')[1]}."


def test_a_session_is_its_own_until_it_ends(clock: Clock) -> None:
    open_to = visitors(clock)
    mine, other = open_to.begin(), open_to.begin()
    assert open_to.owner(mine.session) == mine.owner
    assert mine.owner != other.owner
    clock.at += SESSION_LASTS
    with pytest.raises(SessionOver):
        open_to.owner(mine.session)


def test_a_renewal_goes_on_with_the_same_customer_for_a_day(clock: Clock) -> None:
    open_to = visitors(clock)
    mine = open_to.begin()
    clock.at += RENEWAL_LASTS - dt.timedelta(seconds=1)
    again = open_to.begin(mine.renewal)
    assert open_to.owner(again.session) == mine.owner
    clock.at += RENEWAL_LASTS
    assert open_to.begin(again.renewal).owner != mine.owner


def test_what_was_not_signed_for_a_session_is_none(clock: Clock) -> None:
    open_to = visitors(clock)
    mine = open_to.begin()
    elsewhere = visitors(clock, Keyring((b"x" * 32,)))
    elsewhere.begin()
    strange = elsewhere.begin()
    head, body, signature = mine.session.split(".")
    flipped = "A" if signature[0] != "A" else "B"
    forged = [
        strange.session,
        mine.renewal,
        unsigned(mine.session),
        f"{head}.{body}.{flipped}{signature[1:]}",
        f"{head}.{strange.session.split('.')[1]}.{signature}",
        identity(),
        "",
        "a.b.c",
        "ü" * 50,
    ]
    for token in forged:
        with pytest.raises(SessionOver):
            open_to.owner(token)
    # A session that was stolen does not make itself last longer, nor does a forged renewal.
    for token in (mine.session, strange.renewal, unsigned(mine.renewal)):
        assert open_to.begin(token).owner != mine.owner


def test_an_identified_customer_is_the_same_everywhere_and_only_by_their_token(clock: Clock) -> None:
    open_to = visitors(clock)
    phone, desk = open_to.begin(identity=identity()), open_to.begin(identity=identity(exp=AT.timestamp() + 9))
    assert phone.owner == desk.owner == open_to.owner(phone.session)
    assert phone.is_identified
    assert "customer-7" not in phone.owner
    assert phone.renewal == ""
    assert open_to.begin(identity=identity(sub="customer-8")).owner != phone.owner


@pytest.mark.parametrize(
    "token",
    [
        identity("another secret that is long enough, too"),
        unsigned(identity()),
        identity(exp=AT.timestamp() - 61),
        identity(exp=None),
        identity(exp="soon"),
        identity(exp=True),
        identity(nbf=AT.timestamp() + 61),
        identity(sub=None),
        identity(sub=""),
        identity(sub=7),
        identity(sub="x" * 201),
        "nonsense",
    ],
)
def test_an_identity_that_is_not_proven_is_refused(token: str, clock: Clock) -> None:
    with pytest.raises(SessionOver):
        visitors(clock).begin(identity=token)


def test_without_a_secret_nobody_is_identified(clock: Clock) -> None:
    with pytest.raises(SessionOver, match="TIERZERO_IDENTITY_SECRET"):
        visitors(clock, secret="").begin(identity=identity())


def test_a_restart_and_a_newer_key_leave_sessions_and_customers_as_they_are(
    clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "secret.keys"
    before = visitors(clock, Keyring.open(file))
    mine, known = before.begin(), before.begin(identity=identity())
    newer = base64.b64encode(b"n" * 32).decode()
    file.write_text(f"{newer}\n{file.read_text()}")
    after = visitors(clock, Keyring.open(file))
    assert after.owner(mine.session) == mine.owner
    assert after.begin(mine.renewal).owner == mine.owner
    assert after.begin(identity=identity()).owner == known.owner
