"""Rerankers: the order they give, and how each failure of theirs is told."""

import asyncio
import json
import os
import shutil
import socket
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langchain_core.cross_encoders import BaseCrossEncoder
from langchain_core.documents import Document

from kit.errors import KitError, ModelUnavailable, RerankFailure
from kit.models import Reranker, hosted_reranker, load_reranker
from kit.models.fake_server import Behaviour, FakeReranker, Kind
from kit.settings import Reranker as Settings

SECRET = "sk-very-secret-0123456789"
QUERY = "how do I reset the lamp"
TEXTS = ["The plan costs 4.99.", "Reset the lamp: hold the dial.", "The lamp is broken.", "naïve 你好 🔥"]
BROKEN = "The reranker's server sent a broken answer"
WORDS = "the a lamp hub is broken reset do i how my it plan costs hold dial :".split()


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key and no proxy of the machine that runs the tests."""
    for name in list(os.environ):
        if name.lower().endswith(("_proxy", "_api_key")):
            monkeypatch.delenv(name)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between tries, which are not waited."""
    waited: list[float] = []
    monkeypatch.setattr(hosted_reranker, "sleep", waited.append)
    return waited


def documents(texts: list[str] = TEXTS) -> list[Document]:
    return [Document(id=f"p{n}", page_content=text, metadata={"rank": n}) for n, text in enumerate(texts)]


def load(server: FakeReranker, **more: Any) -> Reranker:
    settings = {"model": "hosted:fake", "base_url": server.base_url, "max_retries": 0, "timeout_seconds": 60, **more}
    reranker = load_reranker(Settings.model_validate(settings))
    assert reranker
    return reranker


def order(reranker: Reranker, query: str = QUERY) -> list[str | None]:
    return [document.id for document in reranker.compress_documents(documents(), query)]


def failure(reranker: Reranker) -> str:
    """How it fails, after checking that nothing of what was sent is told."""
    with pytest.raises(RerankFailure) as caught:
        order(reranker)
    told = str(caught.value)
    assert not any(secret in told for secret in (QUERY, TEXTS[0], SECRET, "127.0.0.1"))
    assert caught.value.__cause__ is None
    return told


# The interface


class Fixed(BaseCrossEncoder):
    """A cross-encoder of a user's own: says what it is told."""

    def __init__(self, said: Any) -> None:
        self.said = said

    def score(self, text_pairs: list[tuple[str, str]]) -> list[float]:
        if isinstance(self.said, Exception):
            raise self.said
        return self.said  # type: ignore[no-any-return]


def test_the_best_come_first_and_equals_keep_their_order() -> None:
    given = documents()
    ranked = Reranker(model=Fixed([0.5, 0.9, 0.5, 0.7]), fingerprint="mine").compress_documents(given, QUERY)
    assert [document.id for document in ranked] == ["p1", "p3", "p0", "p2"]
    assert [document.metadata["relevance_score"] for document in ranked] == [0.9, 0.7, 0.5, 0.5]
    assert [document.metadata["rank"] for document in ranked] == [1, 3, 0, 2]
    assert given == documents()


def test_it_can_be_awaited() -> None:
    reranker = Reranker(model=Fixed([1, 2, 3, 4]), fingerprint="mine")
    ranked = asyncio.run(reranker.acompress_documents(documents(), QUERY))
    assert [document.id for document in ranked] == ["p3", "p2", "p1", "p0"]


def test_nothing_to_rank_asks_nobody() -> None:
    assert Reranker(model=Fixed(RuntimeError()), fingerprint="mine").compress_documents([], QUERY) == []


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ([1.0, 2.0], "The reranker gave 2 scores for 4 texts."),
        ([1.0, 2.0, float("nan"), 3.0], "The reranker gave a score that is no number."),
        ([1.0, 2.0, float("inf"), 3.0], "The reranker gave a score that is no number."),
        (RuntimeError(SECRET), "The reranker failed (RuntimeError)."),
        (TimeoutError(SECRET), "The reranker did not answer in time."),
        (["one", 1, 2, 3], f"{BROKEN} (ValueError)."),
        (None, f"{BROKEN} (TypeError)."),
    ],
    ids=str,
)
def test_a_model_that_does_not_do_its_part(said: Any, says: str) -> None:
    reranker = Reranker(model=Fixed(said), fingerprint="mine")
    assert failure(reranker) == says
    assert issubclass(RerankFailure, KitError)


