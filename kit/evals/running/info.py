"""What a run says of itself: what was run, with what, when, how far it came, and what it took."""

import platform
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import kit
from kit.errors import KitError
from kit.evals.suites import Suite
from kit.evals.types import Record, Threshold, Usage
from kit.files import write_whole

__all__ = [
    "INFO",
    "RunInfo",
    "SuiteInfo",
    "Tally",
    "load_info",
    "new_info",
    "new_run_folder",
    "suite_infos",
    "versions",
]

INFO = "run.json"
_PACKAGES = (
    "langchain",
    "langchain-core",
    "langgraph",
    "chromadb",
    "bm25s",
    "onnxruntime",
    "tokenizers",
    "torch",
    "ragas",
    "numpy",
    "scipy",
    "scikit-learn",
    "pydantic",
)


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SuiteInfo(_Value):
    """A suite as it was when it ran; of its cases so many are generated, and not accepted by a person yet."""

    name: str
    description: str
    path: str
    digest: str
    cases: int
    generated: int = 0
    gate: dict[str, Threshold]


class Tally(_Value):
    """What became of the lines of a run. `fell_back` counts those that the chat model was to answer and did not.

    `troubled` counts lines with a reply in which something failed, such as a call of the chat model; `spent` is what
    this run took from chat models, without what was cached; `judging` is what its judge took.
    """

    lines: int = 0
    errors: int = 0
    retried: int = 0
    troubled: int = 0
    fell_back: int = 0
    cached: int = 0
    spent: Usage = Usage(cost=0.0)
    judging: Usage = Usage(cost=0.0)

    @property
    def taken(self) -> Usage:
        """What was taken from chat models in all."""
        return self.spent + self.judging

    def plus(self, record: Record) -> "Tally":
        """With one more line."""
        return Tally(
            lines=self.lines + 1,
            errors=self.errors + (record.error is not None),
            retried=self.retried + bool(record.retried),
            troubled=self.troubled + bool(record.troubles),
            fell_back=self.fell_back + record.fell_back,
            cached=self.cached + record.cached,
            spent=self.spent + record.spent,
            judging=self.judging,
        )

    def judged(self, usage: Usage) -> "Tally":
        """With what a judge took."""
        return self.model_copy(update={"judging": self.judging + usage})


class RunInfo(_Value):
    """What was run, when, with what.

    Attributes:
        finished: when the last case was done; None where the run broke off or was stopped.
        stopped: why it was stopped before the end; empty where it was not.
        day: what the assistant took for today.
        tries: how often each case is tried.
        engine, workers: what did the work; neither changes what comes out.
        facts: from the workspace: settings, models with their precision, prompts, data hashes.
        rescored: when it was scored again, with today's metrics, and with which version of the kit.
    """

    id: str
    started: datetime
    finished: datetime | None = None
    stopped: str = ""
    day: date | None = None
    seed: int
    tries: int = Field(1, ge=1)
    engine: str = "local"
    workers: int = 1
    versions: dict[str, str]
    platform: str
    git: dict[str, Any] | None
    facts: dict[str, Any]
    suites: tuple[SuiteInfo, ...]
    tally: Tally = Tally()
    rescored: dict[str, str] = {}

    @property
    def cases(self) -> int:
        """How many cases the run was to have."""
        return sum(suite.cases for suite in self.suites)

    @property
    def lines(self) -> int:
        """How many lines its log was to have: one a case and try."""
        return self.cases * self.tries

    def save(self, folder: Path) -> None:
        """Write it into the run's folder."""
        write_whole(folder / INFO, self.model_dump_json(indent=1, fallback=str))


def load_info(folder: Path) -> RunInfo:
    """Read what a run says of itself.

    Raises:
        KitError: there is no run, or it is damaged.
    """
    path = folder / INFO
    if not path.is_file():
        raise KitError("There is no run here.", path=folder, remedy="Make one with `kit eval`.")
    try:
        return RunInfo.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise KitError("This is not the description of a run.", path=path, remedy="Run `kit eval` again.") from error


def new_info(folder: Path, suites: Sequence[Suite], facts: Mapping[str, Any], **rest: Any) -> RunInfo:
    """The description of a run that begins now, in this folder."""
    return RunInfo(
        id=folder.name,
        started=datetime.now(UTC),
        versions=versions(),
        platform=platform.platform(),
        git=_git(suites[0].path.parent),
        facts=dict(facts),
        suites=suite_infos(suites),
        **rest,
    )


def suite_infos(suites: Iterable[Suite]) -> tuple[SuiteInfo, ...]:
    """The suites as they are now."""
    return tuple(
        SuiteInfo(
            name=suite.name,
            description=suite.description,
            path=suite.path.name,
            digest=suite.digest,
            cases=len(suite.cases),
            generated=sum(case.generated for case in suite.cases),
            gate=dict(suite.gate),
        )
        for suite in suites
    )


def versions() -> dict[str, str]:
    """The versions of the kit, of Python, and of the packages that replies or scores rest on."""
    found = {name: next(iter(metadata.distributions(name=name)), None) for name in _PACKAGES}
    installed = {name: one.version for name, one in found.items() if one is not None}
    return {"kit": kit.__version__, "python": platform.python_version(), **installed}


def new_run_folder(parent: Path) -> Path:
    """A folder name under `parent` that is not taken, such as `20260131-140502`; not yet made."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    names = (stamp if n == 1 else f"{stamp}-{n}" for n in range(1, 1000))
    return next(parent / name for name in names if not (parent / name).exists())


def _git(folder: Path) -> dict[str, Any] | None:
    """The revision that the suites are at, and whether something was changed since; None outside of git."""

    def ask(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()

    try:
        return {"revision": ask("rev-parse", "HEAD"), "changed": bool(ask("status", "--porcelain"))}
    except (OSError, subprocess.SubprocessError):  # no git here, no repository, or no commit yet
        return None
