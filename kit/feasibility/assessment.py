"""All that a feasibility report says, as values: run, backtest, verdict, value, and the risks that remain."""

from dataclasses import dataclass
from typing import Any

from kit.evals import Run
from kit.feasibility.backtest import Backtest
from kit.feasibility.measures import Replay
from kit.feasibility.value import Value, value
from kit.feasibility.verdict import Verdict, verdict
from kit.settings import Settings

__all__ = ["Assessment", "assess"]


@dataclass(frozen=True)
class Assessment:
    """A verdict with what it rests on."""

    company: str
    run: Run
    backtest: Backtest | None
    verdict: Verdict
    value: Value

    @property
    def disagreements(self) -> tuple[Replay, ...]:
        """The answers that cite another article first than the agent linked, the surest first: to be read by people."""
        found = [one for one in self.backtest.ran if one.agrees is False] if self.backtest else []
        return tuple(sorted(found, key=lambda one: -(one.confidence or 0.0)))

    @property
    def risks(self) -> tuple[str, ...]:
        """What the figures do not show, one sentence each."""
        return tuple(_risks(self))

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "company": self.company,
            "run": self.run.id,
            "backtest": self.backtest.info.id if self.backtest else None,
            **self.verdict.model_dump(mode="json"),
            "value": self.value.model_dump(mode="json"),
            "figures": {name: one.model_dump() for name, one in self.backtest.figures.items()} if self.backtest else {},
            "gaps": self.backtest.info.gaps.model_dump(mode="json") if self.backtest else None,
            "risks": list(self.risks),
        }


def assess(run: Run, backtest: Backtest | None, settings: Settings) -> Assessment:
    """The feasibility of going live, from a run of the suites and, where there is one, a backtest."""
    return Assessment(
        company=settings.name,
        run=run,
        backtest=backtest,
        verdict=verdict(run, backtest, settings),
        value=value(run, backtest, settings.costs),
    )


def _risks(report: Assessment) -> list[str]:
    found = [
        "Wrong answers and the CSAT index were measured on the suites' cases, which somebody chose and wrote; tickets "
        "may be harder or easier.",
        "The CSAT index was not fitted to customers' ratings, so it is no CSAT.",
    ]
    backtest = report.backtest
    if backtest is None:
        return [*found, "Nothing is known of the company's own tickets: not evidenced."]
    ran = backtest.ran
    found.append(
        "Only the first message of each ticket was replayed. "
        f"On {_tickets(backtest.asked_back)} the assistant asked back, and how those would have ended is not evidenced."
    )
    if report.disagreements:
        found.append(
            f"{_answers(len(report.disagreements))} another article first than the agent linked. Some may be right "
            "all the same; people have to read them."
        )
    if backtest.unverified:
        found.append(
            f"On {_tickets(backtest.unverified)} no linked article speaks for or against the answer: whether it was "
            "right is not evidenced."
        )
    if within := sum(one.outcome == "handed_off" and one.playbook is not None for one in ran):
        found.append(
            f"{_tickets(within)} went to a person out of a playbook. Personal data in tickets is masked, and their "
            "orders may be unknown to the workspace's tools, so live ones may fare better."
        )
    if declined := sum(one.outcome == "declined" for one in ran):
        found.append(f"On {_tickets(declined)} the assistant declined, although the company's people dealt with them.")
    if escalated := sum(one.outcome == "answered" and one.ticket.escalated is True for one in ran):
        found.append(f"It answered on {_tickets(escalated)} that people had escalated.")
    if left := backtest.info.gaps.left_out:
        found.append(f"{_tickets(left)} without an answer were too many to group; the counts of the themes lack them.")
    return found


def _tickets(count: int) -> str:
    return f"{count:,} ticket" + ("" if count == 1 else "s")


def _answers(count: int) -> str:
    return f"{count:,} answer cites" if count == 1 else f"{count:,} answers cite"
