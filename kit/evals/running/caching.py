"""Keeps conversations, so that a rerun has only those whose case, or whose assistant, has changed.

The key is a digest of all that a conversation depends on: what the customer says, the try and the seed, and all that
the assistant rests on. One article or playbook changes every key: the weight of a word depends on all articles and the
choice of a playbook on all playbooks, so no conversation is proven to be free of any of them. What a case expects is no
part of it: that is for scoring. A conversation in which something failed is not kept.
"""

import json
import sqlite3
import time
import zlib
from pathlib import Path
from threading import Lock

from pydantic import ValidationError

from kit.evals.running.conversing import Talk, Task
from kit.evals.types import Case, Transcript, Usage
from kit.text import digest

__all__ = ["EXPECTATIONS", "TalkCache", "asked", "talk_key"]

# What a case says of the right reply and of itself, and what the customer says, which is taken apart. All else of a
# case, also what is not invented yet, belongs to the key.
EXPECTATIONS: frozenset[str] = frozenset(
    "id expect articles articles_all must_contain must_not_contain reference reason playbook fields tools generated "
    "tags weight cluster question turns".split()
)
_FORMAT = "1"
_KEEP_DAYS = 30


def talk_key(task: Task, rests_on: str) -> str:
    """The key of a conversation; `rests_on` is a digest of all that the assistant rests on."""
    return digest(_FORMAT, rests_on, str(task.tried), str(task.seed), asked(task.case))


def asked(case: Case) -> str:
    """All of a case that its conversation depends on, as JSON."""
    # A simulated customer knows what would satisfy them, and is seeded with the case's id.
    aside = set() if case.customer is not None else set(EXPECTATIONS)
    said = case.model_dump(mode="json", exclude=aside, fallback=str)
    return json.dumps([case.messages, said], sort_keys=True)


class TalkCache:
    """Conversations by key, in a file that several runs may use at once. Whatever is wrong with it costs only time.

    Args:
        path: the file; made, with its folder, if it is not there.
        rests_on: a digest of all that the assistant rests on.
    """

    def __init__(self, path: Path, *, rests_on: str) -> None:
        self._path, self._rests_on = path, rests_on
        self._lock = Lock()
        self._db = self._open()

    def get(self, task: Task) -> Talk | None:
        """The conversation as it was had before, None where it was not."""
        key = talk_key(task, self._rests_on)
        try:
            with self._lock:
                found = self._db.execute("SELECT talk FROM talks WHERE key = ?", (key,)).fetchone()
                if found:
                    self._db.execute("UPDATE talks SET used = ? WHERE key = ? AND used < ?", (_day(), key, _day()))
            if found is None:
                return None
            kept = json.loads(zlib.decompress(found[0]))
            transcript = Transcript.model_validate(kept["transcript"])
        except (sqlite3.Error, zlib.error, ValueError, ValidationError, KeyError, TypeError):
            return None
        return Talk(transcript=transcript, fell_back=bool(kept["fell_back"]), cached=True, spent=Usage(cost=0.0))

    def put(self, task: Task, talk: Talk) -> None:
        """Keep a conversation, unless something failed in it."""
        if talk.transcript is None or talk.troubles or talk.cached:
            return
        kept = {"transcript": talk.transcript.model_dump(mode="json", fallback=str), "fell_back": talk.fell_back}
        packed = zlib.compress(json.dumps(kept, ensure_ascii=False).encode(), 1)
        try:
            with self._lock:
                self._db.execute(
                    "INSERT OR REPLACE INTO talks VALUES (?, ?, ?)", (talk_key(task, self._rests_on), packed, _day())
                )
        except sqlite3.Error:  # a full disk, say: the run's own log will say so
            return

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._db.close()

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            return self._connected()
        except sqlite3.DatabaseError:  # damaged: all in it can be had again
            for path in self._path.parent.glob(f"{self._path.name}*"):
                path.unlink(missing_ok=True)
            return self._connected()

    def _connected(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("CREATE TABLE IF NOT EXISTS talks (key TEXT PRIMARY KEY, talk BLOB, used INTEGER) WITHOUT ROWID")
            db.execute("DELETE FROM talks WHERE used < ?", (_day() - _KEEP_DAYS,))
        except sqlite3.Error:
            db.close()
            raise
        return db


def _day() -> int:
    """Days since 1970."""
    return int(time.time() // 86_400)
