"""What has the conversations: threads of this process, or a Ray cluster. Results come in the order of the tasks."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol, TypeVar

from kit.evals.running.conversing import Converser, Talk, Task

__all__ = ["ENGINES", "Engine", "EngineName", "LocalEngine", "Means", "Submit", "done", "in_order"]

EngineName = Literal["local", "ray"]
ENGINES: tuple[EngineName, ...] = ("local", "ray")
Submit = Callable[[Task], "Future[Talk]"]
"""Begins a conversation."""
# How far ahead of the first conversation that is still under way others may be done, for each worker.
AHEAD = 16

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Means:
    """With what a run is done. Nothing of it changes what comes out, only how fast, and how far.

    Attributes:
        engine: threads of this process, or a Ray cluster.
        workers: how many conversations are had at a time; 0: as many as there are processors.
        cache: whether conversations of earlier runs are taken, where all that they rest on is the same.
        max_cost: what may be spent on chat models, in the workspace's currency.
        max_tokens: how many tokens may be sent and received.
    """

    engine: EngineName = "local"
    workers: int = 0
    cache: bool = True
    max_cost: float | None = None
    max_tokens: int | None = None


class Engine(Protocol):
    """Has conversations, so many at a time."""

    name: EngineName
    workers: int

    def start(self, converser: Converser) -> AbstractContextManager[Submit]:
        """What begins conversations, as long as the `with` block lasts."""


class LocalEngine:
    """Threads of this process."""

    name: EngineName = "local"

    def __init__(self, workers: int = 1) -> None:
        self.workers = workers

    @contextmanager
    def start(self, converser: Converser) -> Iterator[Submit]:
        """See `Engine`. What has not begun when the block is left never does."""
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="eval")
        try:
            yield lambda task: pool.submit(converser, task)
        finally:
            pool.shutdown(cancel_futures=True)


def done(result: R) -> "Future[R]":
    """A result that is there already."""
    future: Future[R] = Future()
    future.set_result(result)
    return future


def in_order(
    tasks: Iterable[T], submit: "Callable[[T], Future[R]]", *, slots: int, ahead: int | None = None
) -> Iterator[tuple[T, R]]:
    """Each task with its result, in the order of the tasks, of which at most `slots` are under way at a time.

    The next task is taken only when a slot is free, so whoever gives them can stop at any time. At most `ahead` results
    are kept waiting for one that takes longer.
    """
    waiting: deque[tuple[T, Future[R]]] = deque()
    coming, most = iter(tasks), ahead or AHEAD * slots
    exhausted = False
    while True:
        # Free slots are filled before a result is handed on: the next task is under way while this one is dealt with.
        while not exhausted and len(waiting) < most and sum(not one.done() for _, one in waiting) < slots:
            try:
                task = next(coming)
            except StopIteration:
                exhausted = True
            else:
                waiting.append((task, submit(task)))
        if not waiting:
            return
        if waiting[0][1].done():
            task, future = waiting.popleft()
            yield task, future.result()
        else:
            wait([one for _, one in waiting if not one.done()], return_when=FIRST_COMPLETED)
