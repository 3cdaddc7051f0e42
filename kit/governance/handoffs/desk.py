"""The desk that hand-offs go over: nothing that it has taken is lost, and no customer waits for its delivery."""

import atexit
import logging
import os
import time
import weakref
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from kit.assistant import TurnRecord
from kit.governance.handoffs.outbox import Outbox, Waiting
from kit.governance.handoffs.parcel import parcel
from kit.governance.handoffs.senders import DeliveryFailure, Sender, Written
from kit.governance.handoffs.sending import sender_for
from kit.governance.handoffs.zendesk import Tickets
from kit.safety import Rules
from kit.settings import HandoffDelivery

__all__ = ["HandoffDesk", "Tried"]

_LOG = logging.getLogger(__name__)
_LONGEST_WAIT = 3_600.0


@dataclass(frozen=True)
class Tried:
    """What came of one attempt; `problem` is empty where it succeeded."""

    id: str
    conversation_id: str
    problem: str = ""


class HandoffDesk:
    """Takes the hand-offs out of the records of turns, and delivers them one after the other in a thread of its own.

    Each is in the outbox before it is tried and until it is delivered. It is tried again after a pause that doubles, by
    whichever process runs then. After `max_attempts`, or where trying again is of no use, it waits for `retry`.

    Args:
        outbox: a folder.
        root: the workspace's folder, under which the file is.
        settings: where to.
        company: who hands off.
        rules: what is masked.
        environment: holds `KIT_HANDOFF_SECRET`, which bodies are signed with, and `KIT_HANDOFF_AUTHORIZATION`, which is
            sent as it is.
        sender: delivers in place of what the settings say.
        now: the clock, in seconds of the epoch.
    """

    def __init__(
        self,
        outbox: Path,
        *,
        root: Path,
        settings: HandoffDelivery,
        company: str = "",
        rules: Rules | None = None,
        environment: Any = os.environ,
        sender: Sender | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.outbox = Outbox(outbox)
        self._settings, self._company, self._rules, self._now = settings, company, rules, now
        self.file = root / settings.file
        self._written, self._tickets = Written(self.file), Tickets(outbox / "tickets.jsonl")
        self._sender = sender or sender_for(settings, self.file, self._tickets, environment)
        self._changed = Condition()
        self._thread: Thread | None = None
        self._closing = self._news = False
        self._unkept: list[Waiting] = []

    def take(self, record: TurnRecord) -> None:
        """Keep the hand-off of a turn, if it is one, and let it be delivered."""
        masked = self._settings.personal_data == "masked"
        made = parcel(record, company=self._company, mask=masked, rules=self._rules) if self._sender else None
        if made is None:
            return
        waiting = Waiting(id=made["id"], taken=self._now(), parcel=made)
        try:
            self.outbox.put(waiting)
        except OSError as error:
            # A full disk keeps nothing, but the receiver may be elsewhere.
            try:
                self._send(waiting)
                return
            except DeliveryFailure as failure:
                _LOG.error("hand-off %s is in memory only: %s; %s", waiting.id, error, failure)
                self._unkept.append(waiting)
        self.wake()

    def wake(self) -> None:
        """Begin to deliver what waits, in the background."""
        if self._sender is None:
            return
        with self._changed:
            if self._thread is None or not self._thread.is_alive():
                self._closing = False
                self._thread = Thread(target=self._work, name="hand-offs", daemon=True)
                self._thread.start()
                atexit.register(partial(_close, weakref.ref(self)))
            self._news = True
            self._changed.notify()

    def waiting(self) -> list[Waiting]:
        """What is not delivered yet, in the order in which it came."""
        return self.outbox.all()

    def retry(self, ids: Collection[str] = ()) -> list[Tried]:
        """Try once more, now: those named, or all, also those that were given up."""
        if self._sender is None:
            return []
        wanted = [one.id for one in self.waiting() if not ids or one.id in ids]
        return self._try_all(wanted)

    def delivered(self) -> list[tuple[str, dict[str, Any]]]:
        """What stands in the file of hand-offs: conversation and row."""
        return self._written.rows()

    def prune(self, days: int, *, now: datetime | None = None) -> int:
        """Delete hand-offs that are older than so many days, also those that were given up; 0 deletes nothing.

        Those that are still tried stay. Gives how many are gone.
        """
        if not days:
            return 0
        oldest = ((now or datetime.now(UTC)) - timedelta(days=days)).isoformat(timespec="milliseconds")
        self._tickets.forget(before=oldest)
        return self.outbox.prune(oldest) + self._written.prune(oldest)

    def erase(self, conversations: Collection[str]) -> int:
        """Delete the hand-offs of conversations here: what waits, and what stands in the file. Gives how many."""
        self._tickets.forget(conversations=conversations)
        return self.outbox.erase(conversations) + self._written.erase(conversations)

    def close(self) -> None:
        """Let what was never tried be tried once, and end; the rest waits for the next process."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(self._settings.timeout_seconds + 2)
        self._keep_again()
        for waiting in self._unkept:
            _LOG.critical("hand-off %s of %s is lost: nothing could keep it", waiting.id, waiting.conversation)

    def _work(self) -> None:
        while True:
            try:
                self._keep_again()
                tried = self._try_all([one.id for one in self._ready()], early=False)
                pause = 0.0 if tried else self._pause()
            except Exception:  # Whatever goes wrong, hand-offs that come later are delivered.
                _LOG.exception("hand-offs could not be delivered")
                tried, pause = [], self._settings.backoff_seconds
            with self._changed:
                if self._closing and not tried:
                    return
                if pause != 0.0 and not self._news:
                    self._changed.wait(pause)
                self._news = False

    def _keep_again(self) -> None:
        """Put into the outbox what it could not take when it came."""
        for waiting in list(self._unkept):
            with suppress(OSError):  # said when it came
                self.outbox.put(waiting)
                self._unkept.remove(waiting)

    def _ready(self) -> list[Waiting]:
        """What is due now; of each conversation only what comes first, for an update must not overtake its hand-off."""
        firsts: dict[str, Waiting] = {}
        for one in self.waiting():
            firsts.setdefault(one.conversation, one)
        now = self._now()
        due = [one for one in firsts.values() if not one.given_up and one.not_before <= now]
        return [one for one in due if one.attempts == 0] if self._closing else due

    def _pause(self) -> float | None:
        """Seconds until something is due; None if nothing will be by itself."""
        if self._unkept:
            return self._settings.backoff_seconds
        dues = [one.not_before for one in self.waiting() if not one.given_up and one.attempts]
        return max(0.05, min(dues) - self._now()) if dues else None

    def _try_all(self, ids: Sequence[str], *, early: bool = True) -> list[Tried]:
        """Try them in order. What belongs to a hand-off that did not arrive is not sent ahead of it."""
        tried: list[Tried] = []
        before: dict[str, list[str]] = {}
        for one in self.waiting():
            before.setdefault(one.conversation, []).append(one.id)
        for id in ids:
            with self.outbox.lock():
                waiting = self.outbox.get(id)  # another process may have delivered it, or somebody erased it
                if waiting is None or before.get(waiting.conversation, [id])[0] != id:
                    continue
                if not early and waiting.not_before > self._now():
                    continue  # another process has just tried it
                tried.append(self._try(waiting))
            if not tried[-1].problem:
                before[waiting.conversation] = before[waiting.conversation][1:]
        return tried

    def _try(self, waiting: Waiting) -> Tried:
        try:
            self._send(waiting)
        except DeliveryFailure as failure:
            attempts = waiting.attempts + 1
            pause = min(_LONGEST_WAIT, self._settings.backoff_seconds * 2 ** (attempts - 1))
            later = waiting.model_copy(
                update={
                    "attempts": attempts,
                    "not_before": self._now() + min(_LONGEST_WAIT, max(pause, failure.wait or 0.0)),
                    "given_up": failure.final or attempts >= self._settings.max_attempts,
                    "problem": failure.problem,
                }
            )
            self.outbox.change(later)
            if later.given_up:
                _LOG.error("hand-off %s waits for `kit handoffs --retry`: %s", waiting.id, failure.problem)
            return Tried(waiting.id, waiting.conversation, failure.problem)
        self.outbox.remove(waiting.id)
        return Tried(waiting.id, waiting.conversation)

    def _send(self, waiting: Waiting) -> None:
        assert self._sender is not None, "nothing is sent where hand-offs go nowhere"
        try:
            self._sender.send(waiting)
        except DeliveryFailure:
            raise
        except Exception as error:
            _LOG.exception("hand-off %s", waiting.id)
            raise DeliveryFailure(
                f"It cannot be put into the form wanted ({type(error).__name__}).", final=True
            ) from error


def _close(desk: "weakref.ref[HandoffDesk]") -> None:
    if (open := desk()) is not None:
        open.close()
