"""The sample's assistant with any chat model, and a log of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from kit.assistant import Assistant, ChatComposer, Nodes, Reply, load_prompt
from kit.governance import AuditStore, conversation_lines
from kit.models import load_chat_model
from kit.models.fake_server import FakeOpenAI
from kit.settings import Chat
from kit.workspace import Workspace

__all__ = ["Ask", "Asked", "Build"]

QUESTION = "how long is the warranty on the Dial?"


@dataclass(frozen=True)
class Asked:
    """A reply with what the log says of it, as JSON and as `kit audit show` prints it."""

    reply: Reply
    row: dict[str, Any]
    shown: str


Ask = Callable[..., Asked]
Build = Callable[..., Assistant]


@pytest.fixture(scope="package")
def space(sample: Path) -> Workspace:
    """The sample, opened once."""
    return Workspace.open(sample)


@pytest.fixture(scope="package")
def nodes(space: Workspace) -> Nodes:
    """What a turn needs, without a chat model; made once."""
    return space._nodes(space.playbooks)


@pytest.fixture
def log(tmp_path: Path) -> AuditStore:
    return AuditStore(tmp_path / "audit")


@pytest.fixture
def build(space: Workspace, nodes: Nodes, log: AuditStore) -> Iterator[Build]:
    """Builds the assistant: with a chat model at an address, and with other parts than usual."""

    def build(
        address: str = "", *, strict: bool = False, chat: dict[str, Any] | None = None, **parts: Any
    ) -> Assistant:
        settings = Chat.model_validate(
            {"model": "openai:fake" if address else "", "base_url": address, "max_retries": 0, **(chat or {})}
        )
        thresholds = space.settings.assistant.model_copy(update={"answer_threshold": 0.0})
        whole = space.settings.model_copy(update={"chat": settings, "assistant": thresholds})
        model = load_chat_model(settings)
        chats = [ChatComposer(model, company="Brightloom", prompt=load_prompt("answer"))] if model else []
        parts = {"settings": whole, "composers": [*chats, *nodes.composers], **parts}
        return Assistant(replace(nodes, **parts), on_turn=log.record_turn, strict=strict)

    yield build


@pytest.fixture
def ask(build: Build, log: AuditStore) -> Ask:
    """Asks one question of an assistant with a chat model."""

    def ask(server: FakeOpenAI | str, *, question: str = QUESTION, **chat: Any) -> Asked:
        assistant = build(server if isinstance(server, str) else server.base_url, chat=chat)
        _, reply = assistant.reply(assistant.start(), question)
        row = log.turns()[-1]
        return Asked(reply, row, "\n".join(conversation_lines([row], [])))

    return ask
