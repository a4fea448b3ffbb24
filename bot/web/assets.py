"""The files of `static/`, read once and served from memory, compressed and with an ETag."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.errors import NotFound

FOLDER = Path(__file__).parent / "static"

MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}

#: An address with the content's hash never changes its content.
IMMUTABLE = "public, max-age=31536000, immutable"
#: An address without one is asked for again, so that an update reaches every page at once.
REVALIDATE = "public, no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """One static file."""

    content: bytes
    compressed: bytes
    media_type: str
    version: str
    """First 12 hex digits of the SHA-256 of `content`."""


class Assets:
    """All static files by their path below `static/`, such as `shop/heron.svg`."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @cached_property
    def _assets(self) -> Mapping[str, Asset]:
        """Read when first asked for: a start needs none of them."""
        return {
            path.relative_to(self._folder).as_posix(): _load(path)
            for path in sorted(self._folder.rglob("*"))
            if path.suffix in MEDIA_TYPES
        }

    def prepare(self) -> None:
        """Reads them now, so that no page waits for it."""
        _ = self._assets

    def url(self, name: str) -> str:
        """Address of a file that may be cached for ever. Raises `KeyError` for a name that does not exist."""
        return f"/static/{name}?v={self._assets[name].version}"

    def response(self, name: str, request: Request, *, shared: bool = False) -> Response:
        """The file; `shared` ones may be used by pages of other sites. Raises `NotFound`."""
        asset = self._assets.get(name)
        if asset is None:
            raise NotFound(f"There is no file {name[:100]!r}.")
        version = request.query_params.get("v")
        headers = {
            "etag": f'"{asset.version}"',
            "vary": "Accept-Encoding",
            "cache-control": IMMUTABLE if version == asset.version else REVALIDATE,
            "cross-origin-resource-policy": "cross-origin" if shared else "same-origin",
        }
        if shared:
            headers["access-control-allow-origin"] = "*"
        if f'"{asset.version}"' in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            return Response(asset.compressed, 200, headers, asset.media_type)
        return Response(asset.content, 200, headers, asset.media_type)


def _load(path: Path) -> Asset:
    content = path.read_bytes()
    return Asset(
        content,
        gzip.compress(content, compresslevel=9, mtime=0),
        MEDIA_TYPES[path.suffix],
        hashlib.sha256(content).hexdigest()[:12],
    )
