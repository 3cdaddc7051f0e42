"""What size costs: opening, searching and memory at 10,000 and 100,000 passages, and what one changed article costs.

The passages are invented: words drawn by Zipf's law around topics, and unit vectors around the same topics.
"""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from kit.knowledge import Article, HybridRetriever, Passage, open_index, refresh_index
from kit.knowledge.keeping.fields import Corpus
from kit.knowledge.keeping.index import _build
from kit.knowledge.keeping.manifest import FORMAT, Manifest, code_digest
from kit.knowledge.keeping.past import Past
from kit.models import Embedder, load_embedder
from kit.settings import cache_folder
from tests.bench.data import techqa

__all__ = ["run"]

SIZES = (10_000, 100_000)
TOPICS, WORDS, DIMENSION, LENGTH, PER_ARTICLE = 500, 60_000, 384, 90, 5
QUERIES = 200


class TopicEmbedder(Embedder):
    """Points to the topic that a text's first word names, and a little beside it, as the rest of the text decides."""

    fingerprint, max_tokens = "topics@1", 256

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([_vector(text) for text in texts])

    def encode(self, texts: Sequence[str], *, progress: object = None) -> NDArray[np.float32]:
        return self._encode(texts)

    def embed_query(self, text: str) -> list[float]:
        return [float(one) for one in _vector(text)]

    def _stream(self, texts: Sequence[str], *, query: bool, tokens: bool) -> Iterator[object]:
        raise AssertionError("only whole texts are asked for")


@cache
def _topic(number: int) -> NDArray[np.float32]:
    return np.random.default_rng(number).standard_normal(DIMENSION, dtype=np.float32)


def _vector(text: str) -> NDArray[np.float32]:
    topic = _topic(crc32(text.split(maxsplit=1)[0].encode()) % TOPICS)
    vector = topic + np.random.default_rng(crc32(text.encode())).standard_normal(DIMENSION, dtype=np.float32)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


def _texts(count: int, length: int, seed: int) -> Iterator[str]:
    draw = np.random.default_rng(seed)
    ranks = np.arange(1, WORDS + 1)
    chances = 1 / ranks
    chances /= chances.sum()
    for number, words in enumerate(draw.choice(WORDS, size=(count, length), p=chances)):
        yield " ".join((f"topic{number % TOPICS}", *(f"w{word}x" for word in words)))


def _corpus(size: int) -> Corpus:
    articles, passages = [], []
    texts = _texts(size, LENGTH, seed=size)
    for number in range(size // PER_ARTICLE):
        parts = list(islice(texts, PER_ARTICLE))
        id, title = f"help/{number}", " ".join(parts[0].split()[:8])
        articles.append(Article(id, title, "\n\n".join(parts), f"{id}.md", language=("en", "de")[number % 2]))
        passages += [Passage(id, place, title, ("About it",), part) for place, part in enumerate(parts, start=1)]
    return Corpus(articles, passages)


def run() -> None:
    """Print the tables."""
    print("\nSize: a fresh process that serves an index (targets: 10 ms and 25 ms, under 1.2 GB)")
    print(
        f"{'passages':>9}{'build s':>9}{'on disk MB':>12}{'open s':>8}{'search ms, p50':>15}{'p95':>7}"
        f"{'peak RSS MB':>13}"
    )
    for size in SIZES:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "index"
            folder.mkdir()
            began = time.perf_counter()
            manifest = Manifest(FORMAT, TopicEmbedder.fingerprint, 180, "invented", code_digest())
            _build(folder, manifest, _corpus(size), TopicEmbedder(), Past(None), None)
            built = time.perf_counter() - began
            disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
            command = [sys.executable, "-m", "tests.bench.scale", str(folder)]
            served = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            print(
                f"{size:>9,}{built:>9.1f}{disk:>12.0f}{served['open']:>8.2f}{served['p50']:>15.1f}{served['p95']:>7.1f}"
                f"{served['rss']:>13.0f}"
            )
    _refresh()


def _refresh() -> None:
    data = techqa()
    if data is None:
        print("refresh: left out, the TechQA sample is not here (set KIT_BENCH_DATA).")
        return
    embedder = load_embedder("packaged", cache=cache_folder())
    with tempfile.TemporaryDirectory() as scratch:
        knowledge = Path(shutil.copytree(data[0], Path(scratch) / "articles"))

        def refresh() -> float:
            return refresh_index(
                Path(scratch) / "index", knowledge=knowledge, embedder=embedder, passage_tokens=180
            ).seconds

        full, seconds = refresh(), []
        for path in sorted(knowledge.glob("*.md"))[:5]:
            path.write_text(path.read_text(encoding="utf-8") + "\n\nThis was added.\n", encoding="utf-8")
            seconds.append(refresh())
        nothing = refresh()
    one = statistics.median(seconds)
    print(
        f"\nRefresh, TechQA: all {full:.1f} s, one article changed {one:.2f} s ({one / full:.1%}, at most 5 %), "
        f"nothing changed {nothing:.2f} s"
    )


def serve(folder: Path) -> None:
    """Open the index, search it, and print what that took."""
    packaged = load_embedder("packaged", cache=cache_folder())  # a process that serves holds the model too
    packaged.embed_query("warm")
    embedder = TopicEmbedder()
    began = time.perf_counter()
    retriever = HybridRetriever(build=open_index(folder, embedder))
    opened = time.perf_counter() - began
    took = []
    for query in _texts(QUERIES, 9, seed=1):
        began = time.perf_counter()
        embedder.embed_query(query)
        embedded = time.perf_counter()
        retriever.find(query)
        took.append((time.perf_counter() - embedded - (embedded - began)) * 1000)
    warm = sorted(took[20:])
    facts = {"open": opened, "p50": statistics.median(warm), "p95": warm[int(len(warm) * 0.95)]}
    # Not getrusage: it also counts what the process was before it ran this program.
    [peak] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    print(json.dumps({**facts, "rss": int(peak.split()[1]) / 1000}))


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
