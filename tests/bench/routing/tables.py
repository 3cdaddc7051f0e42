"""Shares with their intervals, and playbooks made of nothing but examples."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kit.evals import wilson
from kit.models import Embedder, load_embedder
from kit.models.embedder import Batch
from kit.playbooks import Playbook
from kit.settings import cache_folder

__all__ = ["Remembering", "calibration_error", "playbook", "share"]


def share(right: int, count: int) -> str:
    """A share with its 95 % interval (Wilson 1927) and n."""
    interval = wilson(right / count, count)
    return f"{right / count:.3f} [{interval.low:.3f}, {interval.high:.3f}] {count}"


def playbook(id: str, title: str, examples: Iterable[str]) -> Playbook:
    """A playbook that does nothing, for requests like these."""
    return Playbook.model_validate(
        {
            "id": id,
            "title": title,
            "owner": "Bench",
            "when_to_use": title,
            "examples": list(examples),
            "steps": [{"id": "done", "type": "end", "text": "Done."}],
        }
    )


def calibration_error(chances: Sequence[float], right: Sequence[bool]) -> float:
    """The expected calibration error in 15 bins of equal width (Guo et al. 2017)."""
    chance, hit = np.array(chances), np.array(right)
    place = np.minimum((chance * 15).astype(int), 14)
    bins = [place == number for number in range(15)]
    return float(sum(abs(hit[each].mean() - chance[each].mean()) * each.mean() for each in bins if each.any()))


class Remembering(Embedder):
    """The packaged embedder, which makes each text's layers once: the same sentences are routed many times here."""

    def __init__(self) -> None:
        self._inner = load_embedder("packaged", cache=cache_folder())
        self.fingerprint, self.tokenizer = self._inner.fingerprint, self._inner.tokenizer
        self.max_tokens = self._inner.max_tokens
        self._made: dict[str, NDArray[np.float32]] = {}

    def encode_layers(self, texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in self._made]
        if new:
            self._made.update(zip(new, self._inner.encode_layers(new), strict=True))
        return np.stack([self._made[text] for text in texts])

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterable[Batch]:  # type: ignore[override]
        raise NotImplementedError
