"""Models that `kit.toml` names: which route they take, and that their vectors are those of sentence-transformers."""

import json
import resource
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.errors import ModelUnavailable
from kit.models import load_embedder
from tests.conftest import ROOT

WORDS = "the a lamp hub is broken reset do i how my it display shows update after query passage :".split()
TEXTS = ["", "How do I RESET it?", "my lamp: the update", "naïve 你好 🔥 lamp", "the display shows it after " * 40]
Make = Callable[..., Path]


def save_model(folder: Path, *, kind: str = "bert", pooling: str = "mean", layers: str = "", **options: Any) -> Path:
    """A tiny sentence-transformers model with random weights and a vocabulary of its own."""
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize, Pooling, Transformer

    torch.manual_seed(7)
    roberta = kind == "roberta"
    marks = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] if roberta else ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    names = {"pad": marks[1], "cls": marks[0]} if roberta else {"pad": marks[0], "cls": marks[2]}
    ends = marks[2] if roberta else marks[3]
    vocabulary = [*marks, *WORDS, *"abcdefghijklmnopqrstuvwxyz", *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz")]
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    unknown = marks[3] if roberta else marks[1]
    ids = {word: place for place, word in enumerate(vocabulary)}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token=unknown))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{names['cls']} $A {ends}", special_tokens=[(names["cls"], ids[names["cls"]]), (ends, ids[ends])]
    )
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=names["pad"],
        cls_token=names["cls"],
        sep_token=ends,
        unk_token=unknown,
        mask_token=marks[4],
        model_input_names=["input_ids", *(["token_type_ids"] if kind == "bert" else []), "attention_mask"],
    )
    small = {"vocab_size": len(vocabulary), "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    small |= {"intermediate_size": 64, "max_position_embeddings": 80}
    model = {
        "bert": lambda: transformers.BertModel(transformers.BertConfig(**small)),
        "roberta": lambda: transformers.RobertaModel(transformers.RobertaConfig(**small, pad_token_id=1)),
        "mpnet": lambda: transformers.MPNetModel(transformers.MPNetConfig(**small, pad_token_id=0)),
    }[kind]()
    body = folder / "body"
    model.save_pretrained(body)
    fast.save_pretrained(body)
    modules = [Transformer(str(body), max_seq_length=64), Pooling(32, pooling)]
    modules += [Dense(32, 16)] if "dense" in layers else []
    modules += [Normalize()] if "normalize" in layers else []
    SentenceTransformer(modules=modules, device="cpu", **options).save(str(folder / "model"))
    shutil.rmtree(body)
    return folder / "model"


@pytest.fixture
def make(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Make:
    """Makes a model in a temporary folder."""

    def made(**options: Any) -> Path:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return save_model(tmp_path, **options)

    return made


def theirs(folder: Path) -> Any:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(folder), device="cpu", local_files_only=True)


def assert_equal(ours: Any, expected: Any) -> None:
    assert ours.shape == expected.shape
    assert np.linalg.norm(ours, axis=1) == pytest.approx(np.ones(len(ours)), abs=1e-5)
    assert (ours * expected).sum(axis=1) == pytest.approx(np.ones(len(ours)), abs=1e-5)


@pytest.mark.parametrize(
    ("options", "route"),
    [
        ({}, "onnx-fp32"),
        ({"pooling": "cls", "layers": "normalize"}, "onnx-fp32"),
        ({"pooling": "max"}, "onnx-fp32"),
        ({"pooling": "mean_sqrt_len_tokens"}, "onnx-fp32"),
        ({"pooling": "lasttoken"}, "onnx-fp32"),
        ({"kind": "roberta"}, "onnx-fp32"),
        ({"kind": "mpnet", "layers": "normalize"}, "onnx-fp32"),
        ({"layers": "dense"}, "torch-fp32"),
        ({"pooling": ("mean", "cls")}, "torch-fp32"),
    ],
    ids=str,
)
def test_vectors_equal_those_of_sentence_transformers(
    make: Make, tmp_path: Path, options: dict[str, Any], route: str
) -> None:
    folder = make(**options)
    embedder = load_embedder(str(folder), cache=tmp_path / "cache")
    assert embedder.fingerprint.startswith("model@") and embedder.fingerprint.endswith(f"/{route}")
    model = theirs(folder)
    assert_equal(embedder.encode(TEXTS), model.encode(TEXTS, normalize_embeddings=True))
    assert_equal(
        np.array([embedder.embed_query(text) for text in TEXTS], dtype=np.float32),
        model.encode_query(TEXTS, normalize_embeddings=True),
    )
    states = model.encode(TEXTS, output_value="token_embeddings")
    tokens = embedder.encode_tokens(TEXTS)
    assert [len(each.ids) for each in tokens] == [0, 6, 5, embedder.count_tokens(TEXTS[3]), 62]
    for (ids, vectors), expected in zip(tokens[1:], states[1:], strict=True):
        unit = expected.numpy()[1:-1]
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        assert vectors.shape == (len(ids), 32)
        assert_equal(vectors, unit)
    again = load_embedder(str(folder), cache=tmp_path / "cache")
    assert again.fingerprint == embedder.fingerprint
    assert again.encode(TEXTS) == pytest.approx(embedder.encode(TEXTS), abs=1e-6)


@pytest.mark.parametrize("layers", ["", "dense"])
@pytest.mark.parametrize("name", ["document", "passage"])
def test_prompts_go_before_queries_and_before_passages(make: Make, tmp_path: Path, layers: str, name: str) -> None:
    folder = make(layers=layers, prompts={"query": "query: ", name: "the passage: "})
    embedder = load_embedder(str(folder), cache=tmp_path / "cache")
    model = theirs(folder)
    options = {"normalize_embeddings": True, "show_progress_bar": False}
    assert_equal(embedder.encode(TEXTS), model.encode(TEXTS, prompt="the passage: ", **options))
    queries = np.array([embedder.embed_query(text) for text in TEXTS], dtype=np.float32)
    assert_equal(queries, model.encode(TEXTS, prompt="query: ", **options))
    # The prompt takes room from the text, and its tokens are not the text's.
    assert embedder.max_tokens == 64 - 3
    assert [len(each.ids) for each in embedder.encode_tokens(TEXTS)][1:3] == [6, 5]
    states = model.encode(["my lamp"], prompt="query: ", output_value="token_embeddings")[0].numpy()[3:5]
    states /= np.linalg.norm(states, axis=1, keepdims=True)
    (tokens,) = embedder.encode_tokens(["my lamp"], query=True)
    assert_equal(tokens.vectors, states)


def test_other_weights_or_prompts_are_another_embedder(make: Make, tmp_path: Path) -> None:
    folder = make(prompts={"query": "query: "})
    cache = tmp_path / "cache"
    first = load_embedder(str(folder), cache=cache).fingerprint
    moved = Path(shutil.copytree(folder, tmp_path / "elsewhere" / "model"))
    assert load_embedder(str(moved), cache=cache).fingerprint == first
    assert len(list((cache / "models").glob("*/card.json"))) == 1
    config = moved / "config_sentence_transformers.json"
    settings = json.loads(config.read_text())
    config.write_text(json.dumps(settings | {"prompts": {"query": "how ", "document": ""}}))
    assert load_embedder(str(moved), cache=cache).fingerprint != first


def test_pickled_weights_are_refused(make: Make, tmp_path: Path) -> None:
    folder = make()
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelUnavailable, match=r"pytorch_model\.bin: These weights are a Python pickle.*safetensors"):
        load_embedder(str(folder), cache=tmp_path / "cache")
    (folder / "pytorch_model.bin").unlink()
    with pytest.raises(ModelUnavailable, match=r"holds no weights .* Set `model` under \[embedder\]"):
        load_embedder(str(folder), cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_a_damaged_model_is_one_clear_error(make: Make, tmp_path: Path) -> None:
    folder = make()
    (folder / "model.safetensors").write_bytes(b"no tensors")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        load_embedder(str(folder), cache=tmp_path / "cache")


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/at/all", "a/b/c", "no model"])
def test_a_folder_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"There is no folder `.*`\. Set `model` under \[embedder\]"):
        load_embedder(name, cache=tmp_path)


