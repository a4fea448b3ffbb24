"""Where the compiled form of the configured model is kept, and how it comes to be."""

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from bot.dialogue.triggers import closer
from bot.dialogue.triggers.meaning import Seen
from bot.settings import Settings
from index.adapted import AdaptedLayers
from index.compiled import PLACES, CompiledEncoder, CompiledManifest, read_manifest
from index.encoder import DEFAULT_MODEL, DEFAULT_WEIGHTS_SHA256, locate, weights_digest
from index.errors import ModelMissing
from index.precision import Precision

_NEEDS_TORCH = (
    "Building the model needs {missing}, which is not installed. "
    "Run `make install`, or `pip install torch==2.13.0` and then `pip install 'tierzero[model]'`."
)


def model_folder(settings: Settings) -> Path:
    """Where the compiled form of the configured model is kept."""
    suffix = "" if settings.model_precision is Precision.FP32 else f"-{settings.model_precision}"
    if settings.model == DEFAULT_MODEL:
        return settings.models_root / f"{DEFAULT_MODEL}{suffix}"
    resolved = str(Path(settings.model).expanduser().resolve())
    # Two folders of the same name are two models.
    digest = hashlib.sha256(resolved.encode()).hexdigest()[:8]
    return settings.models_root / f"{Path(resolved).name}-{digest}{suffix}"


def sample_texts() -> list[str]:
    """Ordinary help-centre text in the shipped languages, to which the compression of token vectors is fitted."""
    import kb

    folder = Path(kb.__file__).parent / "sample"
    return [
        part
        for path in sorted(folder.rglob("*.md"))
        for part in path.read_text(encoding="utf-8").split("\n\n")
        if len(part) > 80
    ]


def build_model(settings: Settings) -> CompiledManifest:
    """Compiles the configured model; needs torch. Raises `index.errors.ModelMissing` and `ModelDiffers`."""
    try:
        from index.export import compile_model
    except ImportError as exc:
        raise ModelMissing(_NEEDS_TORCH.format(missing=exc.name)) from exc
    try:
        return compile_model(settings.model, model_folder(settings), sample_texts(), settings.model_precision)
    except ImportError as exc:
        raise ModelMissing(_NEEDS_TORCH.format(missing=exc.name)) from exc


def load_aside(settings: Settings) -> "Future[CompiledEncoder]":
    """Begins to load the compiled model in another thread: nearly all of it is work outside of Python."""
    loader = ThreadPoolExecutor(1, thread_name_prefix="model")
    loading = loader.submit(load_encoder, settings, build=False)
    loader.shutdown(wait=False)
    return loading


def load_encoder(
    settings: Settings, *, build: bool = True, tell: Callable[[str], None] = lambda text: None
) -> CompiledEncoder:
    """The compiled model, compiled first where it is absent and `build` allows it."""
    folder = model_folder(settings)
    try:
        manifest = read_manifest(folder)
        # The default's own package may be absent where it only serves; its digest is known without it.
        default = settings.model == DEFAULT_MODEL
        expected = DEFAULT_WEIGHTS_SHA256 if default else weights_digest(locate(settings.model))
        if manifest.weights_sha256 != expected:
            raise ModelMissing(f"The weights of {settings.model} have changed since it was compiled.")
        if manifest.precision != settings.model_precision:
            raise ModelMissing(f"The model in {folder} is not kept in {settings.model_precision}.")
        return CompiledEncoder(folder)
    except ModelMissing:
        if not build:
            raise
    tell("Building the model, once for this machine; this takes about 20 seconds …")
    build_model(settings)
    return CompiledEncoder(folder)


class SecondLook:
    """How likely each label of a message is, by layers of the encoder that were changed for that.

    Opened by the first message that needs it, or before. Where that fails it says so once, and messages are told
    without it.
    """

    def __init__(self, fitted: closer.Closer, layers: AdaptedLayers, tell: Callable[[str], None]) -> None:
        self._fitted = fitted
        self._layers = layers
        self._tell = tell
        self._failed = False

    def prepare(self) -> None:
        """Opens it now."""
        try:
            self._layers.prepare()
        except ModelMissing as exc:
            self._give_up(exc)

    def __call__(self, seen: Seen) -> Mapping[str, float]:
        """The probability of each label, `none` among them; empty where the model cannot be read, or told too little.

        `seen` is the encoder's view of what `Meaning.reads` makes of a message.
        """
        if self._failed or seen.lower is None:
            return {}
        try:
            return self._fitted.chances(self._layers.tokens(seen.lower))
        except ModelMissing as exc:
            self._give_up(exc)
            return {}

    def _give_up(self, exc: ModelMissing) -> None:
        self._failed = True
        self._tell(f"Messages are looked at once and not twice, which misses some incidents: {exc}")


def second_look(settings: Settings, identity: str, tell: Callable[[str], None]) -> SecondLook | None:
    """The second look with the served model; None where the changes were fitted for another one, and in eight bits.

    Raises `bot.errors.SettingsInvalid` where their file cannot be read.
    """
    folder, fitted = model_folder(settings), closer.read()
    if not fitted.fits(identity) or not (folder / PLACES).is_file():
        return None
    return SecondLook(fitted, AdaptedLayers(folder, fitted.changes), tell)
