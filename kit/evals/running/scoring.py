"""Scores cases with every metric; a metric that fails leaves the case unscored, with the cause."""

import asyncio
import inspect
import math
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from itertools import islice
from threading import Thread
from types import TracebackType

from kit.errors import KitError
from kit.evals.metrics import REGISTRY, Metric, Tools, load_plugins
from kit.evals.running.engines import done
from kit.evals.types import Case, Record, Score, Transcript

__all__ = ["Scorer", "scoring"]

_CHUNK = 64  # records that are handed over together


class Scorer:
    """All registered metrics over one event loop, which lasts as long as the `with` block.

    The loop has a thread of its own, because a notebook already runs one in the main thread.
    """

    def __init__(self, tools: Tools) -> None:
        load_plugins()
        self.metrics: list[Metric] = [_made(one, tools) for one in REGISTRY.values()]
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="scorer", daemon=True)

    def __enter__(self) -> "Scorer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What is still under way, after an error elsewhere, is given up.
        asyncio.run_coroutine_threadsafe(_given_up(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def prepare(self, cases: Callable[[], Iterable[Case]]) -> None:
        """Let each metric that wants it do what it does once for all cases, which are gone through for each anew."""
        for one in self.metrics:
            if type(one).prepare is not Metric.prepare:
                try:
                    one.prepare(cases())
                except KitError:  # of reading the cases
                    raise
                except Exception as error:  # a plug-in's fault is told, as it would fail at every case
                    raise _broken(one.name, error) from error

    def score(self, case: Case, transcript: Transcript) -> dict[str, Score]:
        """The case's scores by metric."""
        return self.start(case, transcript).result()

    def start(self, case: Case, transcript: Transcript) -> "Future[dict[str, Score]]":
        """Begin to score a case: while one metric waits for a judge, others go on."""
        return asyncio.run_coroutine_threadsafe(self._all(case, transcript), self._loop)

    def many(self, records: Iterable[Record], *, at_once: int) -> "Iterator[tuple[Record, dict[str, Score]]]":
        """Records with their scores, in order; one without a transcript has none.

        They are handed to the loop by the chunk: to hand them over one by one costs as much as to score them.

        Args:
            records: read as they are needed.
            at_once: how many are scored at a time, where metrics have to wait.
        """
        coming = iter(records)
        while chunk := list(islice(coming, _CHUNK)):
            found = asyncio.run_coroutine_threadsafe(self._each(chunk, at_once), self._loop).result()
            yield from zip(chunk, found, strict=True)

    async def _each(self, records: Sequence[Record], at_once: int) -> list[dict[str, Score]]:
        gate = asyncio.Semaphore(at_once)

        async def one(record: Record) -> dict[str, Score]:
            async with gate:
                return {} if record.transcript is None else await self._all(record.case, record.transcript)

        return await asyncio.gather(*map(one, records))

    async def _all(self, case: Case, transcript: Transcript) -> dict[str, Score]:
        if transcript.misplayed:
            # What a customer says who does not keep to the script says nothing on the assistant.
            return {one.name: Score.none("the simulated customer failed") for one in self.metrics}
        found = {one.name: _begun(one, case, transcript) for one in self.metrics}
        # Most metrics have their score at once, others only say so late; those that do wait are worth a task each.
        waiting = {name: one for name, one in found.items() if not isinstance(one, Score)}
        try:
            for metric in self.metrics:
                if metric.name in waiting and not metric.waits:
                    found[metric.name] = await _ended(waiting.pop(metric.name))
            scores = await asyncio.gather(*map(_ended, waiting.values()))
        finally:
            for one in waiting.values():  # given up before it began
                if inspect.iscoroutine(one) and inspect.getcoroutinestate(one) == inspect.CORO_CREATED:
                    one.close()
        return {**found, **dict(zip(waiting, scores, strict=True))}  # type: ignore[dict-item]  # none is left waiting


def _made(metric: type[Metric], tools: Tools) -> Metric:
    try:
        return metric(tools)
    except Exception as error:
        raise _broken(metric.name, error) from error


def _broken(metric: str, error: Exception) -> KitError:
    problem = f"The metric `{metric}` cannot be used ({type(error).__name__}: {str(error).rstrip('.')})."
    return KitError(problem, remedy="Mend the package that it comes from, or uninstall it.")


async def _given_up() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _begun(metric: Metric, case: Case, transcript: Transcript) -> Score | Awaitable[Score]:
    try:
        found = metric.score(case, transcript)
    except Exception as error:  # a metric may call a model or a library: whatever it raises is a cause
        return _failed(error)
    return _finite(found) if isinstance(found, Score) else found


async def _ended(score: Awaitable[Score]) -> Score:
    try:
        return _finite(await score)
    except Exception as error:
        return _failed(error)


def _failed(error: Exception) -> Score:
    return Score.none(f"{type(error).__name__}: {error}")


def _finite(score: Score) -> Score:
    broken = score.value is not None and not math.isfinite(score.value)
    return Score.none("the metric gave no number") if broken else score


def scoring(scorer: Scorer) -> "Callable[[Record], Future[dict[str, Score]]]":
    """What begins to score a record; one without a transcript has no scores."""

    def begin(record: Record) -> "Future[dict[str, Score]]":
        return done({}) if record.transcript is None else scorer.start(record.case, record.transcript)

    return begin
