"""What the page shows and talks to, taken from a workspace."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from kit.errors import KitError

if TYPE_CHECKING:
    from kit.assistant import Conversation, Reply
    from kit.governance import AuditStore
    from kit.workspace import Workspace

__all__ = ["Answers", "Backend", "open_backend"]

EXAMPLES = 4
SMOKE = "smoke"


class Answers(Protocol):
    """The assistant, or anything that talks like it."""

    def start(self) -> "Conversation":
        """A new conversation."""

    def stream(self, conversation: "Conversation", message: str, /) -> "Iterator[str | tuple[Conversation, Reply]]":
        """Pieces of the reply, then the next conversation and the whole reply."""


@dataclass(frozen=True, kw_only=True)
class Backend:
    """Everything that the page needs.

    Attributes:
        company: whose assistant this is.
        disclosure: what tells the customer that this is an AI.
        examples: questions to begin with.
        playbook_titles: by playbook id.
        headings: the headings above a passage, by article id and passage id.
        runs: the folder of the eval runs; it need not exist.
    """

    company: str
    disclosure: str
    assistant: Answers
    audit: "AuditStore"
    runs: Path
    examples: Sequence[str]
    playbook_titles: Mapping[str, str]
    headings: Callable[[str, str], tuple[str, ...]]
    max_message_chars: int


def open_backend(workspace: "Workspace") -> Backend:
    """Take from the workspace what the page needs.

    Raises:
        KitError: index, playbooks or chat model are not in order.
    """
    assistant, audit, retriever = workspace.talking(), workspace.audit, workspace.retriever
    workspace.desk.wake()  # what could not be delivered the last time

    def headings(article_id: str, passage_id: str) -> tuple[str, ...]:
        passages = retriever.passages_of(article_id)
        return next((one.headings for one in passages if one.passage_id == passage_id), ())

    return Backend(
        company=workspace.settings.name,
        disclosure=workspace.settings.disclosure,
        assistant=assistant,
        audit=audit,
        runs=workspace.derived / "runs",
        examples=workspace.settings.demo.questions or _examples(workspace.root / "evals"),
        playbook_titles={playbook.id: playbook.title for playbook in workspace.playbooks},
        headings=headings,
        max_message_chars=workspace.settings.assistant.max_message_chars,
    )


def _examples(folder: Path) -> tuple[str, ...]:
    """The first questions of the smoke suite; none where there is no such suite."""
    from kit.evals import load_suites

    try:
        (suite,) = load_suites(folder, [SMOKE])
    except KitError:
        # Without suites there is still an assistant to show; `kit eval` says what is wrong with them.
        return ()
    return tuple(case.messages[0] for case in suite.cases[:EXAMPLES])