# What can be named


@pytest.mark.parametrize("model", ["", "  "])
def test_no_model_is_none(model: str) -> None:
    assert load_reranker(Settings(model=model, base_url="nonsense")) is None


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (
            "cross-encoder/some-model",
            "The reranker `cross-encoder/some-model` does not say of which kind it is. Write it as"
            " `cross-encoder:cross-encoder/some-model`, or with one of `cohere:`, `jina:`, `hosted:` before it.",
        ),
        ("Cohere:rerank-v3.5", "There is no kind of reranker `Cohere`. Did you mean `cohere:rerank-v3.5`?"),
        ("zzz:x", "Known are `cross-encoder:`, `cohere:`, `jina:`, `hosted:`."),
        ("cohere:", "`cohere:` names no model. Write it as `cohere:MODEL`."),
        ("jina", "`jina` names no model. Write it as `jina:MODEL`."),
        (
            "cohere:rerank-v3.5",
            "needs the key COHERE_API_KEY. Set it in the environment, or remove `model` under [reranker]",
        ),
        ("jina:jina-reranker-v2-base-multilingual", "needs the key JINA_API_KEY."),
        ("hosted:mine", "The reranker `hosted:mine` needs an address. Set `base_url` under [reranker] in kit.toml"),
        ("cross-encoder:./none", "There is no such folder. Change `model` under [reranker] in kit.toml."),
        ("cross-encoder:no such model", "There is no folder `no such model`. After `cross-encoder:` write a model"),
    ],
)
def test_a_model_that_cannot_be_used(tmp_path: Path, model: str, says: str) -> None:
    with pytest.raises(ModelUnavailable) as caught:
        load_reranker(Settings(model=model), root=tmp_path)
    assert says in str(caught.value)


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://x", "http://u:pw@h:99999", "http://[bad"])
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"`base_url` under \[reranker\] is not a web address") as caught:
        load_reranker(Settings(model="hosted:x", base_url=address))
    assert "pw" not in str(caught.value)


def test_a_proxy_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "nonsense://proxy")
    with pytest.raises(ModelUnavailable, match=r"cannot be set up .* Check the environment's variables for proxies"):
        load_reranker(Settings(model="hosted:x", base_url="https://models.example.com"))
    with FakeReranker() as server:
        assert order(load(server))[0] == "p1"


def test_a_hosted_model_is_told_apart_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COHERE_API_KEY", SECRET)
    reranker = load_reranker(Settings(model=" cohere: rerank-v3.5 "))
    assert reranker
    assert reranker.fingerprint == "cohere:rerank-v3.5"
    assert SECRET not in f"{reranker!r} {reranker}"


# A hosted one


def test_the_protocol() -> None:
    with FakeReranker() as server:
        reranker = load(server)
        ranked = reranker.compress_documents(documents(), QUERY)
        assert [document.id for document in ranked] == ["p1", "p2", "p0", "p3"]
        assert [document.metadata["relevance_score"] for document in ranked] == pytest.approx([3 / 6, 2 / 6, 1 / 6, 0])
        assert server.requests == [{"model": "fake", "query": QUERY, "documents": TEXTS, "top_n": 4}]
        assert "authorization" not in server.headers[0]
        assert server.headers[0]["content-type"] == "application/json"


@pytest.mark.parametrize("ending", ["", "/", "/rerank", "/rerank/"])
def test_the_address_may_be_that_of_the_reranker_itself(ending: str) -> None:
    with FakeReranker() as server:
        assert order(load(server, base_url=server.base_url + ending))[0] == "p1"


