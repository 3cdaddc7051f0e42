"""The harness of evals: what it adds to the assistant's own time, scoring again, memory, and Ray beside threads."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from kit.assistant import Conversation, Reply
from kit.evals import (
    REGISTRY,
    RUN_REGISTRY,
    Case,
    Converser,
    Engine,
    LocalEngine,
    RayEngine,
    Record,
    Run,
    Suite,
    TalkCache,
    Tools,
    load_suite,
    rescore,
    run_suites,
)
from kit.models import Embedder
from kit.scaffold import create_workspace
from kit.workspace import Workspace

__all__ = ["run"]

ROOT = Path(__file__).parents[2]
_CASES, _ROUNDS = 120, 3
_RESCORED = 1_000
_SIZES = (1_000, 50_000)


def run() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        create_workspace(folder / "brightloom", sample=True)
        space = Workspace.open(folder / "brightloom")
        space.index()
        suites = _suites(space)
        count = sum(len(suite.cases) for suite in suites)
        print(f"Brightloom, {count} cases with {sum(len(c.messages) for s in suites for c in s.cases)} messages")
        made = _speed(space, suites, count, folder)
        _rescoring(made, space.root)
    for size in _SIZES:
        # In a process of its own, as memory that was once taken is seldom given back.
        code = f"from tests.bench.evals import memory; memory({size})"
        subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def _suites(space: Workspace) -> list[Suite]:
    """About so many cases, of each suite the same share; without those whose customers decide what they say."""
    scripted = [
        (suite, [case for case in suite.cases if case.customer is None and not case.without])
        for suite in space.suites()
        if suite.name != "facts"
    ]
    step = max(1, sum(len(cases) for _, cases in scripted) // _CASES)
    return [_with(suite, cases[::step]) for suite, cases in scripted if cases[::step]]


def _with(suite: Suite, cases: list[Case]) -> Suite:
    return replace(suite, cases=tuple(cases))


def _speed(space: Workspace, suites: list[Suite], count: int, folder: Path) -> Run:
    """Print cases per second; gives one of the runs."""
    assistant, passages = space.assistant(strict=True), space.retriever.build.passage
    runs: list[Run] = []

    def loop() -> None:
        for suite in suites:
            for case in suite.cases:
                conversation = assistant.start()
                for message in case.messages:
                    conversation, _ = assistant.reply(conversation, message)

    def harness(
        engine: Engine | None = None,
        cache: TalkCache | None = None,
        *,
        seed: int | None = None,
        embedder: Embedder | None = space.embedder,
    ) -> None:
        # The assistant remembers what it said in a conversation, so each run has conversations of its own.
        seed = len(runs) if seed is None else seed
        runs.append(
            run_suites(
                Converser(
                    assistant,
                    passages=lambda id: passages[id].text if id in passages else None,
                    disclosure=space.settings.disclosure,
                ),
                suites,
                folder=folder / f"run-{len(runs)}",
                tools=Tools(embedder=embedder),
                engine=engine,
                cache=cache,
                seed=seed,
            )
        )

    def unscored() -> None:
        with patch.dict(REGISTRY, clear=True), patch.dict(RUN_REGISTRY, clear=True):
            harness()

    cache = TalkCache(folder / "talks.sqlite", rests_on="all")
    for way in (loop, partial(harness, cache=cache, seed=0)):  # what is made once is made before
        way()
    ways: dict[str, Callable[[], None]] = {
        "plain loop": loop,
        "run, one worker, without metrics": unscored,
        "run, one worker, no embeddings": partial(harness, embedder=None),
        "run, one worker": harness,
        "run, two workers": partial(harness, LocalEngine(2)),
        "run, all from the cache": partial(harness, None, cache, seed=0),
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):  # by turns, since machines are noisy
        for name, way in ways.items():
            taken[name].append(_timed(way))
    figures = {name: tuple(median(one[i] for one in times) for i in range(2)) for name, times in taken.items()}
    _print_ways(figures, count)
    _on_ray(space, harness, figures["run, one worker"][0], runs)
    return runs[0]


def _print_ways(figures: dict[str, tuple[float, ...]], count: int) -> None:
    wall, processor = figures["plain loop"]
    head = "seconds  cases a second   more  processor   more"
    print(f"\nmedian of {_ROUNDS} rounds; aim: below 10 % more\n{'':38}{head}")
    for name, (seconds, used) in figures.items():
        more, work = (f"{100 * (one / of - 1):+.0f} %" for one, of in ((seconds, wall), (used, processor)))
        print(f"{name:38}{seconds:7.1f}{count / seconds:16.1f}{more:>7}{used:11.1f}{work:>7}")
    print(f"two workers beside the plain loop: {wall / figures['run, two workers'][0]:.2f} times as fast")


def _on_ray(space: Workspace, harness: Callable[..., None], one: float, runs: list[Run]) -> None:
    import ray

    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    try:
        engine = RayEngine(2, partial(opened, space.root))
        began = time.perf_counter()
        with _opening() as opening:
            harness(engine, seed=0)
        seconds = time.perf_counter() - began
    finally:
        ray.shutdown()
    differ = list(_differing("", _untimed(runs[-1]), _untimed(runs[0])))
    print(f"\nRay, two workers: {seconds:.1f} s, of which {opening[0]:.1f} s are for opening the assistants;")
    print(f"without them {one / (seconds - opening[0]):.2f} times as fast as one thread, {one / seconds:.2f} with them")
    print(f"the results are {'NOT IDENTICAL' if differ else 'identical'} to those of threads, timings aside")
    for line in differ[:5]:
        print(f"  {line}")


def opened(root: Path) -> Converser:
    """The assistant, in a process of its own."""
    space = Workspace.open(root)
    passages = space.retriever.build.passage
    return Converser(
        space.assistant(strict=True),
        passages=lambda id: passages[id].text if id in passages else None,
        disclosure=space.settings.disclosure,
    )


@contextmanager
def _opening() -> Iterator[list[float]]:
    """How long it takes until the workers are there."""
    from kit.evals.running import on_ray

    taken, opened = [0.0], on_ray._opened

    def timed(*given: Any) -> None:
        began = time.perf_counter()
        opened(*given)
        taken[0] = time.perf_counter() - began

    with patch.object(on_ray, "_opened", timed):
        yield taken


def _untimed(run: Run) -> list[Any]:
    """The records without how long anything took."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            left = {key: plain(one) for key, one in value.items() if key not in ("ms", "latency_ms", "cached")}
            return {key: one for key, one in left.items() if not key.startswith("latency")}
        return [plain(one) for one in value] if isinstance(value, list) else value

    return [plain(json.loads(record.model_dump_json())) for record in run.records]


