"""A cross-encoder on torch: reads query and text together, which is slower and sharper than comparing their vectors."""

import json
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from langchain_core.cross_encoders import BaseCrossEncoder

from kit.errors import ModelUnavailable
from kit.models.source import Source, find_source, offline

__all__ = ["TorchCrossEncoder", "load_cross_encoder"]

_BATCH = 8
_HEADS = ("ForSequenceClassification", "ForCausalLM")


class TorchCrossEncoder(BaseCrossEncoder):
    """A sentence-transformers cross-encoder; its scores lie between 0 and 1.

    Attributes:
        identity: the model's name and the hash of its files.
    """

    def __init__(self, model: Any, identity: str) -> None:
        self.identity = identity
        self._model, self._lock = model, Lock()

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        if not text_pairs:
            return []
        import torch

        # Fast tokenizers cannot be borrowed by two threads at once.
        with self._lock:
            raw = self._model.predict(
                text_pairs, batch_size=_BATCH, activation_fn=torch.nn.Identity(), show_progress_bar=False
            )
        # Some models come with a sigmoid and some without. Done here, and in double precision, all have the same range
        # and high scores stay apart. This form of it neither overflows nor rounds low scores to zero.
        return [float(score) for score in np.exp(-np.logaddexp(0, -np.asarray(raw, dtype=np.float64)))]


def load_cross_encoder(name: str, *, root: Path) -> TorchCrossEncoder:
    """The cross-encoder in a folder, or of a hub id, which is fetched once.

    Args:
        name: the folder or the id.
        root: where a relative path starts.

    Raises:
        ModelUnavailable: it cannot be found, loaded or trusted, or gives anything but one score.
    """
    folder = root / Path(name).expanduser()
    if not folder.is_dir() and name.startswith((".", "~", "/")):
        raise ModelUnavailable(
            "There is no such folder.", path=folder, remedy="Change `model` under [reranker] in kit.toml."
        )
    source = find_source(str(folder) if folder.is_dir() else name, kind="reranker")
    if not _is_cross_encoder(source.folder):
        # A new head would be made up at random, and so would the order.
        raise ModelUnavailable("This is a model, but no cross-encoder.", path=source.folder, remedy="Name one that is.")
    return TorchCrossEncoder(_loaded(source, name), source.identity)


def _is_cross_encoder(folder: Path) -> bool:
    own = _json(folder / "config_sentence_transformers.json")
    if own.get("model_type"):
        return bool(own["model_type"] == "CrossEncoder")
    heads = _json(folder / "config.json").get("architectures")
    return isinstance(heads, list) and any(str(head).endswith(_HEADS) for head in heads)


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _loaded(source: Source, name: str) -> Any:
    from sentence_transformers import CrossEncoder
    from transformers.utils import logging

    # Progress is the kit's own to show, and on standard error only.
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with offline():
            model = CrossEncoder(str(source.folder), device="cpu", trust_remote_code=False, local_files_only=True)
        labels = model.num_labels
    except Exception as error:  # A damaged model fails in whichever library reads the damaged part.
        raise ModelUnavailable(
            f"The reranker `{name}` cannot be loaded ({type(error).__name__}).",
            path=source.folder,
            remedy="It has to be a folder that sentence-transformers can load without code of its own.",
        ) from error
    if labels != 1:
        raise ModelUnavailable(
            f"The model `{name}` sorts into {labels} classes; a reranker gives one score.",
            path=source.folder,
            remedy="Name another under [reranker] in kit.toml.",
        )
    return model
