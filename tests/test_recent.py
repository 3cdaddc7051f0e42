from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from kit.models import Embedder
from kit.models.embedder import Vectors
from kit.models.recent import Recent
from kit.workspace import Workspace

NAMES = ("embedding", "tokens")


class Passes:
    """Computes outputs, and notes which were asked for."""

    def __init__(self) -> None:
        self.made: list[list[str]] = []

    def __call__(self, names: list[str]) -> list[Vectors]:
        self.made.append(names)
        return [np.full((1, 2), len(self.made), dtype=np.float32) for _ in names]


def test_one_pass_gives_all_that_is_asked_of_a_text() -> None:
    recent, passes = Recent(NAMES), Passes()
    [tokens] = recent.outputs(["tokens"], [1, 2], passes)
    [vector] = recent.outputs(["embedding"], [1, 2], passes)
    assert passes.made == [list(NAMES)] and tokens[0, 0] == vector[0, 0] == 1
    recent.outputs(["embedding"], [12], passes)
    assert len(passes.made) == 2, "tokens do not run together in the key"


def test_a_long_text_is_computed_each_time_and_only_what_is_asked() -> None:
    recent, passes = Recent(NAMES), Passes()
    for _ in range(2):
        recent.outputs(["embedding"], range(129), passes)
    assert passes.made == [["embedding"], ["embedding"]]


def test_only_the_last_few_are_kept_and_nobody_can_change_them() -> None:
    recent, passes = Recent(NAMES), Passes()
    [kept] = recent.outputs(["embedding"], [0], passes)
    with pytest.raises(ValueError, match="read-only"):
        kept[0, 0] = 7
    for number in range(1, 129):
        recent.outputs(["embedding"], [number], passes)
    recent.outputs(["embedding"], [0], passes)
    assert len(passes.made) == 130


def test_vectors_are_the_same_alone_in_a_batch_and_from_many_threads(sample: object) -> None:
    embedder: Embedder = Workspace.open(str(sample)).embedder
    texts = [f"how do I reset the Dial {number} times?" for number in range(12)]
    batch = embedder.encode(texts)
    with ThreadPoolExecutor(8) as pool:
        alone = list(pool.map(embedder.embed_query, texts * 3))
    for number, vector in enumerate(alone):
        assert np.allclose(vector, batch[number % 12], atol=1e-5)
        assert vector == alone[number % 12]
    assert np.array_equal(embedder.encode_layers(texts[:1])[0, 0], np.array(alone[0], dtype=np.float32))
