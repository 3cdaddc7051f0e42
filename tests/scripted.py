"""An assistant that says what a test tells it to, and suites from text, for the tests of the evals."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from kit.assistant import Citation, Conversation, Reply, TraceStep, Turn
from kit.evals import Case, Suite, Transcript, load_suite
from kit.playbooks import Handoff

DISCLOSURE = "Hi, I'm Bright, an AI."


def reply(text: str = "It is $4.99.", outcome: str = "answered", *articles: str, quote: str = "", **rest: Any) -> Reply:
    """A reply; each of the articles is cited with the quote, from a passage `<article>#1`."""
    citations = tuple(Citation(article_id=one, passage_id=f"{one}#1", quote=quote or text) for one in articles)
    return Reply(outcome=outcome, text=text, citations=citations, **rest)  # type: ignore[arg-type]


def handoff(reason: str = "sensitive", **rest: Any) -> Reply:
    return reply("A colleague will help.", "handed_off", handoff=Handoff(reason=reason), **rest)  # type: ignore[arg-type]


def transcript(*replies: Reply, said: tuple[str, ...] = (), passages: Mapping[str, str] | None = None) -> Transcript:
    """The conversation in which these replies were given to what the customer said."""
    turns: list[Turn] = []
    for index, one in enumerate(replies):
        turns.append(Turn(role="customer", text=said[index] if index < len(said) else f"message number {index}"))
        turns.append(Turn(role="assistant", text=one.text))
    return Transcript(turns=tuple(turns), replies=replies, answer=replies[-1].text, passages=passages)


def case(expect: str = "answer", **rest: Any) -> Case:
    return Case.model_validate({"id": "c", "question": "How much is it?", "expect": expect, **rest})


class Scripted:
    """Replies by the customer's message; what is an exception is raised."""

    def __init__(self, script: Mapping[str, Reply | Exception]) -> None:
        self.script, self.started = script, 0

    def start(self) -> Conversation:
        self.started += 1
        return Conversation(id=str(self.started))

    def reply(self, conversation: Conversation, message: str) -> tuple[Conversation, Reply]:
        answer = self.script[message]
        if isinstance(answer, Exception):
            raise answer
        if not conversation.turns:
            answer = answer.model_copy(update={"text": f"{DISCLOSURE}\n\n{answer.text}"})
        trace = (TraceStep(node="compose", summary="said", ms=1.5, detail={"path": Path("x")}),)
        answer = answer.model_copy(update={"trace": trace})
        return conversation.said("customer", message).said("assistant", answer.text), answer


class Letters(Embeddings):
    """Texts as counts of their letters; remembers what it was asked for."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.batches.append(texts)
        return [[float(text.lower().count(letter)) for letter in "abcdefghijklmnopqrstuvwxyz"] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]


def suite(folder: Path, text: str, name: str = "smoke") -> Suite:
    """A suite from the text of its cases (and, before them, its gate)."""
    path = folder / f"{name}.yaml"
    path.write_text(f"suite: {name}\n{text}", encoding="utf-8")
    return load_suite(path)


def ticking() -> tuple[list[tuple[str, int, int]], Callable[[str, int, int], None]]:
    """A progress callback and what it was told."""
    told: list[tuple[str, int, int]] = []
    return told, lambda what, done, total: told.append((what, done, total))
