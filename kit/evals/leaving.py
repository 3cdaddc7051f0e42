"""Cases that leave out articles: what is asked then knows nothing of them, so that an answer would be made up."""

from collections.abc import Collection
from typing import Protocol, runtime_checkable

from kit.errors import KitError
from kit.evals.types import Case, Replies

__all__ = ["Leaving", "replies_to"]


@runtime_checkable
class Leaving(Protocol):
    """What can reply as if articles were not there; asked for by cases that say `without`."""

    def without(self, articles: Collection[str], /) -> Replies:
        """The same without these articles."""


def replies_to(case: Case, assistant: Replies) -> Replies:
    """What a case is put to: the assistant, without the articles that the case leaves out.

    Raises:
        KitError: it has no articles that could be left out.
    """
    if not case.without:
        return assistant
    if not isinstance(assistant, Leaving):
        raise KitError(f"Case `{case.id}` leaves out articles, and what is evaluated has none that could be.")
    return assistant.without(case.without)
