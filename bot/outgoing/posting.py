"""A body and a configured address in, the status of its answer out: the only place that opens connections for webhooks.

No redirect is followed, no proxy of the environment used, little is read of the answer, and the host's name is looked
up once: the address that was checked is the one that is connected to, so that a name cannot change its meaning in
between (DNS rebinding).
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from bot.errors import BadRequest
from bot.outgoing.effects import Undeliverable

#: Seconds for the connection and for each read; and for all of it, since a peer may send a byte now and then.
_STEP_SECONDS: Final = 10.0
_WHOLE_SECONDS: Final = 20.0
#: Bytes of an answer that are read; its text is of no interest.
_MOST_READ: Final = 4_096
_LONGEST_URL: Final = 2_000
_PORTS: Final = {"https": 443, "http": 80}

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Destination:
    """A checked address of a receiver."""

    scheme: str
    host: str
    port: int
    path: str
    """With the query."""


def destination(url: str, *, internal: bool) -> Destination:
    """Takes an address apart. Raises `BadRequest` for one that may not be called."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as exc:
        raise BadRequest("This address cannot be read; it looks like https://crm.example/hooks.") from exc
    if len(url) > _LONGEST_URL or not url.isascii() or any(sign.isspace() or ord(sign) < 33 for sign in url):
        raise BadRequest(f"An address is at most {_LONGEST_URL} ASCII characters without spaces.")
    if parts.scheme not in _PORTS or not parts.hostname:
        raise BadRequest("This address cannot be called; it looks like https://crm.example/hooks.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadRequest(
            "Leave name, password and #fragment out of the address; messages are signed instead."
        )
    if parts.scheme == "http" and not internal:
        raise BadRequest("Use https; plain http is for receivers in your own network (--internal).")
    literal = _literal(parts.hostname)
    if literal is not None:
        _refuse(literal, internal=internal)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Destination(parts.scheme, parts.hostname, port or _PORTS[parts.scheme], path)


def post(url: str, body: bytes, headers: Mapping[str, str], *, internal: bool) -> int:
    """Sends a body; returns the status, 2xx alone. Raises `Undeliverable`."""
    try:
        to = destination(url, internal=internal)
        address = _resolved(to, internal=internal)
    except BadRequest as exc:
        raise Undeliverable(str(exc)) from exc
    try:
        with _connected(to, address) as connection:
            connection.request("POST", to.path, body, {**headers, "Content-Length": str(len(body))})
            answer = connection.getresponse()
            answer.read(_MOST_READ)
    except (OSError, http.client.HTTPException, ValueError) as exc:
        raise Undeliverable(f"No answer from {to.host}: {type(exc).__name__}.") from exc
    if 200 <= answer.status < 300:
        return answer.status
    if 300 <= answer.status < 400:
        raise Undeliverable(f"{to.host} answered {answer.status}: redirects are not followed.")
    raise Undeliverable(f"{to.host} answered {answer.status}.")


@contextlib.contextmanager
def _connected(to: Destination, address: Address) -> Iterator[http.client.HTTPConnection]:
    """A connection to exactly this address, ended by force when the time is up."""
    with contextlib.ExitStack() as stack:
        carrier = socket.create_connection((str(address), to.port), _STEP_SECONDS)
        stack.callback(carrier.close)
        connection = http.client.HTTPConnection(to.host, to.port)
        if to.scheme == "https":
            carrier = ssl.create_default_context().wrap_socket(
                carrier, server_hostname=to.host, do_handshake_on_connect=False
            )
            stack.callback(carrier.close)
            connection = http.client.HTTPSConnection(to.host, to.port)
        watch = threading.Timer(_WHOLE_SECONDS, _cut, [carrier])
        watch.daemon = True
        watch.start()
        stack.callback(watch.cancel)
        if isinstance(carrier, ssl.SSLSocket):
            carrier.do_handshake()
        # Not opened by the connection itself, which would look the name up again.
        connection.sock = carrier
        stack.callback(connection.close)
        yield connection


def _cut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _resolved(to: Destination, *, internal: bool) -> Address:
    """The address of a host; every one that its name has must be allowed. Raises `BadRequest`, `Undeliverable`."""
    literal = _literal(to.host)
    if literal is not None:
        return literal
    try:
        found = socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as exc:
        raise Undeliverable(f"There is no address for {to.host}.") from exc
    addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    if not addresses:
        raise Undeliverable(f"There is no address for {to.host}.")
    for address in addresses:
        _refuse(address, internal=internal)
    return addresses[0]


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _refuse(address: Address, *, internal: bool) -> None:
    """Raises `BadRequest` for addresses that are nobody's business: those of the machine, its network, its cloud."""
    mapped = getattr(address, "ipv4_mapped", None)
    address = mapped if mapped is not None else address
    # Link-local addresses give a cloud's machines their secrets; they are nobody's receiver.
    foreign = address.is_link_local or address.is_multicast or address.is_unspecified or address.is_reserved
    # IPv6 counts its loopback among the reserved.
    if foreign and not address.is_loopback:
        raise BadRequest(f"Nothing may be sent to {address}.")
    if not address.is_global and not internal:
        raise BadRequest(f"{address} is in a private network; say --internal if that is meant.")
