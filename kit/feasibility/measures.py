"""The figures of a backtest: what became of the tickets, each share with n and interval."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from pydantic import BaseModel, ConfigDict

from kit.assistant import Outcome
from kit.evals import Figure, effective_n, wilson
from kit.feasibility.types import Ticket
from kit.playbooks import HandoffReason

__all__ = ["Replay", "backtest_figures", "share_figure"]

UNLABELLED = "no article of this knowledge base is linked"


class Replay(BaseModel):
    """A ticket and what the assistant did with its first message.

    Attributes:
        linked: those of the ticket's linked articles that the knowledge base has.
        cited: the article that the reply cites first.
        reason: of the hand-off.
        error: why the assistant could not be asked; then there is no outcome.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    ticket: Ticket
    linked: tuple[str, ...] = ()
    outcome: Outcome | None = None
    confidence: float | None = None
    playbook: str | None = None
    cited: str | None = None
    reason: HandoffReason | None = None
    error: str | None = None

    @property
    def group(self) -> str:
        """Tickets on one article are not independent; they are resampled together."""
        return self.ticket.articles_linked[0] if self.ticket.articles_linked else self.ticket.id

    @property
    def agrees(self) -> bool | None:
        """Whether the answer cites first what an agent linked; None where that cannot be said."""
        if self.outcome != "answered" or not self.linked or self.cited is None:
            return None
        return self.cited in self.linked

    @property
    def lacks_article(self) -> bool:
        """Whether it found no article to answer with, and no agent linked one that it should have found."""
        gave_up = self.reason == "missing_knowledge" or self.outcome in ("clarified", "declined")
        return gave_up and self.playbook is None and not self.linked


def share_figure(
    metric: str, title: str, definition: str, scored: Iterable[tuple[str, bool]], **rest: object
) -> Figure:
    """A share with its Wilson interval over the effective number of cases.

    Args:
        metric: its key.
        title: its name for people.
        definition: what is counted, of what.
        scored: one pair a case: its cluster, and whether it counts.
        rest: further fields of the figure, such as `causes`.
    """
    pairs = list(scored)
    fields = {"kind": "share", "unit": "share", "better": "higher", "unscored": 0, **rest}
    fields |= {"metric": metric, "title": title, "definition": definition, "n": len(pairs), "value": None}
    if pairs:
        values = np.array([value for _, value in pairs], dtype=np.float64)
        clusters = np.unique([group for group, _ in pairs], return_inverse=True)[1].astype(np.int64)
        value = float(values.mean())
        interval = wilson(value, effective_n(values, np.ones(len(pairs)), clusters))
        fields |= {"value": value, "low": interval.low, "high": interval.high}
    return Figure.model_validate(fields)


def backtest_figures(replays: Sequence[Replay]) -> dict[str, Figure]:
    """All figures over the replays that ran, by key.

    `handled`, `asked_back`, `handed_off` and `declined` are shares of all tickets and add up to one;
    `handed_off:<reason>` divides the third. The others need labels, that is linked articles.
    """
    ran = [replay for replay in replays if replay.error is None]

    def of_all(
        metric: str, title: str, definition: str, outcome: Outcome, reason: str = "", better: str = "lower"
    ) -> Figure:
        met = [(one.group, one.outcome == outcome and (not reason or one.reason == reason)) for one in ran]
        return share_figure(metric, title, f"{definition} ÷ all tickets.", met, better=better)

    found = [
        of_all(
            "handled",
            "Handled without a person",
            "Tickets whose first message the assistant answered, rightly or not",
            "answered",
            better="higher",
        ),
        of_all("asked_back", "Asked back", "Tickets whose first message it met with a question", "clarified"),
        of_all("handed_off", "Handed off", "Tickets passed to a person", "handed_off"),
        of_all("declined", "Declined", "Tickets declined as none of the company's business", "declined"),
    ]
    for reason, _ in Counter(one.reason for one in ran if one.reason).most_common():
        title = f"Handed off: {reason.replace('_', ' ')}"
        found.append(
            of_all(f"handed_off:{reason}", title, "Tickets passed to a person for this reason", "handed_off", reason)
        )
    answered = [one for one in ran if one.outcome == "answered"]
    judged = [(one.group, bool(one.agrees)) for one in answered if one.agrees is not None]
    causes = Counter("cites no article" if one.linked else UNLABELLED for one in answered if one.agrees is None)
    labelled = [one for one in ran if one.linked]
    found += [
        share_figure(
            "needless_handoff",
            "Needless hand-off",
            "Tickets handed off for missing knowledge although an agent linked an article ÷ tickets with linked "
            "articles.",
            [(one.group, one.reason == "missing_knowledge") for one in labelled],
            better="lower",
            unscored=len(ran) - len(labelled),
            causes={UNLABELLED: len(ran) - len(labelled)} if len(labelled) < len(ran) else {},
        ),
        share_figure(
            "right_article",
            "Same article as the agent",
            "Answers whose first citation is an article that an agent linked ÷ answers that cite, to tickets with "
            "linked articles. Another article may be right as well, so this is no share of right answers.",
            judged,
            unscored=len(answered) - len(judged),
            causes=dict(causes.most_common()),
        ),
        share_figure(
            "deflection",
            "Deflection, verified on tickets",
            "Tickets answered with an article first that an agent linked ÷ all tickets. An answer that no linked "
            "article speaks for counts as none, so this errs on the low side.",
            [(one.group, one.agrees is True) for one in ran] if judged else [],
            unscored=0 if judged else len(ran),
            causes={} if judged else {UNLABELLED: len(ran)},
        ),
    ]
    return {figure.metric: figure for figure in found}
