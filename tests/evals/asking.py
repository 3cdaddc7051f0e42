"""Asks one metric for its score of one case."""

import asyncio
from collections.abc import Awaitable
from typing import Any

from kit.assistant import Reply, TraceStep
from kit.evals import REGISTRY, Case, Score, Transcript
from kit.evals.metrics import Tools
from tests.scripted import transcript


def score(name: str, one: Case, said: Transcript, tools: Tools = Tools()) -> Score:  # noqa: B008 (frozen)
    got = REGISTRY[name](tools).score(one, said)
    return got if isinstance(got, Score) else asyncio.run(_wait(got))


def value(name: str, one: Case, *replies: Reply, tools: Tools = Tools(), **said: Any) -> float | None:  # noqa: B008
    return score(name, one, transcript(*replies, **said), tools).value


def played(*steps: str, playbook: str = "refund", ways: bool = True) -> TraceStep:
    """The trace of a move through these steps."""
    taken = [{"playbook": playbook, "part": "steps", "name": step, "way": ""} for step in steps]
    branches = [{**one, "way": "then"} for one in taken] if ways else []
    return TraceStep(node="play", summary="", ms=1, detail={"taken": [*taken, *branches]})


async def _wait(got: Awaitable[Score]) -> Score:
    return await got
