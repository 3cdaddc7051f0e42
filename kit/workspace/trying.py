"""Wires the tests of playbooks: played, covered, mutated."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from kit.progress import Progress
from kit.workspace.assisting import Assisting

if TYPE_CHECKING:
    from kit.assistant import AssistantHost
    from kit.playbooks import CoverageReport, Playbook, ScoreReport, TrialReport

__all__ = ["Trying"]


class Trying(Assisting):
    """A workspace that plays the tests of its playbooks."""

    def host(self, playbooks: "Sequence[Playbook] | None" = None) -> "AssistantHost":
        """What plays the tests of playbooks: the assistant without its chat model, so that they always come out alike.

        With `playbooks` it knows these instead of those of the workspace, and nothing is kept of them.

        Raises:
            KitError: index or playbooks are not in order.
        """
        from kit.assistant import AssistantHost

        if playbooks is None:
            return AssistantHost(self._nodes(self.playbooks))
        return AssistantHost(self._nodes(playbooks, keep=False))

    def try_playbooks(self, ids: Sequence[str] = (), *, progress: Progress | None = None) -> "TrialReport":
        """Play the tests of the playbooks named, or of all.

        Raises:
            KitError: there is no such playbook, or index, playbooks or tools are not in order.
        """
        from kit.playbooks import chosen, try_playbooks

        sources = chosen(self.playbook_sources, ids)
        return try_playbooks(self.host(), sources, self.tools, progress=progress)

    def cover_playbooks(self, ids: Sequence[str] = (), *, progress: Progress | None = None) -> "CoverageReport":
        """What the tests of the playbooks named, or of all, reach.

        Raises:
            KitError: there is no such playbook, or index, playbooks or tools are not in order.
        """
        from kit.playbooks import chosen, cover

        chosen(self.playbook_sources, ids)  # a name that is none is said before anything is loaded
        return cover(self.host(), self.playbook_sources, self.tools, ids=ids, progress=progress)

    def mutation_score(
        self,
        ids: Sequence[str] = (),
        *,
        sample: int | None = None,
        seed: int = 0,
        most_seconds: float | None = None,
        progress: Progress | None = None,
    ) -> "ScoreReport":
        """Change one thing at a time in the playbooks named, or in all, and see which changes no test notices.

        Verdicts are kept under `.kit/mutate` until something changes that they rest on.

        Raises:
            KitError: there is no such playbook, or index, playbooks or tools are not in order.
        """
        from kit.playbooks import chosen, score

        return score(
            self.host(),
            chosen(self.playbook_sources, ids),
            self.tools,
            sample=sample,
            seed=seed,
            most_seconds=most_seconds,
            keep_in=self.derived / "mutate",
            context=self._beside_playbooks(),
            progress=progress,
        )

    def _beside_playbooks(self) -> str:
        """A digest of all that a test of a playbook rests on beside the playbooks."""
        import json

        from kit.text import digest

        facts = {key: value for key, value in self.facts().items() if key not in ("playbooks", "chat_model")}
        path = self.root / "playbooks" / "tools.yaml"
        changing = [name for name, tool in sorted(self.tools.items()) if tool.changes]
        return digest(json.dumps(facts, sort_keys=True), path.read_bytes() if path.is_file() else "", *changing)
