"""A judge that is none: a fake chat model that answers the prompts of ragas by looking for words."""

import json
import re
from collections.abc import Callable
from typing import Any

from kit.evals import Judge
from kit.models import load_chat_model
from kit.models.fake_server import FakeOpenAI
from kit.safety import Rules
from kit.settings import Chat

Answer = Callable[[dict[str, Any]], str]


def judge(server: FakeOpenAI, *, name: str = "openai:judge", rules: Rules | None = None, **standing: Any) -> Judge:
    chat = Chat(model="openai:judge", base_url=server.base_url, max_retries=0, timeout_seconds=5)
    model = load_chat_model(chat)
    assert model is not None
    return Judge(model, name, rules=rules or Rules(), **standing)


def asked(request: dict[str, Any]) -> tuple[set[str], dict[str, Any]]:
    """The keys of the answer that a prompt of ragas asks for, and the input that it shows."""
    text = request["messages"][-1]["content"]
    schema = json.loads(re.search(r"JSON Schema:\n(\{.*?\})Do not use", text, re.DOTALL)[1])  # type: ignore[index]
    shown = json.loads(re.search(r"following input\ninput: (.*)\nOutput: $", text, re.DOTALL)[1])  # type: ignore[index]
    return set(schema["properties"]), shown


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=\.)\s+", text) if part.strip()]


def by_words(request: dict[str, Any]) -> str:
    """Every sentence is a statement; what stands in the context word for word is borne out."""
    keys, shown = asked(request)
    if keys == {"statements"} and "answer" in shown:
        return json.dumps({"statements": sentences(shown["answer"])})
    if keys == {"statements"}:
        verdicts = [
            {"statement": one, "reason": "looked", "verdict": int(one in shown["context"])}
            for one in shown["statements"]
        ]
        return json.dumps({"statements": verdicts})
    if keys == {"claims"}:
        return json.dumps({"claims": sentences(shown["response"])})
    if keys == {"classifications"}:
        found = [
            {"statement": one, "reason": "looked", "attributed": int(one in shown["context"])}
            for one in sentences(shown["answer"])
        ]
        return json.dumps({"classifications": found})
    if "verdict" in keys:
        return json.dumps({"reason": "looked", "verdict": int(shown["answer"] in shown["context"])})
    if "question" in keys:
        return json.dumps({"question": "How much is Plus?", "noncommittal": int("not sure" in shown["response"])})
    raise AssertionError(f"an unknown prompt: {keys}")