@pytest.mark.parametrize(
    ("model", "variable"),
    [("cohere:x", "COHERE_API_KEY"), ("jina:x", "JINA_API_KEY"), ("hosted:x", "RERANKER_API_KEY")],
)
def test_the_key_is_that_of_the_environment(model: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COHERE_API_KEY", "JINA_API_KEY", "RERANKER_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.setenv(name, SECRET if name == variable else "another")
    with FakeReranker() as server:
        order(load(server, model=model))
        assert server.headers[0]["authorization"] == f"Bearer {SECRET}"


def test_queries_of_several_pairs_are_asked_one_by_one() -> None:
    with FakeReranker() as server:
        model = load(server).model
        assert model.score([("lamp", "a lamp"), ("lamp", "a hub"), ("hub", "a hub")]) == [1.0, 0.0, 1.0]
        assert [request["query"] for request in server.requests] == ["lamp", "hub"]
        assert model.score([]) == []


def test_many_threads_share_one() -> None:
    with FakeReranker() as server, ThreadPoolExecutor(8) as pool:
        reranker = load(server)
        found = list(pool.map(lambda _: order(reranker), range(24)))
    assert found == [["p1", "p2", "p0", "p3"]] * 24


@pytest.mark.parametrize(
    ("behaviour", "says"),
    [
        ("empty", f"{BROKEN}: it has 0 scores for 4 texts."),
        ("unfinished", f"{BROKEN}: it has 2 scores for 4 texts."),
        ("huge", f"{BROKEN}: it is longer than 8 MiB."),
        ("bad_json", f"{BROKEN}: it is not JSON."),
        ("truncated_json", f"{BROKEN}: it is not JSON."),
        ("web_page", f"{BROKEN}: it is not JSON."),
        ("cut", "The connection to the reranker's server broke off."),
        (Behaviour("status", status=302), "The reranker's server answered with no scores (HTTP 302)."),
        (Behaviour("status", status=401), "The reranker's server refused the key (HTTP 401)."),
        (Behaviour("status", status=404), "The reranker's server knows no such model or address (HTTP 404)."),
        (Behaviour("status", status=413), "The reranker's server found the request too long (HTTP 413)."),
        (Behaviour("status", status=422), "The reranker's server rejected the request (HTTP 422)."),
        (Behaviour("status", status=429), "The reranker's server has had too many requests for now (HTTP 429)."),
        (Behaviour("status", status=500), "The reranker's server failed (HTTP 500)."),
    ],
    ids=str,
)
def test_a_server_that_fails(behaviour: Behaviour | Kind, says: str) -> None:
    with FakeReranker(behaviour=behaviour) as server:
        assert failure(load(server)) == says
        assert len(server.requests) == 1


def results(*pairs: tuple[Any, Any]) -> str:
    return json.dumps({"results": [{"index": index, "relevance_score": score} for index, score in pairs]})


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("[]", "it has no list `results`."),
        ('{"results": {}}', "it has no list `results`."),
        ('{"results": [1, 2, 3, 4]}', "an `index` is missing, given twice, or that of no text."),
        (results((0, 1), (1, 1), (2, 1), (4, 1)), "an `index` is missing, given twice, or that of no text."),
        (results((0, 1), (1, 1), (2, 1), (-1, 1)), "an `index` is missing, given twice, or that of no text."),
        (results((0, 1), (1, 1), (2, 1), (2, 1)), "an `index` is missing, given twice, or that of no text."),
        (results((0, 1), (True, 1), (2, 1), (3, 1)), "an `index` is missing, given twice, or that of no text."),
        (results((0, 1), ("1", 1), (2, 1), (3, 1)), "an `index` is missing, given twice, or that of no text."),
        (results((0, float("nan"))), "a `relevance_score` is no number."),
        (results((0, float("inf"))), "a `relevance_score` is no number."),
        (results((0, 10**400)), "a `relevance_score` is no number."),
        (results((0, "0.5")), "a `relevance_score` is no number."),
        (results((0, None)), "a `relevance_score` is no number."),
        (results((0, True)), "a `relevance_score` is no number."),
        ('{"results": [' + "1" * 5000 + "]}", "it is not JSON."),
    ],
)
def test_an_answer_that_does_not_fit(body: str, says: str) -> None:
    with FakeReranker(reply=lambda request: body) as server:
        assert failure(load(server)) == f"{BROKEN}: {says}"


