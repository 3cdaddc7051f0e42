"""Wires the trial of the gate: copies of the workspace with one thing wrong."""

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from kit.progress import Progress
from kit.workspace.comparing import Comparing

if TYPE_CHECKING:
    from kit.evals import Corruption, CorruptionKind, MutationReport, Run, Suite, TalkCache
    from kit.playbooks import Playbook

__all__ = ["Mutating"]

# What a copy needs not: runs, logs, what is derived for other purposes.
_LEFT_OUT = ("runs", "backtests", "audit", "outbox", "cache", "mutate", "handoffs.jsonl", ".git", ".venv")


class Mutating(Comparing):
    """A workspace that knows what its gate lets through."""

    def corruptions(self, kinds: "Sequence[CorruptionKind]" = ()) -> "list[Corruption]":
        """All mistakes that can be tried, of these kinds or of all; prompts only where there is a chat model.

        Raises:
            KitError: articles, playbooks or tools are not in order.
        """
        from kit.evals import (
            article_corruptions,
            playbook_corruptions,
            prompt_corruptions,
            threshold_corruptions,
        )

        found = [
            *article_corruptions(self.knowledge, self.root),
            *playbook_corruptions(self.playbook_sources, self.tools, str(self.root)),
            *threshold_corruptions(self.settings.assistant.model_dump(include=_THRESHOLDS)),
        ]
        if self.settings.chat.model:
            found += prompt_corruptions(list(self.prompts.values()))
        return [one for one in found if not kinds or one.kind in kinds]

    def mutate_evals(
        self,
        suites: Sequence[str] = (),
        *,
        kinds: "Sequence[CorruptionKind]" = (),
        sample: int | None = None,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> "MutationReport":
        """Make one thing wrong at a time, in a copy of the workspace, and see whether the gate notices.

        Verdicts are kept under `.kit/mutate/evals` until something changes that they rest on.

        Args:
            suites: the gate's; by default all.
            kinds: which mistakes; by default all kinds.
            sample: how many to try, as evenly over the kinds as there are; by default all.
            seed: which ones are drawn.
            progress: told after every mistake.

        Raises:
            KitError: the gate or a playbook's test fails without any mistake, or suites, index or playbooks are not in
                order.
        """
        from collections import Counter

        from kit.evals import Fates, check_tests, drawn, try_corruptions
        from kit.models import RememberingEmbedder
        from kit.text import digest

        day, loaded, every = date.today(), self.suites(suites), self.corruptions(kinds)
        tried = drawn(every, sample, seed)
        if played := sorted({one.target for one in tried if one.playbook}):
            check_tests(self.try_playbooks(played, progress=progress))
        self.__dict__["embedder"] = RememberingEmbedder(self.embedder)
        self.__dict__.pop("retriever", None)
        rests_on = digest(self._rests_on(day), *(suite.digest for suite in loaded), "3")
        with TemporaryDirectory(prefix="kit-") as folder:
            reference = self._runs(loaded, Path(folder) / "reference", day, cache=self._cache(day), progress=progress)
            return try_corruptions(
                tried,
                reference,
                loaded,
                lambda corruption: self._corrupted(corruption, suites, day),
                among=dict(Counter(one.kind for one in every)),
                seed=seed,
                fates=Fates(self.derived / "mutate" / "evals", rests_on=rests_on),
                progress=progress,
            )

    @contextmanager
    def _corrupted(self, corruption: "Corruption", suites: Sequence[str], day: date) -> "Iterator[_Ground]":
        """A copy of the workspace with this mistake, for as long as the block lasts.

        Raises:
            KitError: its suites cannot be run.
        """
        with TemporaryDirectory(prefix="kit-") as folder:
            root = Path(folder) / "workspace"
            shutil.copytree(self.root, root, ignore=_ignored(self.root, index=corruption.of_knowledge))
            for name, text in corruption.edits.items():
                (root / name).unlink() if text is None else (root / name).write_text(text, encoding="utf-8")
            assistant = self.settings.assistant.model_copy(update=dict(corruption.settings))
            space = type(self)(root, self.settings.model_copy(update={"assistant": assistant}))
            space.__dict__["embedder"] = self.embedder
            if corruption.of_knowledge:
                space.index()
            else:
                space.__dict__["retriever"] = self.retriever
            if corruption.playbook is not None:
                wrong = corruption.playbook
                space.__dict__["playbooks"] = tuple(wrong if one.id == wrong.id else one for one in self.playbooks)
            if corruption.prompt is not None:
                space.__dict__["prompts"] = self.prompts | {corruption.prompt.name: corruption.prompt}
            space.suites(suites)
            yield _Ground(space, Path(folder), day)

    def _runs(
        self,
        suites: "Sequence[Suite]",
        folder: Path,
        day: date,
        *,
        cache: "TalkCache | None" = None,
        progress: Progress | None = None,
    ) -> "Run":
        from kit.evals import Means, run_suites

        return run_suites(
            self._converser(day),
            suites,
            folder=folder,
            facts=self.facts(),
            tools=self._tools(None),
            day=day,
            engine=self._engine(Means(), day),
            cache=cache,
            progress=progress,
        )


_THRESHOLDS = {"answer_threshold", "clarify_threshold", "scope_threshold"}


@dataclass
class _Ground:
    """A copy with a mistake, in which cases can be run."""

    space: Mutating
    folder: Path
    day: date
    count: int = 0

    def failing(self, playbook: "Playbook") -> str:
        from kit.playbooks import play_trials

        try:
            results = play_trials(self.space.host(), playbook, self.space.tools, stop_at_first=True)
        except Exception as error:  # A changed playbook may ask of the engine what no written one does.
            return f"{type(error).__name__}: {error}"
        return next((one.trial_id for one in results if not one.passed), "")

    def run(self, suites: "Sequence[Suite]") -> "Run":
        self.count += 1
        return self.space._runs(suites, self.folder / f"run-{self.count}", self.day)


def _ignored(root: Path, *, index: bool) -> "shutil._IgnoreFn":  # type: ignore[name-defined]
    left_out = _LEFT_OUT if index else (*_LEFT_OUT, "index")
    kit = str(root / ".kit")

    def ignored(folder: str, names: list[str]) -> set[str]:
        if folder == str(root):
            return {name for name in names if name not in ("kit.toml", "playbooks", "evals", ".kit")}
        return {name for name in names if name in left_out} if folder == kit else set()

    return ignored
