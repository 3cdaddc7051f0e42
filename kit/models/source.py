"""Where the files of a named embedder are, and what tells them from others."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from kit.errors import ModelUnavailable
from kit.models.packaged import PACKAGED, SHA256, packaged_model
from kit.text import digest

__all__ = ["Kind", "Source", "find_source", "offline"]

Kind = Literal["embedder", "reranker"]

_REMEDY = {
    "embedder": 'Set `model` under [embedder] in kit.toml to "packaged", a model folder, or a hub id within reach.',
    "reranker": "After `cross-encoder:` write a model folder, or a hub id within reach.",
}
# What vectors depend on; other formats of the same weights are neither fetched nor read.
_PATTERNS = ["*.safetensors", "*.json", "*.txt", "*.model"]
_OTHER_FORMATS = ["onnx/*", "openvino/*"]
_LOADING = threading.Lock()


@dataclass(frozen=True)
class Source:
    """A folder with a sentence-transformers model.

    Attributes:
        folder: where it is.
        identity: its name and the hash of its files; the same wherever the folder lies.
    """

    folder: Path
    identity: str


def find_source(name: str, *, kind: Kind = "embedder") -> Source:
    """The model that `kit.toml` names: a folder, or a hub id, which is fetched once.

    Args:
        name: what stands there; `packaged` is an embedder's name only.
        kind: what it is to be.

    Raises:
        ModelUnavailable: there is none of this name within reach, or its weights are pickled.
    """
    if name == PACKAGED and kind == "embedder":
        return Source(packaged_model(), f"all-MiniLM-L6-v2@{SHA256['model.safetensors'][:12]}")
    folder = Path(name).expanduser()
    local = folder.is_dir()
    if not local:
        folder = _snapshot(name, kind)
    for weights in (*folder.rglob("*.bin"), *folder.rglob("*.pt"), *folder.rglob("*.pth")):
        if weights.name.startswith("pytorch_model") and not any(weights.parent.glob("*.safetensors")):
            raise ModelUnavailable(
                "These weights are a Python pickle, which can run code when it is read.",
                path=weights,
                remedy="Save the model again as safetensors, which sentence-transformers does by default.",
            )
    files = sorted(file for pattern in _PATTERNS for file in folder.rglob(pattern) if file.is_file())
    files = [file for file in files if file.relative_to(folder).parts[0] not in ("onnx", "openvino")]
    if not any(file.suffix == ".safetensors" for file in files):
        raise ModelUnavailable("This folder holds no weights (*.safetensors).", path=folder, remedy=_REMEDY[kind])
    label = folder.resolve().name if local else name
    return Source(folder, f"{label}@{digest(*(_hashed(file, folder) for file in files))[:12]}")


@contextmanager
def offline() -> Iterator[None]:
    """Keep the model libraries off the network while they load: then what is loaded is what was found and hashed."""
    from huggingface_hub import constants

    # One at a time, so that the last one to end puts back what the first one found.
    with _LOADING:
        before, constants.HF_HUB_OFFLINE = constants.HF_HUB_OFFLINE, True
        try:
            yield
        finally:
            constants.HF_HUB_OFFLINE = before


def _hashed(file: Path, folder: Path) -> str:
    import hashlib

    with file.open("rb") as opened:
        return f"{file.relative_to(folder).as_posix()} {hashlib.file_digest(opened, 'sha256').hexdigest()}"


def _snapshot(name: str, kind: Kind) -> Path:
    """The folder of a hub model: as fetched before, so that its vectors stay comparable, else fetched now."""
    if not re.fullmatch(r"[\w\-][\w.\-]*(/[\w.\-]+)?", name):
        raise ModelUnavailable(f"There is no folder `{name}`.", remedy=_REMEDY[kind])
    from huggingface_hub import snapshot_download

    for local in (True, False):
        try:
            return Path(
                snapshot_download(
                    name, allow_patterns=_PATTERNS, ignore_patterns=_OTHER_FORMATS, local_files_only=local
                )
            )
        except Exception as error:  # The hub's own errors, those of its HTTP client, and of the name's form.
            failure = error
    raise ModelUnavailable(
        f"The {kind} `{name}` cannot be loaded ({type(failure).__name__}).", remedy=_REMEDY[kind]
    ) from failure