def test_an_answer_nested_without_end() -> None:
    with FakeReranker(reply=lambda request: "[" * 1_000_000) as server:
        assert failure(load(server)) == "The reranker failed (RecursionError)."


def test_more_than_was_asked_for_does_no_harm() -> None:
    body = {"id": "x", "usage": {"total_tokens": 9}, "results": []}
    body["results"] = [{"index": n, "relevance_score": n, "document": {"text": text}} for n, text in enumerate(TEXTS)]
    with FakeReranker(reply=lambda request: json.dumps(body)) as server:
        assert order(load(server)) == ["p3", "p2", "p1", "p0"]


@pytest.mark.parametrize("first", ["cut", Behaviour("status", status=429), Behaviour("status", status=503)], ids=str)
def test_what_may_pass_is_tried_again(first: Behaviour | Kind, waits: list[float]) -> None:
    with FakeReranker(behaviour=[first, first, "ok"]) as server:
        assert order(load(server, max_retries=2))[0] == "p1"
        assert len(server.requests) == 3
    assert waits == [0.25, 0.5]


@pytest.mark.parametrize("behaviour", ["bad_json", "empty", Behaviour("status", status=401)], ids=str)
def test_what_will_not_pass_is_not_tried_again(behaviour: Behaviour | Kind, waits: list[float]) -> None:
    with FakeReranker(behaviour=behaviour) as server:
        failure(load(server, max_retries=3))
        assert len(server.requests) == 1
    assert waits == []


def test_tries_come_to_an_end(waits: list[float]) -> None:
    with FakeReranker(behaviour=Behaviour("status", status=500)) as server:
        assert failure(load(server, max_retries=2)) == "The reranker's server failed (HTTP 500)."
        assert len(server.requests) == 3
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        (7, 7.0),
        (0, 0.0),
        (-3, 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("soon", 0.25),
        ("nan", 0.25),
        ("inf", 0.25),
    ],
)
def test_the_server_says_when_to_come_again(asked: float | str, waited: float, waits: list[float]) -> None:
    with FakeReranker(behaviour=[Behaviour("status", status=429, retry_after=asked), "ok"]) as server:
        assert order(load(server, max_retries=1))[0] == "p1"
    assert waits == [waited]


def test_a_date_to_come_again_is_waited_for(waits: list[float]) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)
    with FakeReranker(behaviour=[Behaviour("status", status=503, retry_after=date), "ok"]) as server:
        assert order(load(server, max_retries=1, timeout_seconds=600))[0] == "p1"
    assert waits == [pytest.approx(300, abs=100)]


def test_a_wait_longer_than_the_time_left_is_not_begun(waits: list[float]) -> None:
    with FakeReranker(behaviour=Behaviour("status", status=429, retry_after=61)) as server:
        says = "The reranker's server has had too many requests for now (HTTP 429)."
        assert failure(load(server, max_retries=3)) == says
        assert len(server.requests) == 1
    assert waits == []


def test_a_server_that_is_too_slow() -> None:
    with FakeReranker(behaviour=Behaviour("slow", seconds=600)) as server:
        # The limit holds for all tries together, so that a second one is not begun.
        assert failure(load(server, timeout_seconds=0.2, max_retries=5)) == "The reranker did not answer in time."
        assert len(server.requests) <= 1


