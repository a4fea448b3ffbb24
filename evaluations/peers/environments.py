"""A peer's requirements in, a Python of its own with them out, made once below a cache folder."""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from pathlib import Path

import evaluations
from evaluations.errors import PeerFailed
from evaluations.peers.catalogue import Peer

ROOT = Path(evaluations.__file__).parent.parent
CONSTRAINTS = ROOT / "constraints.txt"
_READY = ".ready"
_LAST_LINES = 5

Tell = Callable[[str], None]


def default_cache() -> Path:
    """Where environments and indexes of peers are kept unless told otherwise: the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if cache else Path.home() / ".cache") / "tierzero" / "peers"


def python_of(peer: Peer, cache: Path, tell: Tell = lambda text: None) -> Path:
    """The interpreter that runs the peer's script; raises `PeerFailed` where it cannot be set up."""
    if peer.requirements is None:
        return Path(sys.executable)
    if not CONSTRAINTS.is_file():
        raise PeerFailed(f"{CONSTRAINTS} is not there. Measure peers from a checkout of the project.")
    content = b"\0".join(path.read_bytes() for path in (CONSTRAINTS, peer.requirements))
    folder = cache / "environments" / f"{peer.name}-{hashlib.sha256(content).hexdigest()[:12]}"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (folder / _READY).exists():
        tell(f"Setting up an environment for {peer.title}; this takes some minutes.")
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        venv.create(folder, with_pip=True)
        # torch first and by its exact pin, so that nothing that needs torch chooses another build of it.
        _install(peer, python, ["torch"])
        _install(peer, python, ["--requirement", str(peer.requirements)])
        (folder / _READY).touch()
    return python


def _install(peer: Peer, python: Path, what: list[str]) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(  # noqa: S603 (our own arguments, no shell)
        [*command, "--constraint", str(CONSTRAINTS), *what], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise PeerFailed(f"pip could not set up {peer.title}:\n{last_lines(done.stderr)}")


def last_lines(text: str) -> str:
    """The end of what a program said, which is where the reason stands."""
    return "\n".join(text.strip().splitlines()[-_LAST_LINES:]) or "(it said nothing)"
