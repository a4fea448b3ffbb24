"""Signing in: password, one-time code, session; and what each session may still do."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from bot.errors import BadRequest, Conflict, NotFound, NotReady, NotSignedIn, TooManyRequests
from bot.people import one_time_codes, passwords, tokens
from bot.people.accounts import Account, Principal, Session, Stage
from bot.people.audit import Note
from bot.people.keyring import Keyring
from bot.people.policy import SignInPolicy
from bot.people.ports import PeopleStore

#: A session's last use is written at most this often; each write is one for the disk.
_SEEN_EVERY = dt.timedelta(minutes=1)
_LONGEST_BROWSER = 200
_WRONG = "The e-mail address or the password is not right."
_WRONG_CODE = "This code is not right, or it was used already. Wait for the next one and try again."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session with the token for the browser's cookie."""

    token: str
    session: Session


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor that is being set up."""

    secret: str
    """In base 32, for typing."""
    address: str
    picture: str
    """The address as a QR code, SVG."""
    sealed: str
    """What the form sends back, so that nothing is stored before a code proves that the app has it."""


class SigningIn:
    """Opens, checks and ends sessions."""

    def __init__(
        self,
        store: PeopleStore,
        keyring: Keyring,
        policy: SignInPolicy,
        *,
        now: Callable[[], dt.datetime],
        new_id: Callable[[], str],
        issuer: str,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._policy = policy
        self._now = now
        self._new_id = new_id
        self._issuer = issuer

    def sign_in(self, email: str, password: str, *, address: str, browser: str) -> SignedIn:
        """The first step. Raises `NotSignedIn` where it fails and `TooManyRequests` after too many failures.

        Whoever asks learns nothing about which accounts there are: not from the answer, nor from its time.
        """
        name = email.strip().lower()[:254]
        self._not_too_many(f"password:{name}")
        account = self._store.by_email(name)
        right = passwords.matches(account.password if account else "", password)
        if account is None or not right or not account.active:
            self._failed(f"password:{name}", _WRONG, account)
        if passwords.is_outdated(account.password):
            renewed = replace(account, password=passwords.hashed(password))
            self._store.change(renewed, self._note(account, "account.password_rehashed"))
        return self._opened(account, self._first_stage(account), address, browser)

    def second_step(self, session: Session, code: str) -> SignedIn:
        """The second step, with a code of the app or a recovery code; the session gets a new token."""
        account = self._account(session, Stage.PASSWORD)
        self._not_too_many(f"code:{account.id}")
        secret = self._keyring.unseal(account.second_factor)
        step = one_time_codes.accepted_step(secret, code, self._now(), account.last_step)
        # The database decides which of two that send the same code at once was first.
        if step is None or not self._store.use_step(account.id, step):
            recovery = tokens.digest(one_time_codes.plain_recovery_code(code))
            used = self._note(account, "account.recovery_code_used")
            if not self._store.use_recovery(account.id, recovery, used):
                self._failed(f"code:{account.id}", _WRONG_CODE, account)
        return self._advanced(session, account)

    def enrol(self, account: Account) -> Enrolment:
        """A new secret to set up; nothing is stored yet."""
        secret = one_time_codes.new_secret()
        address = one_time_codes.address(secret, account=account.email, issuer=self._issuer)
        sealed = self._keyring.seal(f"{account.id}:{secret}")
        return Enrolment(secret, address, one_time_codes.picture(address), sealed)

    def shown_again(self, account: Account, sealed: str) -> Enrolment:
        """The same secret once more, after a code that was mistyped. Raises `BadRequest`."""
        secret = self._secret(account, sealed)
        address = one_time_codes.address(secret, account=account.email, issuer=self._issuer)
        return Enrolment(secret, address, one_time_codes.picture(address), sealed)

    def confirm(self, session: Session, sealed: str, code: str) -> tuple[SignedIn, tuple[str, ...]]:
        """Stores the second factor once a code proves it; gives the recovery codes, this once."""
        found = self._store.session(session.digest)
        if found is None or found[0].stage is Stage.PASSWORD:
            raise NotSignedIn("Please sign in again.")
        session, account = found
        self._not_too_many(f"code:{account.id}")
        secret = self._secret(account, sealed)
        step = one_time_codes.accepted_step(secret, code, self._now(), 0)
        if step is None:
            self._failed(f"code:{account.id}", _WRONG_CODE, account)
        changed = replace(account, second_factor=self._keyring.seal(secret), last_step=step)
        if not self._store.change(changed, self._note(account, "account.second_factor_set")):
            raise Conflict("This account was changed meanwhile. Please sign in again.")
        codes = one_time_codes.recovery_codes()
        digests = [tokens.digest(one_time_codes.plain_recovery_code(code)) for code in codes]
        self._store.set_recovery(account.id, digests)
        return self._advanced(session, account), codes

    def principal(self, token: str, *, touch: bool = True) -> Principal | None:
        """Who a cookie's token stands for; None for one that is unknown, too old or of an account switched off.

        `touch` counts as a use of the session, which ends after a while without one.
        """
        found = self._store.session(tokens.digest(token)) if token else None
        if found is None:
            return None
        session, account = found
        now = self._now()
        is_old = now - session.opened_at > self._policy.longest or now - session.seen_at > self._policy.idle
        if is_old or not account.active:
            return None
        if touch and now - session.seen_at > _SEEN_EVERY:
            self._store.seen(session.id, now)
        return Principal(f"account:{account.id}", account.name, account.role, frozenset(), account, session)

    def form_token(self, session: Session) -> str:
        """The token that this session's forms carry."""
        return tokens.form_token(session.digest, self._keyring.derived("forms"))

    def sessions(self, account: Account) -> Sequence[Session]:
        """Sessions of an account that still hold, last used first."""
        now = self._now()
        kept = [
            one
            for one in self._store.sessions(account.id)
            if now - one.opened_at <= self._policy.longest and now - one.seen_at <= self._policy.idle
        ]
        return sorted(kept, key=lambda one: one.seen_at, reverse=True)

    def knows(self, account: Account, password: str) -> bool:
        """Whether this is the account's password. Raises `TooManyRequests` after too many failures."""
        name = f"password:{account.email}"
        self._not_too_many(name)
        if passwords.matches(account.password, password):
            return True
        self._store.failed(name, self._now())
        return False

    def recovery_left(self, account: Account) -> int:
        """How many recovery codes are left."""
        return self._store.recovery_left(account.id)

    def end(self, account: Account, session_id: str) -> None:
        """Ends a session of the account's own. Raises `NotFound`."""
        if not self._store.end_session(account.id, session_id, self._note(account, "session.ended")):
            raise NotFound("This session has ended already.")

    def _first_stage(self, account: Account) -> Stage:
        if account.second_factor:
            return Stage.PASSWORD
        return Stage.ENROL if account.role in self._policy.second_factor else Stage.FULL

    def _opened(self, account: Account, stage: Stage, address: str, browser: str) -> SignedIn:
        token, now = tokens.new_token(), self._now()
        told = "".join(sign if sign.isprintable() else " " for sign in browser)[:_LONGEST_BROWSER]
        session = Session(
            self._new_id(), tokens.digest(token), account.id, stage, now, now, address[:100], told
        )
        what = "session.opened" if stage is Stage.FULL else "session.begun"
        self._store.open_session(session, self._note(account, what))
        return SignedIn(token, session)

    def _advanced(self, session: Session, account: Account) -> SignedIn:
        """The session at its full stage, under a new token: one that was seen before is worth nothing now."""
        token = tokens.new_token()
        full = replace(session, digest=tokens.digest(token), stage=Stage.FULL, seen_at=self._now())
        if not self._store.advance_session(session.digest, full, self._note(account, "session.opened")):
            raise NotSignedIn("Please sign in again.")
        return SignedIn(token, full)

    def _account(self, session: Session, stage: Stage) -> Account:
        found = self._store.session(session.digest)
        if found is None or found[0].stage is not stage or not found[1].active:
            raise NotSignedIn("Please sign in again.")
        return found[1]

    def _secret(self, account: Account, sealed: str) -> str:
        try:
            owner, _, secret = self._keyring.unseal(sealed).partition(":")
        except NotReady as exc:
            raise BadRequest("This set-up cannot be read. Please begin again.") from exc
        if owner != account.id:
            raise BadRequest("This set-up belongs to another account. Please begin again.")
        return secret

    def _not_too_many(self, name: str) -> None:
        within = self._policy.attempts_within
        if self._store.failures(name, self._now() - within) >= self._policy.attempts:
            minutes = int(within.total_seconds() // 60)
            raise TooManyRequests(
                f"There were too many wrong attempts. Please wait {minutes} minutes.", within.total_seconds()
            )

    def _failed(self, name: str, sentence: str, account: Account | None) -> NoReturn:
        self._store.failed(name, self._now())
        if account is not None:
            self._store.note(self._note(account, "session.refused"))
        raise NotSignedIn(sentence)

    def _note(self, account: Account, what: str) -> Note:
        return Note(self._now(), f"account:{account.id}", what, f"account:{account.id}")
