"""The embedder that runs an exported model, on onnxruntime or OpenVINO."""

import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from kit.models.embedder import Batch, Embedder, TokenVectors, Vectors
from kit.models.recent import Recent
from kit.models.tokens import Tokens, cut, uncut

__all__ = ["Card", "OnnxEmbedder", "Session", "onnxruntime_session"]

# So few that what a batch works on stays in the processor's caches; more is slower, and so is much less.
_BATCH_TOKENS = 512
# The tokenizer's own results are several times larger than the ids that are kept of them.
_TOKENIZE_AT_ONCE = 512
_MOST_WORKERS = 8
_OUTPUTS = ("embedding", "tokens", "layers")
T = TypeVar("T")


class Session(Protocol):
    """A loaded model.

    Attributes:
        precision: what computes and how exactly, for the fingerprint.
        workers: how many threads may call `run` at the same time to good effect.
    """

    precision: str
    workers: int

    def run(self, outputs: list[str], given: dict[str, Any]) -> list[Vectors]:
        """Those of the outputs `embedding`, `tokens` and `layers` that are asked for."""
        ...


@dataclass(frozen=True)
class Card:
    """What has to be known of an exported model beside its graph and tokenizer."""

    max_tokens: int
    """Marks of start and end included."""
    pad: int
    """The id that fills up shorter texts."""
    query_prompt: str
    """What the model expects before a text that is searched with."""
    text_prompt: str
    """What it expects before a text that is searched."""
    sizes: dict[str, int]
    """The bytes of the files beside this one, by their names."""

    def write(self, folder: Path) -> None:
        (folder / "card.json").write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Card":
        """Read a folder's card.

        Raises:
            OSError, ValueError, TypeError: there is none, or it is damaged.
        """
        return cls(**json.loads((folder / "card.json").read_text(encoding="utf-8")))


class OnnxEmbedder(Embedder):
    """An exported model.

    Args:
        folder: holds `tokenizer.json` and `card.json`.
        session: the model.
        identity: which model it is.
    """

    def __init__(self, folder: Path, session: Session, identity: str) -> None:
        from tokenizers import Tokenizer

        self.fingerprint = f"{identity}/{session.precision}"
        self._card, self._session = Card.read(folder), session
        self._recent = Recent(_OUTPUTS)
        self.tokenizer = uncut(Tokenizer.from_file(str(folder / "tokenizer.json")))
        self.max_tokens = self._card.max_tokens - self.count_tokens(self._card.text_prompt)

    def encode_layers(self, texts: Sequence[str]) -> Vectors:
        found = np.zeros((0, 0, 0), dtype=np.float32)
        for part, (vectors, layers) in self._passes(texts, self._card.text_prompt, self._layers):
            if not len(found):
                found = np.empty((len(texts), 1 + layers.shape[1], layers.shape[2]), dtype=np.float32)
            found[part, 0], found[part, 1:] = vectors, layers
        return found

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterator[Batch]:
        prompt = self._card.query_prompt if query else self._card.text_prompt
        for part, (vectors, states) in self._passes(texts, prompt, self._tokens if tokens else self._vectors):
            yield Batch(part, vectors, states)

    def _passes(
        self, texts: Sequence[str], prompt: str, run: Callable[[list[Tokens]], T]
    ) -> Iterator[tuple[list[int], T]]:
        """What `run` makes of each batch, with the places of the batch's texts."""
        rows = self._tokenize(texts, prompt)
        # Longest first, so that memory is taken once, for the largest batch.
        order = sorted(range(len(rows)), key=lambda row: -len(rows[row].ids))
        parts: list[list[int]] = []
        start = 0
        while start < len(order):
            size = max(1, _BATCH_TOKENS // len(rows[order[start]].ids))
            parts.append(order[start : start + size])
            start += size
        if len(parts) == 1 or self._session.workers == 1:
            for part in parts:
                yield part, run([rows[row] for row in part])
            return
        with ThreadPoolExecutor(self._session.workers) as pool:
            # Few are ahead of the consumer: what it does not take does not pile up.
            ahead: deque[tuple[list[int], Future[T]]] = deque()
            for part in parts:
                ahead.append((part, pool.submit(run, [rows[row] for row in part])))
                if len(ahead) > self._session.workers:
                    first, result = ahead.popleft()
                    yield first, result.result()
            while ahead:
                first, result = ahead.popleft()
                yield first, result.result()

    def _vectors(self, texts: list[Tokens]) -> tuple[Vectors, Sequence[TokenVectors]]:
        (vectors,) = self._run(["embedding"], texts)
        return vectors, ()

    def _tokens(self, texts: list[Tokens]) -> tuple[Vectors, Sequence[TokenVectors]]:
        vectors, states = self._run(["embedding", "tokens"], texts)
        return vectors, [_own(text, row) for text, row in zip(texts, states, strict=True)]

    def _layers(self, texts: list[Tokens]) -> tuple[Vectors, Vectors]:
        vectors, layers = self._run(["embedding", "layers"], texts)
        return vectors, layers

    def _run(self, outputs: list[str], texts: list[Tokens]) -> list[Vectors]:
        def run(names: list[str]) -> list[Vectors]:
            return self._session.run(names, self._given(texts))

        return run(outputs) if len(texts) > 1 else self._recent.outputs(outputs, texts[0].ids, run)

    def _given(self, texts: list[Tokens]) -> dict[str, Any]:
        """The texts as the model takes them, each filled up to the length of the longest."""
        width = max(len(text.ids) for text in texts)
        input_ids = np.full((len(texts), width), self._card.pad, dtype=np.int64)
        attention = np.zeros_like(input_ids)
        for row, text in enumerate(texts):
            input_ids[row, : len(text.ids)] = text.ids
            attention[row, : len(text.ids)] = 1
        return {"input_ids": input_ids, "attention_mask": attention}

    def _tokenize(self, texts: Sequence[str], prompt: str) -> list[Tokens]:
        found = []
        for start in range(0, len(texts), _TOKENIZE_AT_ONCE):
            given = [prompt + text for text in texts[start : start + _TOKENIZE_AT_ONCE]]
            encodings = self.tokenizer.encode_batch(given)
            found += [cut(one, limit=self._card.max_tokens, prompt=len(prompt)) for one in encodings]
        return found


def _own(text: Tokens, states: Vectors) -> TokenVectors:
    own = slice(text.first, text.last)
    return TokenVectors(text.ids[own], states[own])


class _Onnxruntime:
    precision = "onnx-fp32"

    def __init__(self, path: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # One thread for each batch and several batches at a time: threads that share one wait for each other at every
        # layer. A single query gains next to nothing from a second thread.
        options.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.workers = min(_MOST_WORKERS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)

    def run(self, outputs: list[str], given: dict[str, Any]) -> list[Vectors]:
        return list(self._session.run(outputs, given))


def onnxruntime_session(path: Path) -> Session:
    """Load an ONNX file on onnxruntime."""
    return _Onnxruntime(path)
