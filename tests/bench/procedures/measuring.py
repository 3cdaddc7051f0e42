"""How far a manual's playbooks do what is required, and where the manual and the requirement disagree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kit.playbooks import Playbook, Shelf, Tool
from tests.bench.procedures.customers import Way, replayed, ways
from tests.bench.procedures.manual import Procedure

__all__ = ["Measured", "difference", "measure"]


@dataclass(frozen=True)
class Measured:
    """What was found about one procedure.

    Attributes:
        required: the tools that have to be called, in order.
        ways: every way through the playbook.
        holding: those that call exactly the required tools in the required order.
        replayed: whether the first of these does so as a whole conversation too.
    """

    procedure: Procedure
    required: tuple[str, ...]
    ways: Sequence[Way]
    holding: Sequence[Way]
    replayed: bool

    @property
    def pressed_blindly(self) -> bool:
        """Whether pressing every button of the procedure in order, with nothing read, would be as required too."""
        buttons = [action.button.tool for action in self.procedure.actions if action.button]
        return tuple(buttons) == self.required

    def ending(self, outcome: str) -> int:
        """How many ways end with an outcome."""
        return sum(way.outcome == outcome for way in self.ways)

    @property
    def nearest(self) -> Way:
        """The way that agrees with what is required the longest."""
        return max(self.ways, key=lambda way: (_shared(way.called, self.required), -len(way.called)))

    @property
    def never_together(self) -> list[tuple[str, str]]:
        """Required tools of which the manual has each pressed, but never both for the same customer."""
        apart = []
        for one, other in combinations(self.required, 2):
            with_one = [way for way in self.ways if one in way.called]
            with_other = [way for way in self.ways if other in way.called]
            if with_one and with_other and not any(other in way.called for way in with_one):
                apart.append((one, other))
        return apart

    @property
    def together(self) -> list[Way]:
        """Ways that between them call every required tool, each in the required order; empty if there are none.

        Where the requirement lists alternatives one after the other, these are the customers who take one each.
        """
        orderly = [way for way in self.ways if _is_within([t for t in way.called if t in self.required], self.required)]
        chosen: list[Way] = []
        for tool in self.required:
            if not any(tool in way.called for way in chosen):
                having = [way for way in orderly if tool in way.called]
                if not having:
                    return []
                chosen.append(
                    max(having, key=lambda way: (len(set(way.called) & set(self.required)), -len(way.called)))
                )
        return chosen

    @property
    def missing(self) -> list[str]:
        """Required tools that no way calls."""
        return [tool for tool in self.required if not any(tool in way.called for way in self.ways)]


def measure(procedure: Procedure, playbook: Playbook, shelf: Shelf, tools: Mapping[str, Tool]) -> Measured:
    """Search for customers for whom the playbook does what is required, and nothing else."""
    required = tuple(name.replace("-", "_") for name in procedure.required)
    found = list(ways(playbook, shelf, tools))
    holding = [way for way in found if way.called == required]
    whole = bool(holding) and replayed(holding[0], playbook, shelf, tools) == required
    return Measured(procedure, required, found, holding, whole)


def difference(called: Sequence[str], required: Sequence[str]) -> str:
    """Where two sequences part, in words."""
    place = _shared(called, required)
    calls = called[place] if place < len(called) else "the end"
    wants = required[place] if place < len(required) else "the end"
    return f"after {place} tools comes {calls} where {wants} is required"


def _is_within(part: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether one sequence is left of another when some of it is taken out."""
    rest = iter(whole)
    return all(tool in rest for tool in part)


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many tools both begin with."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
