"""Ports of this machine for servers that tests start, each of which only its test gets."""

import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

#: Below those that a system gives away by itself (from 32,768 on, or from 16,000): neither a server that takes any
#: port nor a connection that goes out gets one of these between the moment it is chosen and the one it is used.
FIRST, COUNT = 10_000, 6_000
_turns = itertools.count(os.getpid() * 101)


def free_port() -> int:
    """A port for a server that is told where to listen, also again after a while; for others `0` is enough."""
    for turn in itertools.islice(_turns, COUNT):
        port = FIRST + turn % COUNT
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")


@contextmanager
def closed_port() -> Iterator[int]:
    """A port at which nobody listens as long as this lasts: it is taken, so that nobody can begin to."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield int(held.getsockname()[1])
