"""Runs suites: every case through the assistant, into a run folder, with its scores."""

import json
import platform
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kit
from kit.assistant import Conversation, Reply
from kit.errors import KitError
from kit.evals.leaving import replies_to
from kit.evals.metrics import Tools
from kit.evals.run import CASES, INFO, SUMMARY, Run, RunInfo, SuiteInfo
from kit.evals.scoring import Scorer
from kit.evals.suites import Suite
from kit.evals.summary import summarise
from kit.evals.types import Case, Record, Replies, Transcript
from kit.files import write_whole
from kit.progress import Progress

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["run_suites"]

Passages = Callable[[str], str | None]
_PACKAGES = (
    "langchain",
    "langgraph",
    "chromadb",
    "bm25s",
    "onnxruntime",
    "torch",
    "ragas",
    "numpy",
    "scipy",
    "pydantic",
)


def run_suites(
    assistant: Replies,
    suites: Sequence[Suite],
    *,
    folder: Path,
    facts: Mapping[str, Any] | None = None,
    embedder: "Embeddings | None" = None,
    passages: Passages | None = None,
    disclosure: str = "",
    seed: int = 0,
    progress: Progress | None = None,
) -> Run:
    """Run every case of the suites, in order, and score it.

    Args:
        assistant: what is evaluated.
        suites: what with.
        folder: the folder of this run, named by its id; must not hold a run yet.
        facts: what the log is to say about the workspace: settings, model names, data hashes; JSON values.
        embedder: for the similarity to reference answers; without one that metric is unscored.
        passages: the text of a passage by its id, None where there is no such passage.
        disclosure: the sentences that open a conversation, taken off before the answer is scored.
        seed: of the bootstrap.
        progress: told after every case.

    An exception of the assistant makes its case an error, which is counted apart from all scores.

    Raises:
        KitError: there are no cases, or the folder holds a run or cannot be written.
    """
    work = [(suite, case) for suite in suites for case in suite.cases]
    if not work:
        raise KitError("There are no cases to run.", remedy="Name a suite that has some.")
    info = _info(folder, suites, dict(facts or {}), seed)
    _claim(folder)
    write_whole(folder / INFO, info.model_dump_json(indent=1, fallback=str))
    records: list[Record] = []
    with (
        (folder / CASES).open("w", encoding="utf-8") as log,
        Scorer(Tools(embedder=embedder)) as scorer,
    ):
        scorer.prepare(case for _, case in work)
        for suite, case in work:
            record = _run_case(assistant, suite.name, case, scorer, passages, disclosure)
            # What a trace or a hand-off carries may be any value; the log keeps its text.
            log.write(record.model_dump_json(fallback=str) + "\n")
            log.flush()
            records.append(record)
            if progress:
                progress("running cases", len(records), len(work))
    summary = summarise(info.id, records, seed=seed)
    write_whole(folder / SUMMARY, json.dumps(summary.to_json(), indent=1, ensure_ascii=False))
    info = info.model_copy(update={"finished": datetime.now(UTC)})
    write_whole(folder / INFO, info.model_dump_json(indent=1, fallback=str))
    return Run(folder, info, tuple(records))


def _claim(folder: Path) -> None:
    """Make the folder, or refuse one that holds a run: a log is never overwritten."""
    if (folder / INFO).exists():
        raise KitError("This folder holds a run already.", path=folder, remedy="Name another folder, or delete it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KitError(f"This folder cannot be made: {error.strerror}.", path=folder, remedy="Name another.") from error


def _run_case(
    assistant: Replies, suite: str, case: Case, scorer: Scorer, passages: Passages | None, disclosure: str
) -> Record:
    try:
        conversation, replies = _converse(assistant, case)
    except Exception as error:  # whatever fails here is the infrastructure's, not the assistant's judgement
        return Record(suite=suite, case=case, error=f"{type(error).__name__}: {error}")
    transcript = Transcript(
        turns=conversation.turns,
        replies=tuple(replies),
        answer=_without(disclosure, replies[-1].text) if len(replies) == 1 else replies[-1].text,
        passages=None if passages is None else _cited(replies[-1], passages),
    )
    return Record(suite=suite, case=case, transcript=transcript, scores=scorer.score(case, transcript))


def _converse(assistant: Replies, case: Case) -> tuple[Conversation, list[Reply]]:
    assistant = replies_to(case, assistant)
    conversation, replies = assistant.start(), []
    for message in case.messages:
        conversation, reply = assistant.reply(conversation, message)
        replies.append(reply)
    return conversation, replies


def _without(disclosure: str, text: str) -> str:
    return text.strip().removeprefix(disclosure.strip()).strip() if disclosure else text


def _cited(reply: Reply, passages: Passages) -> dict[str, str]:
    """The texts of the passages that a reply cites, as far as they exist."""
    found = {citation.passage_id: passages(citation.passage_id) for citation in reply.citations}
    return {name: text for name, text in found.items() if text is not None}


def _info(folder: Path, suites: Sequence[Suite], facts: dict[str, Any], seed: int) -> RunInfo:
    installed = {name: metadata.version(name) for name in _PACKAGES if _is_installed(name)}
    return RunInfo(
        id=folder.name,
        started=datetime.now(UTC),
        seed=seed,
        versions={"kit": kit.__version__, "python": platform.python_version(), **installed},
        platform=platform.platform(),
        git=_git(suites[0].path.parent),
        facts=facts,
        suites=tuple(
            SuiteInfo(
                name=suite.name,
                description=suite.description,
                path=suite.path.name,
                digest=suite.digest,
                cases=len(suite.cases),
                gate=dict(suite.gate),
            )
            for suite in suites
        ),
    )


def _is_installed(name: str) -> bool:
    return next(iter(metadata.distributions(name=name)), None) is not None


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
