"""Many customers at once against one process: replies a second, and how long each waits, beside one customer alone."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import numpy as np

from kit.assistant import Assistant
from kit.models.fake_server import FakeOpenAI
from kit.scaffold import create_workspace
from kit.workspace import Workspace
from tests.bench.data import brightloom

__all__ = ["run"]

_CUSTOMERS = (1, 10, 50)
_MESSAGES = 4  # of each customer
_THREADS = "OPENBLAS_NUM_THREADS"
_REPLIES = 200  # of one customer alone, as many as of fifty


def run() -> None:
    """Print the figures: every turn is logged, and every hand-off delivered to a file, as for customers."""
    if os.environ.get(_THREADS) != "1":
        # As `kit demo` runs, and numpy reads this only once.
        command = [sys.executable, "-m", "tests.bench", "load"]
        subprocess.run(command, env={**os.environ, _THREADS: "1"}, check=True)
        return
    print(f"\nLoad: {_MESSAGES} messages each, Brightloom's own questions, all customers begin at once")
    heads = ("composer", "customers", "replies", "per second", "median ms", "p95 ms", "to one alone")
    print("{:<14}{:>10}{:>9}{:>12}{:>11}{:>9}{:>14}".format(*heads))
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "brightloom"
        create_workspace(root, sample=True)
        with closing(Workspace.open(root)) as space:
            space.index()
            _measured("extractive", space.talking())
        with FakeOpenAI() as server:
            settings = root / "kit.toml"
            chat = f'[chat]\nmodel = "openai:fake"\nbase_url = "{server.base_url}"\n'
            settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{chat}", encoding="utf-8")
            with closing(Workspace.open(root)) as space:
                _measured("chat (fake)", space.talking())


def _measured(name: str, assistant: Assistant) -> None:
    questions = _questions()
    _talk(assistant, [next(questions) for _ in range(20)])  # warms up; not counted
    alone = 0.0
    for customers in _CUSTOMERS:
        each = _MESSAGES if customers > 1 else _REPLIES
        asked = [[next(questions) for _ in range(each)] for _ in range(customers)]
        barrier = Barrier(customers + 1)

        def begin(messages: list[str], barrier: Barrier = barrier) -> list[float]:
            barrier.wait()
            return _talk(assistant, messages)

        with ThreadPoolExecutor(customers) as pool:
            waiting = [pool.submit(begin, messages) for messages in asked]
            barrier.wait()
            began = time.perf_counter()
            ms = np.array([one for each_took in waiting for one in each_took.result()]) * 1000
            seconds = time.perf_counter() - began
        rate, median, late = len(ms) / seconds, np.median(ms), np.quantile(ms, 0.95)
        alone = alone or float(rate)
        print(f"{name:<14}{customers:>10}{len(ms):>9}{rate:>12.1f}{median:>11.0f}{late:>9.0f}{rate / alone:>13.2f}×")


def _talk(assistant: Assistant, messages: list[str]) -> list[float]:
    """A conversation of these messages, each a new one after a hand-off; seconds of each reply."""
    conversation, took = assistant.start(), []
    for message in messages:
        began = time.perf_counter()
        conversation, _ = assistant.reply(conversation, message)
        took.append(time.perf_counter() - began)
        if conversation.handed_off:
            conversation = assistant.start()
    return took


def _questions() -> Iterator[str]:
    """Questions, each a little different from all before: none is answered from memory."""
    texts = [question.text for question in brightloom()[1]]
    return (f"{text} ({number})" if number else text for number in range(1_000) for text in texts)
