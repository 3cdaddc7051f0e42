"""How likely it is that a passage supports a sentence in which nothing is missing literally.

The parts of the check each look for one fault, and each is sometimes wrong. What they found is weighed by logistic
regression in which no fault may speak for a sentence. The weights in `belief.json` are fitted on sentences that nothing
is reported on (`python -m tests.bench grounding --write`).
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from kit.assistant.grounding.matching import Matches, relation
from kit.assistant.grounding.statement import Statement
from kit.assistant.grounding.turned import denies

__all__ = ["Signs", "believed", "least", "signs"]


@dataclass(frozen=True)
class Signs:
    """What speaks for and against a sentence: whether there is a fault, 0 or 1, and shares between 0 and 1.

    Attributes:
        uncovered: a clause, or what is added to it, is mostly absent from the passage.
        misplaced: a figure or name is said of something else.
        opposite: it says the opposite of the passage.
        limited: another duty, number, order in time or limit than in the passage.
        swapped: another word stands where the passage has one.
        disordered: steps in another order.
        same, near, back: of a clause that says the opposite, the share of its words that the statement which it denies
            has literally, and in or near it, and the share of that statement's words that the clause has.
        odd: of a clause and the statement nearest to it, one denies and the other does not.
        opposite_odd: both of these.
        told: of what the statement nearest to a clause says, the share that the clause says, for the least such clause.
        negated: a clause denies something.
        figured: a figure is in it, and stands in the passage.
    """

    uncovered: float
    misplaced: float
    opposite: float
    limited: float
    swapped: float
    disordered: float
    same: float
    near: float
    back: float
    odd: float
    opposite_odd: float
    told: float
    negated: float
    figured: float


def signs(found: Sequence[Matches], faults: Mapping[str, Sequence[str]]) -> Signs:
    """What the parts of the check found.

    Args:
        found: the sentence's clauses with the statements that they are about.
        faults: what each part found wrong, in plain words, under `uncovered`, `misplaced`, `turned`, `swapped` and
            `disordered`.
    """
    opposite = any("opposite" in fault for fault in faults["turned"])
    denied = [(one.clause, other) for one in found for other in one.about() if denies(one.clause, other)]
    shares = [_shares(clause, other) for clause, other in denied] if opposite else []
    same, near, back = max(shares, key=lambda found: found[1], default=(0.0, 0.0, 0.0))
    nearest = [(one.clause, one.ranked[0].statement) for one in found if one.ranked and one.ranked[0].score]
    odd = any((clause.negations + statement.negations) % 2 for clause, statement in nearest)
    return Signs(
        uncovered=any(faults["uncovered"]),
        misplaced=any(faults["misplaced"]),
        opposite=opposite,
        limited=any(fault and "opposite" not in fault for fault in faults["turned"]),
        swapped=any(faults["swapped"]),
        disordered=any(faults["disordered"]),
        same=same,
        near=near,
        back=back,
        odd=odd,
        opposite_odd=odd and opposite,
        told=min((_shares(clause, statement)[2] for clause, statement in nearest), default=0.0),
        negated=any(one.clause.negations for one in found),
        figured=any(one.clause.facts for one in found),
    )


def _shares(clause: Statement, statement: Statement) -> tuple[float, float, float]:
    """Of the clause's words the share that the statement has literally, and in or near it; of the statement's words
    the share that the clause has.
    """
    mine = [word for word in clause.words if not word.is_weak]
    theirs = [word for word in statement.words if not word.is_weak]
    around = statement.lent_keys | statement.beside_keys
    return (
        sum(word.root in statement.roots for word in mine) / max(1, len(mine)),
        sum(bool(relation(word, statement)) or bool(word.keys & around) for word in mine) / max(1, len(mine)),
        sum(bool(relation(word, clause)) for word in theirs) / max(1, len(theirs)),
    )


def believed(found: Signs) -> float:
    """The fitted chance that a sentence with these signs is supported."""
    weights = _fitted()["weights"]
    total = _fitted()["constant"] + sum(weights[field.name] * getattr(found, field.name) for field in fields(found))
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, total))))


def least() -> float:
    """The chance below which a sentence counts as unsupported."""
    return float(_fitted()["least"])


@cache
def _fitted() -> dict[str, Any]:
    fitted: dict[str, Any] = json.loads((Path(__file__).parent / "belief.json").read_text(encoding="utf-8"))
    return fitted
