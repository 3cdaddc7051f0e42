"""Loads the embedder that `kit.toml` names, from the cache of exported models where it can be."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np
from filelock import FileLock

from kit.errors import ModelUnavailable
from kit.models.embedder import Embedder
from kit.models.onnx_embedder import Card, OnnxEmbedder, Session, onnxruntime_session
from kit.models.packaged import PACKAGED, verify
from kit.models.source import Source, find_source, offline
from kit.text import digest

__all__ = ["load_embedder"]

# Raised whenever the export changes, so that what older versions have cached is made again.
_EXPORT_FORMAT = "4"
_FILES = ("model.onnx", "tokenizer.json")
_SAMPLES = (
    "",
    "How do I RESET it?",
    "Émilie naïve 你好 🔥 <b>",
    "After the update, the hub’s display shows E2. " * 400,
)


def load_embedder(name: str, *, cache: Path, backend: Literal["onnxruntime", "openvino"] = "onnxruntime") -> Embedder:
    """The embedder that `kit.toml` names.

    Args:
        name: `packaged`, a folder with a sentence-transformers model, or a model hub id.
        cache: the folder for exported models.
        backend: what runs exported models.

    Raises:
        ModelUnavailable: it cannot be found, loaded or trusted, or what is to run it is not installed.
    """
    session = _backend(backend)
    source = find_source(name)
    folder = cache / "models" / digest(source.identity, _EXPORT_FORMAT)[:16]

    def opened() -> Embedder | None:
        return _opened(folder, session, source.identity)

    if embedder := opened():
        return embedder
    if name == PACKAGED:
        verify(source.folder)
    model = _sentence_transformer(source, name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            # Another process may have made it meanwhile.
            if embedder := opened():
                return embedder
            shutil.rmtree(folder, ignore_errors=True)
            if _export(model, folder) and (embedder := opened()):
                return embedder
    except OSError as error:
        raise ModelUnavailable(
            f"The exported model cannot be kept: {error.strerror or error}.",
            path=folder.parent,
            remedy="Make room or set the rights, or name another folder in the environment variable KIT_CACHE.",
        ) from error
    if name == PACKAGED:
        raise ModelUnavailable("The packaged model cannot be exported.", path=source.folder, remedy="Install it again.")
    from kit.models.torch_embedder import TorchEmbedder

    query, text = _prompts(model)
    return TorchEmbedder(model, f"{source.identity}/torch-fp32", query_prompt=query, text_prompt=text)


def _backend(name: str) -> Callable[[Path], Session]:
    """What loads an ONNX file."""
    if name == "openvino":
        from kit.models.openvino import openvino_session

        return openvino_session
    return onnxruntime_session


def _opened(folder: Path, session: Callable[[Path], Session], identity: str) -> Embedder | None:
    """The embedder in a folder of the cache; None where it is missing or damaged."""
    try:
        if any((folder / name).stat().st_size != size for name, size in Card.read(folder).sizes.items()):
            return None
        return OnnxEmbedder(folder, session(folder / "model.onnx"), identity)
    except ModelUnavailable:
        raise
    except Exception:  # Every reader of a damaged file has errors of its own, and all mean: make it again.
        return None


def _export(model: Any, folder: Path) -> bool:
    """Put the model into a folder, whole or not at all; False where it cannot be, or would give other vectors."""
    from kit.models.export import export_onnx

    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is None or not model.max_seq_length:
        return False
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="partial-") as scratch:
        partial = Path(scratch) / "model"
        partial.mkdir()
        if not export_onnx(model, partial / "model.onnx"):
            return False
        (partial / "tokenizer.json").write_text(backend.to_str(), encoding="utf-8")
        query, text = _prompts(model)
        sizes = {name: (partial / name).stat().st_size for name in _FILES}
        pad = model.tokenizer.pad_token_id or 0
        Card(int(model.max_seq_length), pad, query, text, sizes).write(partial)
        if not _equal(OnnxEmbedder(partial, onnxruntime_session(partial / "model.onnx"), ""), model):
            return False
        partial.rename(folder)
    return True


def _equal(embedder: Embedder, model: Any) -> bool:
    """Whether the export gives the model's own vectors, with prompts, padding, and texts that are cut."""
    texts = list(_SAMPLES)
    options = {"normalize_embeddings": True, "show_progress_bar": False}
    query, text = _prompts(model)
    ours = [*embedder.encode(texts), *(np.array(embedder.embed_query(each)) for each in texts)]
    theirs = [*model.encode(texts, prompt=text, **options), *model.encode(texts, prompt=query, **options)]
    return all(1 - float(one @ other) < 1e-5 for one, other in zip(ours, theirs, strict=True))


def _prompts(model: Any) -> tuple[str, str]:
    """What the model expects before a query and before a text that is searched."""
    prompts = model.prompts
    usual = prompts.get(model.default_prompt_name) or ""
    text = next((prompts[name] for name in ("document", "passage", "corpus") if prompts.get(name)), usual)
    return prompts.get("query") or usual, text


def _sentence_transformer(source: Source, name: str) -> Any:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    # Progress is the kit's own to show, and on standard error only.
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with offline():
            return SentenceTransformer(str(source.folder), device="cpu", trust_remote_code=False, local_files_only=True)
    except Exception as error:  # A damaged model fails in whichever library reads the damaged part.
        raise ModelUnavailable(
            f"The embedder `{name}` cannot be loaded ({type(error).__name__}).",
            path=source.folder,
            remedy="It has to be a folder that sentence-transformers can load without code of its own.",
        ) from error
