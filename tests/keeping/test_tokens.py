"""Token vectors: packed to a byte a number, written in order, not made twice."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from kit.knowledge.keeping.tokens import SCALE, KnownTokens, Tokens, TokenWriter, content_tokens, pack
from kit.models import TokenVectors
from tests.keeping.conftest import Shop
from tests.keeping.fake import FakeEmbedder

DIMENSION = 48
EMBEDDER = FakeEmbedder(dimension=DIMENSION)
THE, LAMP = 0, 1  # the fake's vocabulary


def tokens(seed: int, *ids: int) -> TokenVectors:
    rows = np.random.default_rng(seed).uniform(-1, 1, (len(ids), DIMENSION))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return TokenVectors(np.array(ids, dtype=np.int32), rows.astype(np.float32))


def read(folder: Path, row: int) -> NDArray[np.float32]:
    return Tokens(folder).of([row])[0]


def write(folder: Path, texts: dict[bytes, TokenVectors], keys: list[bytes], known: KnownTokens | None = None) -> None:
    folder.mkdir(exist_ok=True)
    with TokenWriter(folder, known or KnownTokens(), EMBEDDER) as writer:
        for key, one in texts.items():
            writer.add(key, one)
        writer.finish(keys)


def test_a_packed_number_is_half_a_step_off_at_most() -> None:
    given = tokens(1, *[LAMP] * 200)
    assert np.abs(given.vectors).max() < 0.5
    packed = pack(given, content_tokens(EMBEDDER))
    assert packed.dtype == np.int8 and packed.shape == given.vectors.shape
    assert np.abs(packed * SCALE - given.vectors).max() <= SCALE / 2 + 1e-7
    # So a cosine of two unit vectors is off by less than would change a ranking.
    assert np.abs((packed * SCALE) @ given.vectors.T - given.vectors @ given.vectors.T).max() < 0.01
    steep = TokenVectors(np.array([LAMP]), np.array([[1, -1, 0, 0.5]], dtype=np.float32))
    assert pack(steep, content_tokens(EMBEDDER)).tolist() == [[127, -127, 0, 127]]


def test_only_tokens_that_carry_the_subject_are_kept() -> None:
    content = content_tokens(EMBEDDER)
    mixed = tokens(2, THE, LAMP, THE, LAMP)
    assert len(pack(mixed, content)) == 2
    assert (pack(mixed, content) == pack(TokenVectors(mixed.ids[1::2], mixed.vectors[1::2]), content)).all()
    assert len(pack(tokens(3, THE, THE), content)) == 2  # rather function words than nothing
    assert pack(tokens(4), content).shape == (0, DIMENSION)


def test_function_words_and_punctuation_are_told_apart_in_each_kind_of_vocabulary() -> None:
    names = ["[PAD]", "the", "lamp", ".", "##s", "##the", "Ġthe", "Ġlamp", "▁the", "▁lamp", "E204", "灯", "The", "##."]
    vocabulary = {name: number for number, name in enumerate(names)}
    content = content_tokens(SimpleNamespace(tokenizer=SimpleNamespace(get_vocab=lambda: vocabulary)))  # type: ignore[arg-type]
    kept = {name for name, number in vocabulary.items() if content[number]} - {"[PAD]"}
    assert kept == {"lamp", "##s", "##the", "Ġlamp", "▁lamp", "E204", "灯"}


def test_they_stand_in_the_order_of_the_passages(tmp_path: Path) -> None:
    texts = {bytes([number]): tokens(number, *[LAMP] * (number % 4)) for number in range(9)}
    keys = [bytes([number]) for number in (8, 3, 0, 3, 5, 1)]  # another order, one text twice, not all
    write(tmp_path, texts, keys)
    for row, key in enumerate(keys):
        assert read(tmp_path, row) == pytest.approx(texts[key].vectors, abs=float(SCALE))
    vectors, starts = Tokens(tmp_path).of([1, 2, 4])
    assert starts.tolist() == [0, 3, 3] and len(vectors) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tokens.npy", "tokens.starts.npy"]


def test_known_tokens_are_used_again(tmp_path: Path) -> None:
    old = {b"a": tokens(1, LAMP, LAMP), b"b": tokens(2, LAMP), b"c": tokens(3, LAMP, LAMP, LAMP)}
    write(tmp_path / "old", old, [*old])
    known = KnownTokens()
    known.add_build(Tokens(tmp_path / "old"), [*old])
    (tmp_path / "new").mkdir()
    fresh = tokens(4, LAMP, LAMP)
    with TokenWriter(tmp_path / "new", known, EMBEDDER) as writer:
        assert b"a" in writer and b"d" not in writer
        writer.add(b"d", fresh)
        assert b"d" in writer
        writer.finish([b"c", b"d", b"a"])
    for row, expected in enumerate((old[b"c"], fresh, old[b"a"])):
        assert read(tmp_path / "new", row) == pytest.approx(expected.vectors, abs=float(SCALE))
    write(tmp_path / "same", {}, [b"b", b"a"], known)  # nothing new at all
    assert read(tmp_path / "same", 0) == pytest.approx(old[b"b"].vectors, abs=float(SCALE))


def test_what_waits_is_removed_when_a_build_breaks_off(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), TokenWriter(tmp_path, KnownTokens(), EMBEDDER) as writer:
        writer.add(b"a", tokens(1, LAMP))
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_refreshed_index_has_the_tokens_of_a_new_one(shop: Shop, tmp_path: Path) -> None:
    shop.write("returns.md", "# Returns\n\nYou can return a lamp within 60 days of delivery.\n")
    shop.write("bulbs.md", "# Bulbs\n\nA bulb lasts ten thousand hours.\n")
    (shop.root / "articles" / "warranty.md").unlink()
    assert shop.refresh().embedded == 2
    vectors, starts = shop.open().tokens.of(range(5))
    assert shop.refresh(rebuild=True).embedded == 5
    anew, starts_anew = shop.open().tokens.of(range(5))
    assert starts.tolist() == starts_anew.tolist() and (vectors == anew).all()