def test_a_hub_id_stands_for_the_snapshot_fetched_before(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make()
    asked = []

    def snapshot_download(name: str, *, local_files_only: bool, **_: object) -> str:
        asked.append((name, local_files_only))
        if local_files_only and len(asked) == 1:
            raise FileNotFoundError("not fetched yet")
        return str(folder)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    embedder = load_embedder("acme/tiny", cache=tmp_path / "cache")
    assert embedder.fingerprint.startswith("acme/tiny@") and embedder.fingerprint.endswith("/onnx-fp32")
    assert load_embedder("acme/tiny", cache=tmp_path / "cache").fingerprint == embedder.fingerprint
    assert asked == [("acme/tiny", True), ("acme/tiny", False), ("acme/tiny", True)]
    monkeypatch.undo()
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: 1 / 0)
    with pytest.raises(ModelUnavailable, match=r"The embedder `acme/tiny` cannot be loaded \(ZeroDivisionError\)"):
        load_embedder("acme/tiny", cache=tmp_path / "cache")


def cached(cache: Path) -> Path:
    (folder,) = (path.parent for path in (cache / "models").glob("*/card.json"))
    return folder


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:-1000]),
        lambda folder: (folder / "model.onnx").write_bytes(bytes((folder / "model.onnx").stat().st_size)),
        lambda folder: (folder / "model.onnx").unlink(),
        lambda folder: (folder / "tokenizer.json").write_text("{}"),
        lambda folder: (folder / "tokenizer.json").write_bytes(bytes((folder / "tokenizer.json").stat().st_size)),
        lambda folder: (folder / "card.json").unlink(),
        lambda folder: (folder / "card.json").write_text("{"),
        lambda folder: (folder / "card.json").write_text('{"max_tokens": 256}'),
        shutil.rmtree,
    ],
    ids="cut zeroed no-model other-tokenizer zeroed-tokenizer no-card half-card old-card gone".split(),
)
def test_a_damaged_cache_is_made_again(make: Make, tmp_path: Path, damage: Callable[[Path], None]) -> None:
    folder, cache = str(make()), tmp_path / "cache"
    before = load_embedder(folder, cache=cache)
    kept = cached(cache)
    damage(kept)
    after = load_embedder(folder, cache=cache)
    assert after.fingerprint == before.fingerprint and cached(cache) == kept
    assert after.encode(TEXTS) == pytest.approx(before.encode(TEXTS), abs=1e-6)
    assert sorted(path.name for path in kept.iterdir()) == ["card.json", "model.onnx", "tokenizer.json"]


