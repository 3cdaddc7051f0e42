"""Loads the embedder that `kit.toml` names, from the cache of exported models where it can be."""

import os
from pathlib import Path
from typing import Any

from filelock import FileLock

from kit.errors import ModelUnavailable
from kit.models.embedder import Embedder
from kit.models.onnx_embedder import Card, OnnxEmbedder
from kit.models.packaged import PACKAGED, SHA256, packaged_model, verify
from kit.text import digest

__all__ = ["load_embedder"]

_EXPORT_FORMAT = "2"


def load_embedder(name: str, *, cache: Path) -> Embedder:
    """The embedder that `kit.toml` names.

    Args:
        name: `packaged`, a folder with a sentence-transformers model, or a model hub id.
        cache: the folder for exported models.

    Raises:
        ModelUnavailable: it cannot be found, loaded or trusted.
    """
    if name != PACKAGED:
        return _load_named(name, cache)
    fingerprint = f"all-MiniLM-L6-v2@{SHA256['model.safetensors'][:12]}/onnx-fp32"
    folder = cache / "models" / digest(fingerprint, _EXPORT_FORMAT)[:16]
    if not _complete(folder):
        source = packaged_model()
        verify(source)
        if not _export(_sentence_transformer(str(source), offline=True), folder):
            raise ModelUnavailable("The packaged model cannot be exported.", path=source, remedy="Install it again.")
    return OnnxEmbedder(folder, fingerprint)


def _load_named(name: str, cache: Path) -> Embedder:
    from kit.models.torch_embedder import TorchEmbedder

    source = Path(name).expanduser()
    local = source.is_dir()
    model = _sentence_transformer(str(source) if local else name, offline=local)
    weights = sorted(source.glob("*.safetensors")) if local else []
    fingerprint = f"{name}@{digest(*(file.read_bytes() for file in weights))[:12]}" if weights else name
    folder = cache / "models" / digest(fingerprint, _EXPORT_FORMAT)[:16]
    # Only a folder can be named by the hash of its weights; what a hub id stands for may change.
    if weights and (_complete(folder) or _export(model, folder)):
        return OnnxEmbedder(folder, f"{fingerprint}/onnx-fp32")
    return TorchEmbedder(model, f"{fingerprint}/torch-fp32", query_prompt="", text_prompt="")


def _sentence_transformer(name: str, *, offline: bool) -> Any:
    if offline:
        os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    # Progress is the kit's own to show, and on standard error only.
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(name, device="cpu", trust_remote_code=False, local_files_only=offline)
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise ModelUnavailable(
            f"The embedder `{name}` cannot be loaded ({type(error).__name__}).",
            remedy='Set `model` under [embedder] in kit.toml to "packaged", a model folder, or a hub id within reach.',
        ) from error


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in ("model.onnx", "tokenizer.json", "card.json"))


def _export(model: Any, folder: Path) -> bool:
    from kit.models.export import export_onnx

    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if _complete(folder):
            return True
        if not export_onnx(model, folder / "model.partial"):
            return False
        (folder / "model.partial").replace(folder / "model.onnx")
        model.tokenizer.backend_tokenizer.save(str(folder / "tokenizer.json"))
        Card(max_tokens=model.max_seq_length, pad=model.tokenizer.pad_token_id or 0).write(folder / "card.json")
    return True
