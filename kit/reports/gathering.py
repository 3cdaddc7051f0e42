"""What reports need of a run's records, gathered in one reading of its log: a run may be larger than memory."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from kit.evals import Part, Record, RiskCoverage, Run, Worst, blame, problem, risk_coverage

__all__ = ["MOST_CASES", "Gathered", "gathered"]

MOST_CASES = 400  # more make a page that browsers struggle with; cases.jsonl has them all


@dataclass(frozen=True)
class Gathered:
    """Of a run's records what reports show.

    Attributes:
        outcomes: how many cases expected and came to what.
        blames: how many cases failed by which part.
        curve: risk against coverage, where there is a confidence.
        worst: the worst cases, worst first, `MOST_CASES` at most.
        faulty: those of them that have a fault.
        faults: how many cases have a fault.
    """

    outcomes: Counter[tuple[str, str]]
    blames: Counter[Part]
    curve: RiskCoverage | None
    worst: tuple[Record, ...]
    faulty: tuple[Record, ...]
    faults: int


def gathered(run: Run) -> Gathered:
    """Go through a run's records once."""
    outcomes, blames = Counter[tuple[str, str]](), Counter[Part]()
    worst, faulty = Worst(MOST_CASES), Worst(MOST_CASES)

    def passing() -> Iterator[Record]:
        for record in run.records:
            if record.transcript:
                outcomes[record.case.expect, record.transcript.reply.outcome] += 1
            if (found := blame(record)) is not None:
                blames[found.part] += 1
            worst.add(record)
            if problem(record):
                faulty.add(record)
            yield record

    curve = risk_coverage(passing())
    return Gathered(outcomes, blames, curve, worst.records, faulty.records, faulty.seen)
