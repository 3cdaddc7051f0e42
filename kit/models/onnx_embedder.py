"""The embedder on onnxruntime: an exported model, its tokenizer and its card."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kit.models.embedder import Batch, Embedder, TokenVectors, Vectors
from kit.models.tokens import Tokens, cut, uncut

__all__ = ["Card", "OnnxEmbedder"]

# Small batches of texts of like length waste least on padding and stay in the processor's caches.
_BATCH_TOKENS = 1536
# The tokenizer's own results are several times larger than the ids that are kept of them.
_TOKENIZE_AT_ONCE = 512


@dataclass(frozen=True)
class Card:
    """What has to be known of an exported model beside its graph and tokenizer."""

    max_tokens: int
    """Marks of start and end included."""
    pad: int
    """The id that fills up shorter texts."""
    query_prompt: str = ""
    """What the model expects before a text that is searched with."""
    text_prompt: str = ""
    """What it expects before a text that is searched."""

    def write(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Card":
        """Read one.

        Raises:
            ValueError, TypeError, OSError: it is none.
        """
        return cls(**json.loads(path.read_text(encoding="utf-8")))


class OnnxEmbedder(Embedder):
    """A model exported to ONNX, on onnxruntime."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        from tokenizers import Tokenizer

        self.fingerprint = fingerprint
        self._card = Card.read(folder / "card.json")
        self.tokenizer = uncut(Tokenizer.from_file(str(folder / "tokenizer.json")))
        self.max_tokens = self._card.max_tokens - self.count_tokens(self._card.text_prompt)
        self._session = _session(folder / "model.onnx")

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterator[Batch]:
        prompt = self._card.query_prompt if query else self._card.text_prompt
        rows = self._tokenize(texts, prompt)
        # Longest first, so that memory is taken once, for the largest batch.
        order = sorted(range(len(rows)), key=lambda row: -len(rows[row].ids))
        while order:
            size = max(1, _BATCH_TOKENS // len(rows[order[0]].ids))
            part, order = order[:size], order[size:]
            yield self._run(part, [rows[row] for row in part], tokens)

    def _run(self, rows: list[int], texts: list[Tokens], tokens: bool) -> Batch:
        width = max(len(text.ids) for text in texts)
        input_ids = np.full((len(texts), width), self._card.pad, dtype=np.int64)
        attention = np.zeros_like(input_ids)
        for row, text in enumerate(texts):
            input_ids[row, : len(text.ids)] = text.ids
            attention[row, : len(text.ids)] = 1
        given = {"input_ids": input_ids, "attention_mask": attention}
        if not tokens:
            (vectors,) = self._session.run(["embedding"], given)
            return Batch(rows, vectors)
        vectors, states = self._session.run(["embedding", "tokens"], given)
        return Batch(rows, vectors, [_own(text, row) for text, row in zip(texts, states, strict=True)])

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


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Threads that spin while they wait slow each other down when several processes embed on one machine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
