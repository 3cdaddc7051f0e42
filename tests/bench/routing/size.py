"""What 200 playbooks cost against 20: start-up and routing."""

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from kit.models import Embedder, load_embedder
from kit.playbooks import Playbook, Router
from kit.settings import cache_folder
from tests.bench.routing.tables import playbook

__all__ = ["run"]

SIZES = (15, 20, 200)
_VERBS = "move cancel renew share print lock paint sell track merge".split()
_THINGS = (
    "boat ticket parcel garden invoice piano camera tent locker bicycle lamp drum kettle sofa map vase ladder".split()
)
_WAYS = "please,today,for my aunt,on Sunday,again,in the north,without delay,with a friend,by mail,at night".split(",")


def run() -> None:
    """Print the table."""
    embedder = load_embedder("packaged", cache=cache_folder())
    embedder.encode_layers(["warm up"])
    with tempfile.TemporaryDirectory() as scratch:
        rows = {size: _row(size, embedder, Path(scratch) / f"{size}.npz") for size in SIZES}
    print("\nMany playbooks, 10 examples each, with 200 topics: seconds, and ms for a route")
    head = ("fresh start", "embedding them", "the rest", "cached start", "a route")
    print(f"{'playbooks':<16}" + "".join(f"{one:>16}" for one in head))
    for size, row in rows.items():
        print(f"{size:<16}" + "".join(f"{one:>16.3f}" for one in row[:4]) + f"{row[4] * 1000:>16.2f}")
    print(f"{'200 against 20':<16}" + "".join(f"{a / b:>15.2f}x" for a, b in zip(rows[200], rows[20], strict=True)))


def _row(size: int, embedder: Embedder, cache: Path) -> tuple[float, float, float, float, float]:
    playbooks = _playbooks(size)
    topics = [f"How to {_VERBS[number % 10]} the {_THINGS[number % 17]} number {number}" for number in range(200)]

    def start() -> Router:
        return Router(playbooks, embedder, topics=topics, cache=cache)

    texts = [text for one in playbooks for text in (*one.examples, one.title)]
    embedding = _seconds(lambda: embedder.encode_layers(texts))
    fresh = _seconds(start)
    cached = median(_seconds(start) for _ in range(5))
    router = start()
    said = [f"could you {_VERBS[n % 10]} my {_THINGS[(n * 7) % 17]} {_WAYS[n % 10]}" for n in range(100)]
    route = median(_seconds(partial(router.route, text)) for text in said)
    return fresh, embedding, fresh - embedding, cached, route


def _playbooks(count: int) -> list[Playbook]:
    found = []
    for number in range(count):
        verb, thing = _VERBS[number % 10], f"{_THINGS[number % 17]} of the {_THINGS[(number * 3 + 5) % 17]}"
        examples = [f"I want to {verb} the {thing} {way}" for way in _WAYS]
        found.append(playbook(f"p{number}", f"{verb} the {thing}", examples))
    return found


def _seconds(do: Callable[[], object]) -> float:
    start = perf_counter()
    do()
    return perf_counter() - start