def test_an_answer_that_trickles_in_is_cut_off() -> None:
    stop = threading.Event()

    def trickle(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        # The client hangs up.
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not stop.wait(0.02):
                connection.sendall(b" ")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=trickle, args=(listening,))
        thread.start()
        try:
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            reranker = load_reranker(Settings(model="hosted:x", base_url=address, timeout_seconds=0.3))
            assert reranker
            assert failure(reranker) == "The reranker did not answer in time."
        finally:
            stop.set()
            thread.join()


def test_a_server_that_is_gone(waits: list[float]) -> None:
    with FakeReranker() as server:
        reranker = load(server, max_retries=1)
    assert failure(reranker) == "Nothing answers at the reranker's address: the connection was refused."
    assert waits == [0.25]


@pytest.mark.parametrize("key", ["schlüssel", "a\nb"])
def test_a_key_that_cannot_be_sent_is_not_shown(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RERANKER_API_KEY", f"{SECRET}{key}")
    with FakeReranker() as server:
        says = "The reranker could not be called: its address or key holds a character that is not allowed."
        assert failure(load(server)) == says
        assert server.requests == []


# A cross-encoder


def save_cross_encoder(folder: Path, *, labels: int = 1, activation: str = "Identity") -> Path:
    """A tiny cross-encoder with random weights and a vocabulary of its own."""
    import torch
    import transformers
    from sentence_transformers import CrossEncoder
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    torch.manual_seed(7)
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    letters = "abcdefghijklmnopqrstuvwxyz"
    ids = {word: place for place, word in enumerate([*marks, *WORDS, *letters[1:], *(f"##{c}" for c in letters)])}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", ids["[CLS]"]), ("[SEP]", ids["[SEP]"])],
    )
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        **dict(zip(["pad_token", "unk_token", "cls_token", "sep_token", "mask_token"], marks, strict=True)),
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        model_max_length=64,
    )
    config = transformers.BertConfig(
        vocab_size=len(ids),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=0.5,
    )
    plain = folder / "plain"
    transformers.BertForSequenceClassification(config).save_pretrained(plain)
    fast.save_pretrained(plain)
    chosen = getattr(torch.nn, activation)()
    CrossEncoder(str(plain), device="cpu", activation_fn=chosen).save_pretrained(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield save_cross_encoder(tmp_path_factory.mktemp("reranker"))


def local(folder: Path | str, root: Path | None = None) -> Reranker:
    reranker = load_reranker(Settings(model=f"cross-encoder:{folder}"), root=root)
    assert reranker
    return reranker


def test_a_cross_encoder_orders_as_sentence_transformers_does(saved: Path) -> None:
    from sentence_transformers import CrossEncoder

    theirs = CrossEncoder(str(saved), device="cpu", local_files_only=True)
    texts = [*TEXTS, "", "the lamp is broken " * 60]
    expected = theirs.rank(QUERY, texts)
    ranked = local(saved).compress_documents(documents(texts), QUERY)
    assert [document.id for document in ranked] == [f"p{each['corpus_id']}" for each in expected]
    scores = [document.metadata["relevance_score"] for document in ranked]
    assert scores == sorted(scores, reverse=True) and len(set(scores)) == len(texts)
    # The model itself gives raw scores; the kit's are all of one range.
    assert scores == pytest.approx([1 / (1 + np.exp(-float(each["score"]))) for each in expected], abs=1e-5)
    assert all(type(score) is float for score in scores)


def test_a_sigmoid_of_the_models_own_is_not_put_on_top(saved: Path, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = save_cross_encoder(tmp_path, activation="Sigmoid")
    pairs = [(QUERY, text) for text in TEXTS]
    assert local(other).model.score(pairs) == pytest.approx(local(saved).model.score(pairs), abs=1e-6)
    assert local(saved).model.score([]) == []


def test_the_fingerprint_is_that_of_the_files(saved: Path, tmp_path: Path) -> None:
    mark = local(saved).fingerprint
    assert mark.startswith("cross-encoder:model@")
    copy = shutil.copytree(saved, tmp_path / "model")
    # A relative path starts where the caller says.
    assert local("./model", root=tmp_path).fingerprint == local("model", root=tmp_path).fingerprint == mark
    (copy / "tokenizer_config.json").write_text("{}", encoding="utf-8")
    assert local(copy).fingerprint != mark


def test_a_hub_id_is_fetched_once(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def snapshot_download(name: str, *, local_files_only: bool, **_: object) -> str:
        asked.append((name, local_files_only))
        if local_files_only and len(asked) == 1:
            raise FileNotFoundError("not fetched yet")
        return str(saved)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    mark = local("acme/tiny", root=tmp_path).fingerprint
    assert mark.startswith("cross-encoder:acme/tiny@")
    assert local("acme/tiny", root=tmp_path).fingerprint == mark
    assert asked == [("acme/tiny", True), ("acme/tiny", False), ("acme/tiny", True)]
    monkeypatch.setattr("huggingface_hub.snapshot_download", lambda *_, **__: 1 / 0)
    with pytest.raises(ModelUnavailable) as caught:
        local("acme/tiny", root=tmp_path)
    assert str(caught.value) == (
        "The reranker `acme/tiny` cannot be loaded (ZeroDivisionError). "
        "After `cross-encoder:` write a model folder, or a hub id within reach."
    )
    # The embedder's name for the model that comes with the kit means nothing here.
    with pytest.raises(ModelUnavailable, match="The reranker `packaged` cannot be loaded"):
        local("packaged", root=tmp_path)


def test_threads_share_a_cross_encoder(saved: Path) -> None:
    reranker = local(saved)
    alone = order(reranker)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: order(reranker), range(12))) == [alone] * 12


def refusal(folder: Path) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        local(folder)
    assert caught.value.path
    return str(caught.value)


def test_a_model_of_several_classes_is_refused(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = save_cross_encoder(tmp_path, labels=3)
    assert "sorts into 3 classes; a reranker gives one score." in refusal(folder)


def test_a_model_without_a_head_is_refused(saved: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(saved, tmp_path / "model")
    card = folder / "config_sentence_transformers.json"
    card.write_text('{"model_type": "SentenceTransformer"}', encoding="utf-8")
    assert "This is a model, but no cross-encoder." in refusal(folder)
    card.unlink()
    (folder / "modules.json").unlink(missing_ok=True)
    assert local(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    for heads in (["BertModel"], [], None, "x"):
        (folder / "config.json").write_text(json.dumps({**config, "architectures": heads}), encoding="utf-8")
        assert "This is a model, but no cross-encoder." in refusal(folder)
    (folder / "config.json").write_text("[", encoding="utf-8")
    assert "This is a model, but no cross-encoder." in refusal(folder)


def test_damaged_or_pickled_weights_are_refused(saved: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(saved, tmp_path / "model")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    assert "cannot be loaded (" in refusal(folder)
    weights.rename(folder / "pytorch_model.bin")
    assert "These weights are a Python pickle" in refusal(folder)
    (folder / "pytorch_model.bin").unlink()
    assert "After `cross-encoder:` write a model folder" in refusal(folder)


def test_code_that_comes_with_a_model_is_not_run(saved: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(saved, tmp_path / "model")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {
        "model_type": "own",
        "auto_map": {"AutoConfig": "own.Own", "AutoModelForSequenceClassification": "own.Own"},
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    trace = tmp_path / "trace"
    (folder / "own.py").write_text(f"open({str(trace)!r}, 'w').close()\n", encoding="utf-8")
    assert "cannot be loaded (ValueError)" in refusal(folder)
    assert not trace.exists()


def test_loading_leaves_the_hub_as_it_was(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    for before in (True, False):
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", before)
        local(saved)
        assert constants.HF_HUB_OFFLINE is before
