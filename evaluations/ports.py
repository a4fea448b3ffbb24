"""A port of this machine for a server that is told where to listen, now and again after it was killed."""

import itertools
import os
import socket
from contextlib import suppress
from typing import Final

#: Below those that a system gives away by itself (from 32,768 on, or from 16,000): neither a server that takes any
#: port nor a connection that goes out gets one of these between the moment it is chosen and the one it is used.
_FIRST: Final = 10_000
_COUNT: Final = 6_000
_turns = itertools.count(os.getpid() * 101)


def free_port() -> int:
    """Nobody listens there, and in this process it is chosen once. Raises `OSError` where all are taken."""
    for turn in itertools.islice(_turns, _COUNT):
        port = _FIRST + turn % _COUNT
        with socket.socket() as probe, suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free")
