"""Embedding and searching beside the torch route: both in the same run, by turns, since machines are noisy."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from kit.knowledge import read_folder
from kit.knowledge.passages import split
from kit.models import Embedder, load_embedder
from kit.models.packaged import packaged_model
from kit.scaffold import create_workspace
from kit.settings import cache_folder
from kit.workspace import Workspace
from tests.bench.data import techqa

__all__ = ["run"]

ROOT = Path(__file__).parents[2]
_PASSAGES = 96  # embedded in one round
_ROUNDS = 7
_STARTS = 5
_INDEXED = 1200

_KIT_VECTOR = """
from kit.models import load_embedder
from kit.scaffold import create_workspace
from kit.settings import cache_folder
load_embedder("packaged", cache=cache_folder()).embed_query("how do I reset it?")
"""
_TORCH_VECTOR = """
import sys
from sentence_transformers import SentenceTransformer
SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True).encode(["how do I reset it?"])
"""
_TORCH_SEARCH = """
import sys
import chromadb
from chromadb.config import Settings
from sentence_transformers import SentenceTransformer
model = SentenceTransformer(sys.argv[1], device="cpu", local_files_only=True)
client = chromadb.PersistentClient(sys.argv[2], Settings(anonymized_telemetry=False))
collection = client.get_collection("passages", embedding_function=None)
found = collection.query(model.encode(["how do I reset it?"]), n_results=5)
print(found["ids"])
"""


def run() -> None:
    """Print the figures."""
    data = techqa()
    folder = data[0] if data else ROOT / "playbooks" / "knowledge"
    embedder = load_embedder("packaged", cache=cache_folder())
    articles = read_folder(folder).articles
    cut = [p.indexed_text for article in articles for p in split(article, limit=180, count=embedder.count_tokens)]
    passages = cut[:: max(1, len(cut) // _PASSAGES)][:_PASSAGES]
    tokens = sum(map(embedder.count_tokens, passages)) / len(passages)
    corpus = "TechQA" if data else "Brightloom"
    print(
        f"\nSpeed on {os.cpu_count()} cores; {len(passages)} passages of {corpus}, {tokens:.0f} tokens each on average"
    )
    _embedding(embedder, passages)
    _starting()
    with tempfile.TemporaryDirectory() as scratch:
        _searching(Path(scratch), cut)
        _asking(Path(scratch))


def _embedding(embedder: Embedder, passages: list[str]) -> None:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(packaged_model()), device="cpu", local_files_only=True)

    def theirs(batch: int) -> Callable[[], object]:
        return lambda: model.encode(passages, batch_size=batch, normalize_embeddings=True, show_progress_bar=False)

    routes: dict[str, Callable[[], object]] = {
        "sentence-transformers fp32, batch 32": theirs(32),
        "sentence-transformers fp32, batch 8": theirs(8),
        "kit": lambda: embedder.encode(passages),
        "kit, tokens too": lambda: sum(1 for _ in embedder.encode_both(passages)),
    }
    seconds = _by_turns(routes, rounds=_ROUNDS)
    best = min(median(seconds[name]) for name in routes if name.startswith("sentence"))
    print(f"{'passages embedded':<44}{'per second':>12}{'to the faster peer':>21}")
    for name, taken in seconds.items():
        print(f"{name:<44}{len(passages) / median(taken):>12.1f}{best / median(taken):>20.2f}×")
    expected = model.encode(passages, normalize_embeddings=True, show_progress_bar=False)
    cosine = float((embedder.encode(passages) * expected).sum(axis=1).min())
    print(f"{'lowest cosine between the two':<44}{cosine:>12.7f}")


def _starting() -> None:
    source = str(packaged_model())
    routes: dict[str, Callable[[], object]] = {
        "kit": lambda: _process("-c", _KIT_VECTOR),
        "sentence-transformers": lambda: _process("-c", _TORCH_VECTOR, source),
    }
    _table("process start to first vector, whole process", _by_turns(routes, rounds=_STARTS))


def _searching(scratch: Path, cut: list[str]) -> None:
    root = scratch / "workspace"
    knowledge = root / "playbooks" / "knowledge"
    knowledge.mkdir(parents=True)
    (root / "kit.toml").write_text('name = "Bench"\n', encoding="utf-8")
    # One article for each passage, again from the first where the corpus is smaller.
    for number in range(_INDEXED):
        text = cut[number % len(cut)].replace("\n", "\n\n")
        (knowledge / f"a{number}.md").write_text(f"# Article {number}\n\n{text}\n", encoding="utf-8")
    report = Workspace.open(root).index()
    index = root / ".kit" / "index"
    chroma = index / (index / "current").read_text(encoding="utf-8").strip() / "chroma"
    query = "how do I reset it?"
    routes: dict[str, Callable[[], object]] = {
        "kit search": lambda: _process("-m", "kit", "search", query, "-w", str(root)),
        "sentence-transformers + Chroma": lambda: _process("-c", _TORCH_SEARCH, str(packaged_model()), str(chroma)),
    }
    _table(f"search from a cold start, {report.passages} passages", _by_turns(routes, rounds=_STARTS))


def _asking(scratch: Path) -> None:
    root = scratch / "brightloom"
    create_workspace(root, sample=True)
    Workspace.open(root).index()
    question = "how long is the warranty on the Dial?"
    routes: dict[str, Callable[[], object]] = {
        "kit ask": lambda: _process("-m", "kit", "ask", question, "-w", str(root)),
        "kit --help": lambda: _process("-m", "kit", "--help"),
    }
    _table("a reply from a cold start, Brightloom", _by_turns(routes, rounds=_STARTS))


def _process(*arguments: str) -> None:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def _by_turns(routes: dict[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """Seconds that each took, every round; one before them warms caches and is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in routes}
    for number in range(rounds + 1):
        for name, route in routes.items():
            began = time.perf_counter()
            route()
            if number:
                taken[name].append(time.perf_counter() - began)
    return taken


def _table(title: str, seconds: dict[str, list[float]]) -> None:
    print(f"{title:<56}{'median s':>10}{'fastest s':>12}")
    for name, taken in seconds.items():
        print(f"  {name:<54}{median(taken):>10.2f}{min(taken):>12.2f}")
