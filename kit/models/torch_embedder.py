"""The embedder on torch, for the models that cannot be exported."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from kit.errors import ModelUnavailable
from kit.models.embedder import Batch, Embedder, TokenVectors
from kit.models.tokens import cut, uncut

__all__ = ["TorchEmbedder"]

_BATCH = 8
# For models that read texts of any length.
_ENDLESS = 8192


class TorchEmbedder(Embedder):
    """Any sentence-transformers model, as that library runs it."""

    def __init__(self, model: Any, fingerprint: str, *, query_prompt: str, text_prompt: str) -> None:
        from tokenizers import Tokenizer

        self.fingerprint = fingerprint
        theirs = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
        # A copy: the model's own has to cut and pad.
        self.tokenizer = uncut(Tokenizer.from_str(theirs.to_str()))
        length = model.max_seq_length
        self._limit = int(length) if length and math.isfinite(length) else _ENDLESS
        self.max_tokens = self._limit - self.count_tokens(text_prompt)
        self._model, self._query_prompt, self._text_prompt = model, query_prompt, text_prompt

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterator[Batch]:
        prompt = self._query_prompt if query else self._text_prompt
        order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            yield self._run(rows, [texts[row] for row in rows], prompt, tokens)

    def _run(self, rows: list[int], texts: list[str], prompt: str, tokens: bool) -> Batch:
        import torch

        with torch.inference_mode():
            given = self._model.preprocess(texts, prompt=prompt or None)
            out = self._model(given)
        vectors = _unit(out["sentence_embedding"])
        if not tokens:
            return Batch(rows, vectors)
        if "token_embeddings" not in out:
            raise ModelUnavailable(
                "This embedder gives no vectors of single tokens.", remedy="Name another in kit.toml."
            )
        states, read = _unit(out["token_embeddings"]), out["attention_mask"].numpy()
        found = []
        for row, encoding in enumerate(self.tokenizer.encode_batch([prompt + text for text in texts])):
            text = cut(encoding, limit=self._limit, prompt=len(prompt))
            # Padding may stand before a text or after it.
            places = np.flatnonzero(read[row])[text.first : text.last]
            found.append(TokenVectors(text.ids[text.first : text.last], states[row, places]))
        return Batch(rows, vectors, found)


def _unit(states: Any) -> Any:
    import torch

    return torch.nn.functional.normalize(states.float(), dim=-1).numpy()
