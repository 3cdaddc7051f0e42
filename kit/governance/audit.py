"""Keeps one JSON line for every turn and every rating, with personal data masked before it is written."""

from collections import OrderedDict
from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

from kit.assistant import TurnRecord
from kit.errors import KitError
from kit.governance.costs import Prices, cost, tokens
from kit.governance.identity import Identity, Unmasked, masked
from kit.governance.lines import FolderLock, append_line, keep_lines, read_lines
from kit.governance.seeking import Sought
from kit.safety import Rules, Vault

__all__ = ["AuditStore"]

# Of how many conversations the tokens are remembered. In one that was silent for longer they are counted anew.
_MOST_VAULTS = 1_000
TURNS, FEEDBACK = "turns.jsonl", "feedback.jsonl"


class AuditStore:
    """Appends to `turns.jsonl` and `feedback.jsonl` in a folder. Threads and processes may write at once.

    Args:
        folder: where the log is; made if it is not there.
        prices: what tokens cost; without them no cost is recorded.
        rules: what the workspace masks.

    Raises:
        KitError: the folder cannot be written; said before a conversation begins, not in the middle of one.
    """

    def __init__(self, folder: Path, *, prices: Prices | None = None, rules: Rules | None = None) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / TURNS).open("a", encoding="utf-8").close()
        except OSError as error:
            remedy = "Every turn has to leave a record: make this folder writable."
            raise KitError(f"The log cannot be written: {error.strerror}.", path=folder, remedy=remedy) from error
        self.folder = folder
        self.rules = rules or Rules()
        self.lock = FolderLock(folder)
        self.identity = Identity(folder / "key")
        self._prices = prices or Prices()
        self._vaults: OrderedDict[str, Vault] = OrderedDict()
        self._vaults_lock = Lock()

    def record_turn(self, record: TurnRecord) -> None:
        """Keep what was asked, found, decided, said and spent in one turn."""
        conversation, reply = record.conversation, record.reply
        trace = record.trace or (reply.trace if reply else ())
        found = Unmasked()
        texts = {
            "message": record.message,
            "reply": reply.to_json() if reply else None,
            "trace": [step.model_dump() for step in trace],
            "errors": list(record.errors),
        }
        # The same value keeps the same token within a conversation, so that the log can be followed.
        texts = masked(texts, self._vault(conversation.id), found, rules=self.rules)
        row = {
            "conversation_id": conversation.id,
            "turn": sum(turn.role == "customer" for turn in conversation.turns) + (reply is None),
            **texts,
            "took_ms": round(record.took_ms, 1),
            "with_person": record.was_with_person,
            "route": record.considered.get("route"),
            "decision": record.considered.get("decision"),
            "playbook": asdict(record.playbook) if record.playbook else None,
            "calls": [asdict(call) for call in record.calls],
            "tokens": tokens(record.calls),
            "cost": cost(record.calls, self._prices),
            "versions": dict(record.versions),
        }
        with self.lock():
            self._append(TURNS, {**row, "values": self.identity.hashes(found)})

    def record_feedback(self, conversation_id: str, turn_index: int, liked: bool, comment: str = "") -> None:
        """Keep a thumb up or down on one reply, with what the customer wrote to it."""
        found = Unmasked()
        text = masked(comment, Vault(), found, rules=self.rules)
        row = {"conversation_id": conversation_id, "turn": turn_index, "liked": liked, "comment": text}
        with self.lock():
            self._append(FEEDBACK, {**row, "values": self.identity.hashes(found)})

    def turns(self) -> list[dict[str, Any]]:
        """All recorded turns, oldest first."""
        return read_lines(self.folder / TURNS)

    def feedback(self) -> list[dict[str, Any]]:
        """All ratings, oldest first."""
        return read_lines(self.folder / FEEDBACK)

    def conversation(self, id: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The turns and the ratings of one conversation.

        Raises:
            KitError: there is none with this id.
        """
        turns = [row for row in self.turns() if row["conversation_id"] == id]
        if not turns:
            remedy = "`kit audit list` names those that there are."
            raise KitError(f"No conversation `{id}` in the log.", path=self.folder / TURNS, remedy=remedy)
        return turns, [row for row in self.feedback() if row["conversation_id"] == id]

    def with_value(self, value: str) -> set[str]:
        """The conversations in which a value stood: masked, or in clear text where it was not.

        Raises:
            KitError: it is too short to search for, or of a kind that is masked, and the key is lost.
        """
        stands_in = Sought(value, self.identity, rules=self.rules).stands_in
        return {row["conversation_id"] for row in (*self.turns(), *self.feedback()) if stands_in(row)}

    def prune(self, days: int, *, now: datetime | None = None) -> Mapping[str, int]:
        """Delete what is older than so many days; 0 deletes nothing. Gives how many turns and ratings are gone."""
        oldest = ((now or datetime.now(UTC)) - timedelta(days=days)).isoformat(timespec="milliseconds")
        gone = {"turns": 0, "ratings": 0}
        if not days:
            return gone
        for name, kind in ((TURNS, "turns"), (FEEDBACK, "ratings")):
            if self._begins_before(name, oldest):
                with self.lock():
                    gone[kind] = keep_lines(self.folder / name, lambda row: row["at"] >= oldest)
        return gone

    def remove(self, conversations: Collection[str]) -> Mapping[str, int]:
        """Delete the turns and ratings of conversations; each file changes as a whole. Gives how many are gone."""
        with self._vaults_lock:
            for id in conversations:
                self._vaults.pop(id, None)
        with self.lock():
            return {
                kind: keep_lines(self.folder / name, lambda row: row["conversation_id"] not in conversations)
                for name, kind in ((TURNS, "turns"), (FEEDBACK, "ratings"))
            }

    def _append(self, name: str, row: dict[str, Any]) -> None:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        append_line(self.folder / name, {"at": at, **row})

    def _begins_before(self, name: str, oldest: str) -> bool:
        """Whether the first row is older: rows are added in the order of time, so without it none is."""
        try:
            with (self.folder / name).open("rb") as file:
                first = file.readline()
        except FileNotFoundError:
            return False
        return first.startswith(b'{"at": "') and first[8 : 8 + len(oldest)].decode("ascii", "replace") < oldest

    def _vault(self, conversation: str) -> Vault:
        with self._vaults_lock:
            vault = self._vaults.setdefault(conversation, Vault())
            self._vaults.move_to_end(conversation)
            while len(self._vaults) > _MOST_VAULTS:
                self._vaults.popitem(last=False)
        return vault
