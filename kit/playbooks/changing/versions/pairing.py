"""Whether two versions differ by more than chance, on the same cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["LEVEL", "Paired", "fewest_that_show", "holm", "paired"]

LEVEL = 0.05


@dataclass(frozen=True)
class Paired:
    """The same yes-or-no cases under two versions.

    Attributes:
        n: how many cases have a result under both.
        both: how many hold under both.
        only_before: how many hold only under the older version.
        only_after: how many hold only under the newer one.
        p: of McNemar's exact test (1947; exact by the binomial distribution): how probable a difference of this size
            or more would be, if cases that change went either way alike.
    """

    n: int
    both: int
    only_before: int
    only_after: int
    p: float

    @property
    def before(self) -> int:
        """How many hold under the older version."""
        return self.both + self.only_before

    @property
    def after(self) -> int:
        """How many hold under the newer version."""
        return self.both + self.only_after

    @property
    def significant(self) -> bool:
        """Whether chance alone is a poor explanation."""
        return self.p < LEVEL

    @property
    def could_show(self) -> bool:
        """Whether there are enough cases for any difference to be significant."""
        return self.n >= fewest_that_show()


def paired(before: Mapping[str, bool], after: Mapping[str, bool]) -> Paired:
    """Compare two versions on the cases that both have."""
    common = [case for case in before if case in after]
    both = sum(before[case] and after[case] for case in common)
    only_before = sum(before[case] and not after[case] for case in common)
    only_after = sum(after[case] and not before[case] for case in common)
    changed, p = only_before + only_after, 1.0
    if changed:
        from scipy.stats import binomtest

        p = float(binomtest(only_before, changed, 0.5).pvalue)
    return Paired(len(common), both, only_before, only_after, p)


def fewest_that_show(level: float = LEVEL) -> int:
    """How many cases have to change, all in one direction, for the exact test to be significant: 6 at 0.05."""
    changed = 1
    while 2 * 0.5**changed >= level:
        changed += 1
    return changed


def holm(values: Sequence[float]) -> list[float]:
    """The p-values adjusted for how many there are (Holm, 1979), in their order."""
    adjusted, highest = [0.0] * len(values), 0.0
    for rank, place in enumerate(sorted(range(len(values)), key=lambda place: values[place])):
        highest = max(highest, min(1.0, values[place] * (len(values) - rank)))
        adjusted[place] = highest
    return adjusted
