"""Wires what has the conversations of a run: assistant, engine, cache, budget; and says what they rest on."""

import os
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kit.workspace.judging import Judging

if TYPE_CHECKING:
    from kit.evals import Budget, Converser, Engine, Means, TalkCache

__all__ = ["Conversing"]

# The rooms that nothing of a conversation passes through: those below evals in the order of imports (tests hold it),
# and of evals all but what has the conversations.
_WITHOUT_EFFECT = ("evals", "feasibility", "governance", "reports", "scaffold.py", "app", "cli")
_CONVERSING = (
    "evals/case.py",
    "evals/leaving.py",
    "evals/script.py",
    "evals/types.py",
    "evals/running/conversing.py",
    "evals/customers",
)
# Settings that no turn reads (a test holds it).
_UNREAD = {"costs": True, "handoff": True, "audit": True, "targets": True, "demo": True}
_PRICES = {"chat": {"input_price", "output_price"}}


class Conversing(Judging):
    """A workspace that talks to the customers of eval suites."""

    def _means(self, means: "Means | None", day: date) -> dict[str, Any]:
        """The engine, the cache and the budget of a run."""
        from kit.evals import Means

        means = means or Means()
        return {
            "engine": self._engine(means, day),
            "cache": self._cache(day) if means.cache else None,
            "budget": self._budget(means),
        }

    def _engine(self, means: "Means", day: date) -> "Engine":
        from kit.evals import LocalEngine, RayEngine

        workers = means.workers or os.cpu_count() or 1
        if means.engine == "ray":
            return RayEngine(workers, partial(_opened, self.root, day))
        return LocalEngine(workers)

    def _cache(self, day: date) -> "TalkCache":
        from kit.evals import TalkCache

        return TalkCache(self.derived / "cache" / "evals" / "talks.sqlite", rests_on=self._rests_on(day))

    def _budget(self, means: "Means") -> "Budget":
        from kit.evals import Budget

        budget = Budget(means.max_cost, means.max_tokens)
        budget.check(self.settings.chat.price, model=bool(self.settings.chat.model))
        return budget

    def _converser(self, day: date) -> "Converser":
        """Has conversations on that day: with the assistant, but with tools that touch nothing."""
        from dataclasses import replace

        from kit.assistant import Assistant
        from kit.evals import Converser, Ledger
        from kit.models import load_chat_model
        from kit.playbooks import MockTools

        nodes = self._nodes(self.playbooks, load_chat_model(self.settings.chat))
        reader = nodes.reader and replace(nodes.reader, today=lambda: day)
        nodes = replace(nodes, tools=MockTools(self.tools), today=lambda: day, reader=reader)
        ledger, passages = Ledger(), self.retriever.build.passage
        return Converser(
            Assistant(nodes, on_turn=ledger.note, strict=True),
            passages=lambda id: passages[id].text if id in passages else None,
            headings=lambda id: (passages[id].title, *passages[id].headings) if id in passages else (),
            disclosure=self.settings.disclosure,
            ledger=ledger,
            price=self.settings.chat.price,
        )

    def _rests_on(self, day: date) -> str:
        """A digest of all that a conversation with the assistant depends on besides the customer."""
        import json
        import platform

        import kit
        from kit.evals import versions
        from kit.text import digest

        package = Path(kit.__file__).parent
        rooms = [path for path in package.iterdir() if path.name not in _WITHOUT_EFFECT]
        places = [*rooms, *(package / name for name in _CONVERSING)]
        files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*"))]
        code = [path for path in sorted(files) if path.is_file() and path.suffix != ".pyc"]
        facts = self.facts() | {
            "settings": self.settings_in_force.model_dump(mode="json", exclude={**_UNREAD, **_PRICES}),
            # What is fitted for scoring says nothing.
            "calibrations": self._calibrations().get("confidence"),
            "code": digest(*(path.relative_to(package).as_posix() for path in code)),
        }
        said = json.dumps([facts, versions(), platform.machine(), day.isoformat()], sort_keys=True)
        return digest(said, *(path.read_bytes() for path in code))


def _opened(root: Path, day: date) -> "Converser":
    """What has the conversations in another process."""
    from kit.workspace import Workspace

    return Workspace.open(root)._converser(day)
