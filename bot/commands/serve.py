"""`tierzero serve`: the chat, the help centre and the API, until stopped."""

import argparse
import gc
import os
import socket
import tempfile
from typing import TYPE_CHECKING, Any

from bot.commands.shared import common, services
from bot.errors import NotReady

if TYPE_CHECKING:
    from bot.composition import Services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port",
        type=_port,
        # As text: argparse says what is wrong with it, as with one that was typed.
        default=os.environ.get("PORT") or "8000",
        help="port (default: $PORT, else 8000)",
    )
    parser.add_argument("--workers", type=_workers, default=1, help="processes (default: 1)")
    common(parser)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a port; use a number from 0 (any free one) to 65535"
        )
    return int(text)


def _workers(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of processes; use 1 to 64")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Serves until interrupted."""
    # What is loaded before the first request stays: looking through it for garbage took a tenth of the start.
    gc.disable()
    try:
        with services(options, model_aside=True) as opened:
            return serve(options, opened)
    finally:
        gc.enable()


def serve(options: argparse.Namespace, opened: "Services") -> int:
    """Serves with services that are there already, whatever time they go by."""
    import uvicorn

    from bot.web.app import create_app
    from bot.web.server import SOCKET_OPTIONS, complete, opened_for_serving

    settings = opened.settings
    common_options: dict[str, Any] = {
        "host": options.host,
        "port": options.port,
        "log_level": "warning",
        "access_log": False,
        "server_header": False,
        "date_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": list(settings.trusted_proxies) or None,
        "timeout_graceful_shutdown": 10,
        **SOCKET_OPTIONS,
    }
    _ = opened.database
    _check_address(options.host, options.port)
    # What cannot be opened is said in a sentence here, and the tables are made before there are workers.
    _ = opened.encoder, opened.policy
    print(f"tierzero serves http://{options.host}:{options.port} — stop it with Ctrl-C", flush=True)
    if options.workers == 1:
        # This very process serves, so what is open already is not opened twice.
        uvicorn.run(
            create_app(lambda: opened_for_serving(opened), lambda: complete(opened)), **common_options
        )
        return 0
    if options.data is not None:
        # Workers are processes of their own and read their settings from the environment.
        os.environ["TIERZERO_DATA"] = str(options.data)
    opened.close()
    # Their counts lie in files together, so that whichever is asked tells of all.
    from bot.meters import SHARED_FOLDER

    with tempfile.TemporaryDirectory(prefix="tierzero-meters-") as folder:
        os.environ[SHARED_FOLDER] = folder
        _serve_workers(options, common_options)
    return 0


def _serve_workers(options: argparse.Namespace, common_options: dict[str, Any]) -> None:
    import uvicorn

    uvicorn.run(
        "bot.web.server:app_from_environment", factory=True, workers=options.workers, **common_options
    )


def _check_address(host: str, port: int) -> None:
    """Says in a sentence why nothing can listen there, before anything claims to."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host, port))
        except OSError as exc:
            raise NotReady(
                f"Nothing can listen on {host}:{port} ({exc.strerror or exc}). Choose another with --port or --host."
            ) from exc
