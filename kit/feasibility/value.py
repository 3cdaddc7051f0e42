"""The value model: what support costs today and with the assistant, from prices in `kit.toml` and measured shares."""

from itertools import product
from typing import Literal

from pydantic import BaseModel, ConfigDict

from kit.evals import Figure, Run, faults
from kit.feasibility.backtest import Backtest
from kit.feasibility.measures import share_figure
from kit.settings import Costs

__all__ = ["Range", "Value", "value"]


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Range(_Value):
    """An amount with its ends."""

    value: float
    low: float
    high: float


class Value(_Value):
    """Amounts a month in `currency`. Where a share was not measured, what follows from it is None.

    Attributes:
        contacts: contacts a month.
        today: cost of all contacts without the assistant.
        with_assistant: cost of all contacts with it.
        saving: the difference.
        per_contact: cost to serve one contact with the assistant; today it is `per_agent_contact`.
        handled, wrong: the shares that were used; `wrong_from` says where the second was measured.
        break_even: the share of wrong answers at which nothing is saved; None where even that many right ones save
            nothing, or none could cost so much.
        missing: what has to be measured before there is a saving to state.
    """

    currency: str
    contacts: int
    per_agent_contact: float
    today: float
    with_assistant: Range | None = None
    saving: Range | None = None
    per_contact: Range | None = None
    handled: Figure | None = None
    wrong: Figure | None = None
    wrong_from: Literal["tickets", "suites"] | None = None
    break_even: float | None = None
    missing: tuple[str, ...] = ()


def value(run: Run, backtest: Backtest | None, costs: Costs) -> Value:
    """What the assistant is worth a month.

    With C contacts a month, costs a (`per_agent_contact`), s (`per_assistant_contact`) and e (`per_wrong_answer`),
    h the share of tickets handled without a person and w the share of wrong ones among its answers:

        today          = C · a
        with assistant = C · (s + (1 − h) · a + h · w · e)
        saving         = C · (h · (a − w · e) − s)

    Every contact passes the assistant first, so s is paid for each; e contains the second contact that a wrong answer
    causes. Tickets that the assistant met with a question count as handled by a person.

    h comes from the backtest. So does w, as the share of answers that cite another article first than the agent linked:
    the tickets are the mix of contacts that is paid for, though another article may be right as well and the same one
    may be misread. Where no ticket links articles, w is the share of faulty answers on the suites. At the break-even,
    w = (a − s / h) / e, the saving is gone.

    `low` and `high` are the worst and best corner of both 95 % intervals: together they hold with at least 90 %
    (Bonferroni). The prices are taken as given.
    """
    handled = backtest.figures["handled"] if backtest else None
    wrong, source = _wrong(run, backtest)
    today = costs.contacts_per_month * costs.per_agent_contact
    missing = []
    if handled is None or handled.value is None:
        missing.append("the share of tickets handled without a person: `kit tickets import FILE`, then `kit backtest`")
    if wrong is None or wrong.value is None:
        missing.append("the share of wrong answers: link articles to the tickets, or run `kit eval`")
    base = Value(
        currency=costs.currency,
        contacts=costs.contacts_per_month,
        per_agent_contact=costs.per_agent_contact,
        today=today,
        handled=handled,
        wrong=wrong,
        wrong_from=source,
        missing=tuple(missing),
    )
    if handled is None or wrong is None or handled.value is None or wrong.value is None:
        return base
    corners = list(product(_ends(handled), _ends(wrong)))

    def cost(h: float, w: float) -> float:
        return costs.per_assistant_contact + (1 - h) * costs.per_agent_contact + h * w * costs.per_wrong_answer

    middle, ends = cost(handled.value, wrong.value), [cost(h, w) for h, w in corners]
    contact = Range(value=middle, low=min(ends), high=max(ends))
    month = Range(**{key: costs.contacts_per_month * amount for key, amount in contact.model_dump().items()})
    saving = Range(value=today - month.value, low=today - month.high, high=today - month.low)
    return base.model_copy(
        update={
            "with_assistant": month,
            "saving": saving,
            "per_contact": contact,
            "break_even": _break_even(handled.value, costs),
        }
    )


def _break_even(handled: float, costs: Costs) -> float | None:
    if not handled or not costs.per_wrong_answer:
        return None
    share = (costs.per_agent_contact - costs.per_assistant_contact / handled) / costs.per_wrong_answer
    return share if 0 <= share <= 1 else None


def _wrong(run: Run, backtest: Backtest | None) -> tuple[Figure | None, Literal["tickets", "suites"] | None]:
    """The share of wrong answers, and where it was measured."""
    same = backtest.figures["right_article"] if backtest else None
    if same is not None and same.value is not None:
        other = {
            "metric": "other_article",
            "title": "Another article than the agent's",
            "definition": "Answers whose first citation no agent linked ÷ answers that cite, to tickets with links.",
            "better": "lower",
            "value": 1 - same.value,
            "low": None if same.high is None else 1 - same.high,
            "high": None if same.low is None else 1 - same.low,
        }
        return same.model_copy(update=other), "tickets"
    answers = [
        (record.case.group, bool(faults(record.case, record.transcript)))
        for record in run.records
        if record.transcript is not None and record.transcript.reply.outcome == "answered"
    ]
    if not answers:
        return None, None
    definition = "Answers with a fault (outcome, article, playbook or facts) ÷ answers to the suites' cases."
    return share_figure("wrong_answers", "Faulty answers", definition, answers, better="lower"), "suites"


def _ends(figure: Figure) -> tuple[float, float]:
    """The ends of a share's interval; a side that the data cannot bound is bounded by what a share can be."""
    return 0.0 if figure.low is None else figure.low, 1.0 if figure.high is None else figure.high
