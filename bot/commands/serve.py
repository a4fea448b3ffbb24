"""`tierzero serve`: the chat, the help centre and the API, until stopped."""

import argparse
import os
import sys

from bot.commands.shared import common


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument(
        "--port",
        type=int,
        default=int(os.environ.get("PORT") or 8000),
        help="port (default: $PORT, else 8000)",
    )
    parser.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
    common(parser)


def run(options: argparse.Namespace) -> int:
    """Serves until interrupted."""
    import uvicorn

    from bot.model import load_encoder
    from bot.settings import load

    settings = load(data=options.data)
    if options.data is not None:
        # Workers are processes of their own and read their settings from the environment.
        os.environ["TIERZERO_DATA"] = str(options.data)
    load_encoder(settings, tell=lambda text: print(text, file=sys.stderr))
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
