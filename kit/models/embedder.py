"""Text to vectors, behind LangChain's `Embeddings` interface."""

import json
import os
import shutil
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from kit.errors import ModelUnavailable
from kit.models.packaged import PACKAGED, SHA256, packaged_model, verify
from kit.progress import Progress
from kit.text import digest

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["Embedder", "load_embedder"]

Vectors = NDArray[np.float32]

# Small batches of texts of like length waste least on padding; larger ones are slower on every processor measured.
BATCH = 8
_EXPORT_FORMAT = "1"


class Embedder(Embeddings):
    """Unit-length sentence vectors.

    Attributes:
        fingerprint: equal for two embedders whose vectors may be compared.
        max_tokens: what is longer is cut, so passages are made shorter than this.
    """

    fingerprint: str
    max_tokens: int
    tokenizer: "Tokenizer"

    @abstractmethod
    def _encode(self, texts: Sequence[str]) -> Vectors: ...

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Vectors of the texts, in their order: shape (len(texts), dimension), float32, unit length."""
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        rows: list[Vectors] = []
        for start in range(0, len(order), BATCH):
            rows.append(self._encode([texts[index] for index in order[start : start + BATCH]]))
            if progress:
                progress("embedding passages", min(start + BATCH, len(order)), len(order))
        if not rows:
            return np.zeros((0, 0), dtype=np.float32)
        vectors = np.empty((len(texts), rows[0].shape[1]), dtype=np.float32)
        vectors[order] = np.concatenate(rows)
        return vectors

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(x) for x in row] for row in self.encode(texts)]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def count_tokens(self, text: str) -> int:
        """The text's length in this model's tokens, without the two that mark start and end."""
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)


class _OnnxEmbedder(Embedder):
    """A model exported to ONNX, on onnxruntime."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.fingerprint = fingerprint
        self.max_tokens = json.loads((folder / "card.json").read_text())["max_tokens"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_truncation()
        self.tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # Threads that spin while they wait slow each other down when several processes embed on one machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )

    def _encode(self, texts: Sequence[str]) -> Vectors:
        # Truncation and padding are done here: set on the tokenizer they would also change what count_tokens sees.
        rows = [encoding.ids for encoding in self.tokenizer.encode_batch(list(texts))]
        rows = [ids if len(ids) <= self.max_tokens else [*ids[: self.max_tokens - 1], ids[-1]] for ids in rows]
        width = max(len(ids) for ids in rows)
        input_ids = np.zeros((len(rows), width), dtype=np.int64)
        attention = np.zeros_like(input_ids)
        for row, ids in enumerate(rows):
            input_ids[row, : len(ids)] = ids
            attention[row, : len(ids)] = 1
        (vectors,) = self._session.run(None, {"input_ids": input_ids, "attention_mask": attention})
        return np.asarray(vectors, dtype=np.float32)


class _TorchEmbedder(Embedder):
    """Any sentence-transformers model that cannot be exported, on torch."""

    def __init__(self, model: Any, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.max_tokens = int(model.max_seq_length or 512)
        self.tokenizer = model.tokenizer.backend_tokenizer
        self._model = model

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)


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
        if not _export(_sentence_transformer(str(source), offline=True), source / "tokenizer.json", folder):
            raise ModelUnavailable("The packaged model cannot be exported.", path=source, remedy="Install it again.")
    return _OnnxEmbedder(folder, fingerprint)


def _load_named(name: str, cache: Path) -> Embedder:
    source = Path(name).expanduser()
    local = source.is_dir()
    model = _sentence_transformer(str(source) if local else name, offline=local)
    weights = sorted(source.glob("*.safetensors")) if local else []
    fingerprint = f"{name}@{digest(*(file.read_bytes() for file in weights))[:12]}" if weights else name
    folder = cache / "models" / digest(fingerprint, _EXPORT_FORMAT)[:16]
    # Only a folder can be named by the hash of its weights; what a hub id stands for may change.
    if weights and (_complete(folder) or _export(model, source / "tokenizer.json", folder)):
        return _OnnxEmbedder(folder, f"{fingerprint}/onnx-fp32")
    return _TorchEmbedder(model, f"{fingerprint}/torch-fp32")


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


def _export(model: Any, tokenizer: Path, folder: Path) -> bool:
    from kit.models.export import export_onnx

    if not tokenizer.is_file() or not export_onnx(model, folder / "model.onnx"):
        return False
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    (folder / "card.json").write_text(json.dumps({"max_tokens": model.max_seq_length}), encoding="utf-8")
    return True
