"""Gaps: what customers ask again and again and the knowledge base does not say, ranked by what it costs."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from kit.feasibility.measures import Replay, share_figure
from kit.models import Embedder
from kit.settings import Costs
from kit.text import content_words, words

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Gap", "Gaps", "find_gaps"]

# Below this mean similarity two groups of tickets are about different things, with the packaged model.
SIMILARITY = 0.25
# Average linkage needs the distance of every pair: 8,000 tickets are 256 MB of them.
MOST = 8000
_USUAL = 1000  # tickets are enough for their mean
_NAME_WORDS, _EXAMPLES = 3, 3
_TOKEN = re.compile(r"<[A-Z]+_\d+>")


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gap(_Value):
    """Tickets on one theme that the assistant found no article for.

    Attributes:
        name: the words that set the group apart.
        tickets: ids, the most typical first.
        examples: the most typical questions.
        share: of all tickets, with its 95 % interval.
        minutes: what people spent on them, where the export says so; `timed` tickets say so.
        cost: of these tickets, in the currency of the settings.
        cost_per_month: the same at the settings' contacts per month.
        handed_off: how many of them went to a person at once; the others were asked back or declined.
    """

    name: str
    tickets: tuple[str, ...]
    examples: tuple[str, ...]
    share: float
    low: float | None
    high: float | None
    minutes: float | None
    timed: int
    cost: float
    cost_per_month: float
    handed_off: int


class Gaps(_Value):
    """The groups, dearest first; the ids of questions that came once; how many tickets were too many to group."""

    groups: tuple[Gap, ...] = ()
    single: tuple[str, ...] = ()
    left_out: int = 0


def find_gaps(replays: Sequence[Replay], *, embedder: Embedder, costs: Costs) -> Gaps:
    """Group the tickets that the assistant found no article for.

    Those are the ones handed off for missing knowledge, and those asked back or declined outside of playbooks, unless
    an agent linked an article: then the knowledge was there and not found, which is no gap.

    Agglomerative clustering with average linkage on the cosine of the questions' sentence vectors, less the mean vector
    of all tickets (what they all share says nothing), cut where the mean similarity of two groups falls below 0.25.
    A group of one is no gap but a single question.

    A ticket costs `per_agent_contact`, scaled by its handling time over the mean handling time of all tickets, where
    the export has times; so all tickets together cost `per_agent_contact` each.
    """
    ran = [one for one in replays if one.error is None]
    lacking = [one for one in ran if one.lacks_article]
    grouped = lacking[:MOST]
    if not grouped:
        return Gaps()
    vectors = embedder.encode([_plain(one) for one in grouped])
    usual = embedder.encode([_plain(one) for one in ran[:: max(1, len(ran) // _USUAL)]]).mean(axis=0)
    vectors = vectors - usual
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    labels = _cluster(vectors)
    spread = Counter(stem for one in ran for stem in _stems(one))
    cost = _ticket_costs(ran, costs)
    groups, single = [], []
    for label in np.unique(labels):
        inside = np.flatnonzero(labels == label)
        if len(inside) < 2:
            single.append(grouped[inside[0]].ticket.id)
            continue
        typical = vectors[inside] @ vectors[inside].mean(axis=0)
        members = [grouped[index] for index in inside[np.argsort(-typical, kind="stable")]]
        groups.append(_gap(members, ran, spread, cost, costs))
    groups.sort(key=lambda gap: (-gap.cost, gap.name))
    return Gaps(groups=tuple(groups), single=tuple(single), left_out=len(lacking) - len(grouped))


def _cluster(vectors: "NDArray[np.float32]") -> "NDArray[np.int64]":
    """A label for each row."""
    from scipy.cluster.hierarchy import fcluster, linkage

    if len(vectors) < 2:
        return np.zeros(len(vectors), dtype=np.int64)
    tree = linkage(vectors.astype(np.float64), method="average", metric="cosine")
    return np.asarray(fcluster(tree, t=1 - SIMILARITY, criterion="distance"), dtype=np.int64)


def _gap(
    members: Sequence[Replay], ran: Sequence[Replay], spread: Mapping[str, int], cost: Mapping[str, float], costs: Costs
) -> Gap:
    ids = {one.ticket.id for one in members}
    minutes = [one.ticket.handle_minutes for one in members if one.ticket.handle_minutes is not None]
    share = share_figure("gap", "", "", [(one.ticket.id, one.ticket.id in ids) for one in ran])
    total = sum(cost[one] for one in ids)
    return Gap(
        name=_name(members, len(ran), spread),
        tickets=tuple(one.ticket.id for one in members),
        examples=tuple(one.ticket.question for one in members[:_EXAMPLES]),
        share=len(members) / len(ran),
        low=share.low,
        high=share.high,
        minutes=sum(minutes) if minutes else None,
        timed=len(minutes),
        cost=total,
        cost_per_month=total / len(ran) * costs.contacts_per_month,
        handed_off=sum(one.outcome == "handed_off" for one in members),
    )


def _ticket_costs(ran: Sequence[Replay], costs: Costs) -> dict[str, float]:
    times = [one.ticket.handle_minutes for one in ran if one.ticket.handle_minutes is not None]
    mean = sum(times) / len(times) if times else 0.0

    def weight(minutes: float | None) -> float:
        return 1.0 if minutes is None or not mean else minutes / mean

    return {one.ticket.id: costs.per_agent_contact * weight(one.ticket.handle_minutes) for one in ran}


def _name(members: Sequence[Replay], total: int, spread: Mapping[str, int]) -> str:
    """The words that occur in many of the group's questions and in few others.

    Ranked by the share inside times the log ratio of the shares inside and outside (smoothed by half a ticket).
    """
    size = len(members)
    inside = Counter(stem for one in members for stem in _stems(one))
    faces = Counter((stem, word) for one in members for word, stem in _pairs(one))

    def specific(stem: str) -> float:
        there, elsewhere = inside[stem], spread[stem] - inside[stem]
        ratio = ((there + 0.5) / (size + 1)) / ((elsewhere + 0.5) / (total - size + 1))
        return there / size * float(np.log(ratio))

    # A word of one ticket only may be somebody's name.
    common = [stem for stem, count in inside.items() if count >= 2 and specific(stem) > 0]
    best = sorted(common, key=lambda stem: (-specific(stem), stem))[:_NAME_WORDS]
    shown = [max((count, word) for (one, word), count in faces.items() if one == stem)[1] for stem in best]
    return ", ".join(shown) or f"“{' '.join(words(_plain(members[0]))[:6])} …”"


def _plain(replay: Replay) -> str:
    return _TOKEN.sub(" ", replay.ticket.question)


def _pairs(replay: Replay) -> list[tuple[str, str]]:
    """The words that carry the subject, each with its stem; numbers carry none."""
    found = ((word, content_words(word)) for word in words(_plain(replay)) if not word[0].isdigit())
    return [(word, stems[0]) for word, stems in found if stems]


def _stems(replay: Replay) -> set[str]:
    return {stem for _, stem in _pairs(replay)}
