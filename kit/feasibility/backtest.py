"""The backtest: past tickets replayed through the assistant, into a folder that says what became of each.

`backtest.json` holds the facts, figures and gaps, written when all tickets ran; `replays.jsonl` one line a ticket,
written as they go.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from kit.errors import KitError
from kit.evals import Figure, Replies
from kit.feasibility.gaps import Gaps, find_gaps
from kit.feasibility.measures import Replay, backtest_figures
from kit.feasibility.types import Ticket
from kit.files import write_whole
from kit.models import Embedder
from kit.progress import Progress
from kit.settings import Costs

__all__ = ["Backtest", "BacktestInfo", "newest_backtest", "run_backtest"]

M = TypeVar("M", bound=BaseModel)
INFO, REPLAYS = "backtest.json", "replays.jsonl"


class BacktestInfo(BaseModel):
    """What was replayed, when, with what, and what it shows. `facts` come from the workspace."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    started: datetime
    finished: datetime
    tickets: int
    errors: int
    first: datetime | None
    last: datetime | None
    facts: dict[str, Any]
    figures: dict[str, Figure]
    gaps: Gaps


@dataclass(frozen=True)
class Backtest:
    """A backtest that ended."""

    folder: Path
    info: BacktestInfo
    replays: tuple[Replay, ...]

    @property
    def figures(self) -> Mapping[str, Figure]:
        """The figures by key; see `backtest_figures`."""
        return self.info.figures

    @cached_property
    def ran(self) -> tuple[Replay, ...]:
        """The tickets that the assistant could be asked."""
        return tuple(replay for replay in self.replays if replay.error is None)

    @cached_property
    def unverified(self) -> int:
        """How many tickets were answered without a linked article that speaks for or against the answer."""
        return sum(replay.outcome == "answered" and replay.agrees is None for replay in self.ran)

    @cached_property
    def asked_back(self) -> int:
        """How many tickets were met with a question, so that their end is not known."""
        return sum(replay.outcome == "clarified" for replay in self.ran)

    def to_json(self) -> dict[str, Any]:
        """Facts, figures and gaps, without the single tickets."""
        return {"backtest": str(self.folder), **self.info.model_dump(mode="json", fallback=str)}

    @classmethod
    def load(cls, folder: Path) -> "Backtest":
        """Read the folder of a backtest.

        Raises:
            KitError: there is none, or it is damaged; names file and line.
        """
        path, log = folder / INFO, folder / REPLAYS
        if not path.is_file() or not log.is_file():
            raise KitError("There is no backtest here.", path=folder, remedy="Make one with `kit backtest`.")
        info = _parsed(BacktestInfo, path.read_bytes(), path)
        lines = enumerate(log.read_bytes().splitlines(), start=1)
        return cls(folder, info, tuple(_parsed(Replay, line, log, number) for number, line in lines))


def _parsed(kind: type[M], data: bytes, path: Path, line: int | None = None) -> M:
    try:
        return kind.model_validate_json(data)
    except ValidationError as error:
        remedy = "Run `kit backtest` again."
        raise KitError("This is not what a backtest wrote.", path=path, line=line, remedy=remedy) from error


def newest_backtest(parent: Path) -> Backtest | None:
    """The newest backtest in a folder of them, None where there is none."""
    folders = sorted(path.parent for path in parent.glob(f"*/{INFO}"))
    return Backtest.load(folders[-1]) if folders else None


def run_backtest(
    assistant: Replies,
    tickets: Sequence[Ticket],
    *,
    folder: Path,
    embedder: Embedder,
    costs: Costs,
    articles: Collection[str] | None = None,
    facts: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Replay each ticket's first message as a new conversation.

    Args:
        assistant: what is tested.
        tickets: what with.
        folder: the folder of this backtest, named by its id; must not hold one yet.
        embedder: for grouping what was handed off for missing knowledge.
        costs: what the groups are ranked by.
        articles: ids that the knowledge base has; a linked article that it lacks says nothing about an answer.
        facts: what the log is to say about the workspace; JSON values.
        progress: told after every ticket.

    An exception of the assistant makes its ticket an error, which no figure contains.

    Raises:
        KitError: there are no tickets, or the folder holds a backtest or cannot be written.
    """
    if not tickets:
        raise KitError("There are no tickets to replay.", remedy="Bring some in with `kit tickets import FILE`.")
    if (folder / REPLAYS).exists():
        raise KitError("This folder holds a backtest already.", path=folder, remedy="Name another, or delete it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KitError(f"This folder cannot be made: {error.strerror}.", path=folder, remedy="Name another.") from error
    started = datetime.now(UTC)
    replays: list[Replay] = []
    with (folder / REPLAYS).open("w", encoding="utf-8") as log:
        for ticket in tickets:
            replay = _replay(assistant, ticket, articles)
            log.write(replay.model_dump_json(fallback=str) + "\n")
            log.flush()
            replays.append(replay)
            if progress:
                progress("replaying tickets", len(replays), len(tickets))
    times = [ticket.created_at for ticket in tickets if ticket.created_at is not None]
    info = BacktestInfo(
        id=folder.name,
        started=started,
        finished=datetime.now(UTC),
        tickets=len(replays),
        errors=sum(replay.error is not None for replay in replays),
        first=min(times, default=None),
        last=max(times, default=None),
        facts=dict(facts or {}),
        figures=backtest_figures(replays),
        gaps=find_gaps(replays, embedder=embedder, costs=costs),
    )
    write_whole(folder / INFO, info.model_dump_json(indent=1, fallback=str))
    return Backtest(folder, info, tuple(replays))


def _replay(assistant: Replies, ticket: Ticket, articles: Collection[str] | None) -> Replay:
    linked = tuple(one for one in ticket.articles_linked if articles is None or one in articles)
    try:
        _, reply = assistant.reply(assistant.start(), ticket.question)
    except Exception as error:  # whatever fails here is the infrastructure's, not the assistant's judgement
        return Replay(ticket=ticket, linked=linked, error=f"{type(error).__name__}: {error}")
    return Replay(
        ticket=ticket,
        linked=linked,
        outcome=reply.outcome,
        confidence=reply.confidence,
        playbook=reply.playbook,
        cited=reply.citations[0].article_id if reply.citations else None,
        reason=reply.handoff.reason if reply.handoff else None,
    )
