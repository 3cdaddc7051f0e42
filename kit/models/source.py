"""Where the files of a named embedder are, and what tells them from others."""

import re
from dataclasses import dataclass
from pathlib import Path

from kit.errors import ModelUnavailable
from kit.models.packaged import PACKAGED, SHA256, packaged_model
from kit.text import digest

__all__ = ["Source", "find_source"]

_REMEDY = 'Set `model` under [embedder] in kit.toml to "packaged", a model folder, or a hub id within reach.'
# What vectors depend on; other formats of the same weights are neither fetched nor read.
_PATTERNS = ["*.safetensors", "*.json", "*.txt", "*.model"]
_OTHER_FORMATS = ["onnx/*", "openvino/*"]


@dataclass(frozen=True)
class Source:
    """A folder with a sentence-transformers model.

    Attributes:
        folder: where it is.
        identity: its name and the hash of its files; the same wherever the folder lies.
    """

    folder: Path
    identity: str


def find_source(name: str) -> Source:
    """The model that `kit.toml` names: a folder, or a hub id, which is fetched once.

    Raises:
        ModelUnavailable: there is none of this name within reach, or its weights are pickled.
    """
    if name == PACKAGED:
        return Source(packaged_model(), f"all-MiniLM-L6-v2@{SHA256['model.safetensors'][:12]}")
    folder = Path(name).expanduser()
    local = folder.is_dir()
    if not local:
        folder = _snapshot(name)
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
        raise ModelUnavailable("This folder holds no weights (*.safetensors).", path=folder, remedy=_REMEDY)
    label = folder.resolve().name if local else name
    return Source(folder, f"{label}@{digest(*(_hashed(file, folder) for file in files))[:12]}")


def _hashed(file: Path, folder: Path) -> str:
    import hashlib

    with file.open("rb") as opened:
        return f"{file.relative_to(folder).as_posix()} {hashlib.file_digest(opened, 'sha256').hexdigest()}"


def _snapshot(name: str) -> Path:
    """The folder of a hub model: as fetched before, so that its vectors stay comparable, else fetched now."""
    if not re.fullmatch(r"[\w\-][\w.\-]*(/[\w.\-]+)?", name):
        raise ModelUnavailable(f"There is no folder `{name}`.", remedy=_REMEDY)
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
        f"The embedder `{name}` cannot be loaded ({type(failure).__name__}).", remedy=_REMEDY
    ) from failure
