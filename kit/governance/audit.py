"""Keeps one JSON line for every turn and every rating, with personal data masked before it is written."""

import json
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from kit.assistant import TurnRecord
from kit.errors import KitError
from kit.safety import Rules, Vault, mask

__all__ = ["AuditStore"]


class AuditStore:
    """Appends to `turns.jsonl` and `feedback.jsonl` in a folder. One process may write from several threads.

    Args:
        folder: made if it is not there.
        rules: what the workspace masks.

    Raises:
        KitError: the folder cannot be written; said before a conversation begins, not in the middle of one.
    """

    def __init__(self, folder: Path, *, rules: Rules | None = None) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "turns.jsonl").open("a", encoding="utf-8").close()
        except OSError as error:
            remedy = "Every turn has to leave a record: make this folder writable."
            raise KitError(f"The log cannot be written: {error.strerror}.", path=folder, remedy=remedy) from error
        self._folder, self._rules = folder, rules or Rules()
        self._lock = Lock()
        self._vaults: dict[str, Vault] = {}

    def record_turn(self, record: TurnRecord) -> None:
        """Keep what was asked, found, decided and said in one turn."""
        conversation_id = record.conversation.id
        # The same value keeps the same token within a conversation, so that the log can be followed.
        vault = self._vaults.setdefault(conversation_id, Vault())
        reply = record.reply
        row = {
            "conversation_id": conversation_id,
            "turn": len(record.conversation.turns) // 2,
            "message": record.message,
            "reply": reply.to_json(),
            "trace": [step.model_dump() for step in reply.trace],
        }
        self._append("turns.jsonl", self._masked(row, vault))

    def record_feedback(self, conversation_id: str, turn_index: int, liked: bool, comment: str = "") -> None:
        """Keep a thumb up or down on one reply, with what the customer wrote to it."""
        row = {
            "conversation_id": conversation_id,
            "turn": turn_index,
            "liked": liked,
            "comment": self._masked(comment, Vault()),
        }
        self._append("feedback.jsonl", row)

    def turns(self) -> list[dict[str, Any]]:
        """All recorded turns, oldest first."""
        return self._read("turns.jsonl")

    def feedback(self) -> list[dict[str, Any]]:
        """All ratings, oldest first."""
        return self._read("feedback.jsonl")

    def _append(self, name: str, row: dict[str, Any]) -> None:
        line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **row}, ensure_ascii=False)
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / name).open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def _read(self, name: str) -> list[dict[str, Any]]:
        try:
            text = (self._folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return []
        # Not `splitlines`: a customer's text may hold other signs that it takes for the end of a line.
        return [json.loads(line) for line in text.split("\n") if line]

    def _masked(self, value: Any, vault: Vault) -> Any:
        """The value with every text in it masked."""
        if isinstance(value, str):
            return mask(value, vault=vault, rules=self._rules).text
        if isinstance(value, dict):
            return {key: self._masked(item, vault) for key, item in value.items()}
        return [self._masked(item, vault) for item in value] if isinstance(value, list | tuple) else value
