"""Has the conversations on a Ray cluster: each worker is a process with an assistant of its own.

Written against Ray's documented API: `ray.init`, actors, `ObjectRef.future`. Where Ray runs already in this process its
cluster is used, else one on this machine is started, and ended afterwards.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

from kit.errors import KitError
from kit.evals.running.conversing import Converser, Talk, Task
from kit.evals.running.engines import EngineName, Submit

__all__ = ["RayEngine"]


class RayEngine:
    """Actors of a Ray cluster.

    Args:
        workers: how many.
        opens: opens in each of them what has the conversations; must be a function that can be pickled.
    """

    name: EngineName = "ray"

    def __init__(self, workers: int, opens: Callable[[], Converser]) -> None:
        self.workers, self._opens = workers, opens

    @contextmanager
    def start(self, converser: Converser) -> Iterator[Submit]:
        """See `Engine`; the `converser` of this process has nothing to do.

        Raises:
            KitError: Ray is not installed, or an assistant cannot be opened in a worker.
        """
        ray = _ray()
        mine = not ray.is_initialized()
        if mine:
            ray.init(
                address="local",
                num_cpus=self.workers,
                include_dashboard=False,
                log_to_driver=False,
                configure_logging=False,
            )
        actors: list[Any] = []
        try:
            # A worker that dies is started again, and what it was at is tried once more.
            actor = ray.remote(num_cpus=1, max_restarts=3, max_task_retries=1)(_Worker)
            actors += [actor.remote(self._opens) for _ in range(self.workers)]
            _opened(ray, actors)
            yield _Pool(actors).submit
        finally:
            for one in actors:
                ray.kill(one)
            if mine:
                ray.shutdown()


class _Worker:
    """An actor: a process with an assistant."""

    def __init__(self, opens: Callable[[], Converser]) -> None:
        self._converse = opens()

    def ready(self) -> bool:
        return True

    def converse(self, task: Task) -> Talk:
        return self._converse(task)


class _Pool:
    """Gives each task to an actor that has nothing to do. There always is one: no more tasks are under way."""

    def __init__(self, actors: list[Any]) -> None:
        self._free = list(actors)

    def submit(self, task: Task) -> "Future[Talk]":
        settled: Future[Talk] = Future()
        actor = self._free.pop(0)

        def settle(future: "Future[Talk]") -> None:
            self._free.append(actor)
            error = future.exception()
            # What Ray raises is never the assistant's: a worker that died too often, say.
            settled.set_result(future.result() if error is None else Talk(error=f"{type(error).__name__}: {error}"))

        actor.converse.remote(task).future().add_done_callback(settle)
        return settled


def _opened(ray: Any, actors: list[Any]) -> None:
    try:
        ray.get([actor.ready.remote() for actor in actors])
    except Exception as error:
        first = str(error).strip().splitlines()[-1]
        raise KitError(f"No assistant could be opened on Ray: {first}", remedy="Use `--engine local`.") from error


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it reports to its makers otherwise
    try:
        import ray
    except ImportError as error:
        raise KitError(
            "Ray is not installed.", remedy="Run `pip install 'support-kit[ray]'`, or use `--engine local`."
        ) from error
    return ray