def test_a_full_disk_leaves_no_half_file(make: Make, tmp_path: Path) -> None:
    folder, cache = str(make()), tmp_path / "cache"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(ModelUnavailable, match=r"The exported model cannot be kept: .*Make room.*KIT_CACHE"):
            load_embedder(folder, cache=cache)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert [path for path in cache.rglob("*") if path.is_file() and path.stat().st_size] == []
    assert load_embedder(folder, cache=cache).fingerprint.endswith("/onnx-fp32")


def test_a_cache_that_is_a_file(make: Make, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(ModelUnavailable, match="The exported model cannot be kept"):
        load_embedder(str(make()), cache=tmp_path / "cache")


def test_two_processes_export_at_once(make: Make, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from kit.models import load_embedder;"
        "print(load_embedder(sys.argv[1], cache=Path(sys.argv[2])).encode(['my lamp'])[0].tolist())"
    )
    command = [sys.executable, "-c", code, str(make()), str(tmp_path / "cache")]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    printed = [process.communicate(timeout=100)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert printed[0] == printed[1] and printed[0].startswith("[")
    assert len(list((tmp_path / "cache" / "models").glob("*/*"))) == 3
    assert not list((tmp_path / "cache" / "models").glob("partial-*"))


def test_an_export_that_gives_other_vectors_is_not_used(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.models.loading._equal", lambda embedder, model: False)
    embedder = load_embedder(str(make()), cache=tmp_path / "cache")
    assert embedder.fingerprint.endswith("/torch-fp32")
    assert not list((tmp_path / "cache" / "models").glob("*/*"))


def test_a_model_that_onnx_cannot_express_runs_on_torch(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no such operator")

    monkeypatch.setattr("torch.onnx.export", refuse)
    folder = make()
    embedder = load_embedder(str(folder), cache=tmp_path / "cache")
    assert embedder.fingerprint.endswith("/torch-fp32")
    assert_equal(embedder.encode(TEXTS), theirs(folder).encode(TEXTS, normalize_embeddings=True))
