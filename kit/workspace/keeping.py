"""Wires what is kept of conversations: the audit log, the outbox of hand-offs, the spans."""

import logging
from collections.abc import Collection
from functools import cached_property
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.workspace.knowing import Knowing

if TYPE_CHECKING:
    from kit.assistant import TurnRecord
    from kit.governance import AuditStore, Erased, HandoffDesk, Telemetry
    from kit.playbooks import Recorded

__all__ = ["Keeping"]


class Keeping(Knowing):
    """A workspace that keeps a record of its turns."""

    @cached_property
    def audit(self) -> "AuditStore":
        """The log of turns and ratings.

        When it is opened, what is older than `[audit] retention_days` is deleted, from it and from the hand-offs kept.

        Raises:
            KitError: it cannot be written.
        """
        from kit.governance import AuditStore, Prices, finish_erasing
        from kit.safety import Rules

        chat = self.settings.chat
        prices = Prices(chat.input_price, chat.output_price, self.settings.costs.currency)
        audit = AuditStore(self.derived / "audit", prices=prices, rules=Rules.of(self.settings.safety))
        try:
            finish_erasing(audit, self.desk)
            audit.prune(self.settings.audit.retention_days)
            self.desk.prune(self.settings.audit.retention_days)
        except KitError as error:
            # A line that is damaged keeps nobody from talking; `kit audit prune` and `erase` fail on it too.
            logging.getLogger(__name__).error("Nothing was deleted from the log: %s", error)
        return audit

    @cached_property
    def desk(self) -> "HandoffDesk":
        """What delivers hand-offs, as `[handoff]` says."""
        from kit.governance import HandoffDesk
        from kit.safety import Rules

        return HandoffDesk(
            self.derived / "outbox",
            root=self.root,
            settings=self.settings.handoff,
            company=self.settings.name,
            rules=Rules.of(self.settings.safety),
        )

    @cached_property
    def telemetry(self) -> "Telemetry | None":
        """What makes OpenTelemetry spans; None where the environment names no OTLP endpoint.

        Raises:
            KitError: the environment's variables for it are not right.
        """
        from kit.governance import load_telemetry

        name = self.settings.assistant.name.replace("{company}", self.settings.name)
        return load_telemetry(agent=name, company=self.settings.name)

    def record(self, turn: "TurnRecord") -> None:
        """Keep the record of a turn, deliver its hand-off, and trace it.

        Raises:
            KitError: the log cannot be written.
            OSError: a full disk, say; whatever can still be done with the record is done before.
        """
        audit = self.audit
        try:
            self.desk.take(turn)
        finally:
            try:
                audit.record_turn(turn)
            finally:
                if self.telemetry is not None:
                    self.telemetry.record_turn(turn)

    def recorded(self) -> "list[Recorded]":
        """What customers wrote in the conversations of the log, oldest first; personal data is masked in it.

        Raises:
            KitError: the log is damaged.
        """
        from datetime import date

        from kit.playbooks import Recorded

        path = self.derived / "audit" / "turns.jsonl"
        if not path.is_file():
            return []
        said: dict[str, tuple[str, list[str]]] = {}
        try:
            for row in self.audit.turns():
                said.setdefault(row["conversation_id"], (row["at"][:10], []))[1].append(row["message"])
            return [Recorded(id, tuple(texts), date.fromisoformat(day)) for id, (day, texts) in said.items()]
        except (ValueError, KeyError, TypeError) as error:
            raise KitError(f"The log of turns is damaged: {error!r}.", path=path, remedy="Move it away.") from error

    def erase(self, *, conversations: Collection[str] = (), value: str = "") -> "Erased":
        """Delete what the kit keeps of conversations: those named, and those in which a value stood.

        Raises:
            KitError: the value is too short, or a common word.
        """
        from kit.governance import conversations_with, erase

        found = conversations_with(self.audit, self.desk, value) if value else set()
        return erase(self.audit, self.desk, {*conversations, *found})

    def close(self) -> None:
        """Let hand-offs and spans that are on their way go out; what cannot be delivered waits in the outbox."""
        if "desk" in self.__dict__:
            self.desk.close()
        if (telemetry := self.__dict__.pop("telemetry", None)) is not None:
            telemetry.close()
