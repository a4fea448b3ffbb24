"""`tierzero serve`: the chat, the help centre and the API, until stopped."""

import argparse
import os

from bot.commands.shared import common, services


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port",
        type=int,
        # As text: argparse says what is wrong with it, as with one that was typed.
        default=os.environ.get("PORT") or "8000",
        help="port (default: $PORT, else 8000)",
    )
    parser.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Serves until interrupted."""
    import uvicorn

    from bot.settings import load

    settings = load(data=options.data)
    if options.data is not None:
        # Workers are processes of their own and read their settings from the environment.
        os.environ["TIERZERO_DATA"] = str(options.data)
    with services(options) as opened:
        # What cannot be opened is said in a sentence here, and the tables are made before there are workers.
        _ = opened.encoder, opened.database
    print(f"tierzero serves http://{options.host}:{options.port} — stop it with Ctrl-C", flush=True)
    uvicorn.run(
        "bot.web.server:app_from_environment",
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies) or None,
        timeout_graceful_shutdown=10,
    )
    return 0