def _differing(where: str, one: Any, other: Any) -> Iterator[str]:
    """Where two values differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            yield from _differing(f"{where}/{key}", one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            yield from _differing(f"{where}/{place}", *pair)
    elif one != other:
        yield f"{where}: {one!s:.80} | {other!s:.80}"


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - used


def _rescoring(made: Run, space: Path) -> None:
    """Scores 1,000 lines again, without embeddings."""
    log = made.folder / "cases.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join((lines * (_RESCORED // len(lines) + 1))[:_RESCORED]))
    print(f"\nrescoring {_RESCORED:,} lines without embeddings (aim: 5 s from the start of the process)")
    words = "import pathlib, sys; from kit.evals import Run, Tools, rescore"
    code = f"{words}; rescore(Run.load(pathlib.Path(sys.argv[1])), tools=Tools())"
    _process("the library, in a new process", "-c", code, str(made.folder))
    _process(
        "`kit score`, with its reports", "-m", "kit", "score", str(made.folder), "--no-embeddings", "-w", str(space)
    )
    seconds, used = _timed(lambda: rescore(Run.load(made.folder), tools=Tools()))
    print(f"  again, in the same process      {seconds:5.1f} s, {used:.1f} s of the processor")


def _process(name: str, *words: str) -> None:
    """The least of three, as a busy machine only ever adds."""
    taken = []
    for _ in range(_ROUNDS):
        began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *words], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        taken.append((time.perf_counter() - began, used))
    seconds, used = (min(one[i] for one in taken) for i in range(2))
    print(f"  {name:30}  {seconds:5.1f} s, {used:.1f} s of the processor", flush=True)


class _Said:
    """Says the same to everybody, at once: a reply as large as Brightloom's."""

    def __init__(self, reply: Reply) -> None:
        self.said = reply

    def start(self) -> Conversation:
        return Conversation(id="")

    def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        return conversation.said("customer", message).said("assistant", self.said.text), self.said


def memory(size: int) -> None:
    """Runs, rescores and reads so many cases, and prints what memory it took beyond the cases themselves."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "s.yaml").write_text("suite: s\ncases: [{id: x, question: x, expect: answer, articles: [plans]}]\n")
        suite = load_suite(folder / "s.yaml")
        case = suite.cases[0]
        cases = [
            case.model_copy(update={"id": f"c{n}", "question": f"How much is number {n}?", "cluster": f"g{n // 5}"})
            for n in range(size)
        ]
        steps = [{"node": "retrieve", "summary": "x", "ms": 1.0, "detail": {"hits": [{"passage_id": "y" * 2500}]}}]
        reply = Reply(outcome="answered", text="It is 5 dollars. " * 20, confidence=0.9, trace=tuple(steps))  # type: ignore[arg-type]
        few = _with(suite, cases[:200])
        run_suites(_Said(reply), [few], folder=folder / "few")  # what is loaded once is loaded before
        before = _resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5")
        seconds, _ = _timed(lambda: run_suites(_Said(reply), [_with(suite, cases)], folder=folder / "run"))
        run = Run.load(folder / "run")
        worst: tuple[Record, ...] = run.worst(10)
        assert len(worst) == 10 and run.summary.overall.cases == size and not run.summary.overall.errors
        most, log = _resident("VmHWM"), (folder / "run" / "cases.jsonl").stat().st_size / 2**20
        print(
            f"{size:6,} cases, a log of {log:4.0f} MB: {most:.0f} MB at most, {most - before:.0f} MB more than before; "
            f"{seconds:.0f} s"
        )


def _resident(what: str) -> float:
    """MB of this process in memory."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what)]
    return int(line.split()[1]) / 1024
