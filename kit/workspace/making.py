"""Wires what makes cases: the articles and the tickets of the workspace."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Literal

from kit.workspace.mutating import Mutating

if TYPE_CHECKING:
    from kit.evals import Case

__all__ = ["Making"]


class Making(Mutating):
    """A workspace that makes cases of what it holds."""

    def made_cases(
        self, source: Literal["articles", "tickets"], *, n: int, seed: int = 0, prefix: str = "made"
    ) -> "tuple[Case, ...]":
        """Up to `n` cases that a person has yet to accept; the same for the same articles or tickets and seed.

        Raises:
            KitError: index, tickets or suites are not in order, or nothing can be made of them.
        """
        from kit.evals import Asked, draft_cases, ticket_cases

        taken = self._case_ids()
        if source == "articles":
            return draft_cases(self.retriever, n=n, seed=seed, prefix=prefix, taken=taken)
        from kit.feasibility import load_tickets

        asked = [
            Asked(
                id=ticket.id,
                question=ticket.question,
                articles=ticket.articles_linked,
                escalated=ticket.escalated,
                reference=ticket.resolution,
                tags=ticket.tags,
            )
            for ticket in load_tickets(self.root / "evals").tickets
        ]
        known = self.retriever.build.columns.article_ids
        return ticket_cases(asked, n=n, seed=seed, prefix=prefix, articles=known, taken=taken)

    def _case_ids(self) -> Collection[str]:
        """The ids of all cases that there are."""
        from kit.evals import load_suites, suite_files

        folder = self.root / "evals"
        return {case.id for suite in load_suites(folder) for case in suite.cases} if suite_files(folder) else ()
