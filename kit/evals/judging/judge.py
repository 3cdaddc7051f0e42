"""A chat model that judges: asked for JSON of a given shape, shown no personal data, and known by its name."""

import asyncio
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from kit.errors import KitError
from kit.evals.judging.metering import Meter, usage_of
from kit.evals.types import JudgedBy
from kit.models import ChatModel, chat_failure
from kit.safety import Rules, Vault, mask
from kit.text import squash

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

__all__ = ["Judge", "JudgeFailure"]

M = TypeVar("M", bound=BaseModel)
TRIES = 2
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)


class JudgeFailure(KitError):
    """The judge gave no judgement; the case stays unscored."""


@dataclass(frozen=True)
class Judge:
    """A chat model as a judge.

    Attributes:
        model: any of LangChain's, or one like them.
        name: the model's name, as it was asked for.
        rules: what is masked before it sees it.
        standing: how far people agree with it, by metric and the hash of its prompt.
        price: from tokens sent and received to what they cost; None where that is not known.
        meter: what it has taken.
    """

    model: ChatModel
    name: str
    rules: Rules = field(default_factory=Rules)
    standing: Mapping[tuple[str, str], JudgedBy] = field(default_factory=dict)
    price: Callable[[int, int], float | None] | None = None
    meter: Meter = field(default_factory=Meter, compare=False)

    def stands(self, metric: str, prompt: str) -> JudgedBy:
        """What is known of this judge on a metric; `n` is 0 where nothing is."""
        return self.standing.get((metric, prompt)) or JudgedBy(model=self.name, prompt=prompt)

    def masked(self, *texts: str) -> tuple[str, ...]:
        """Texts as the judge may see them; the same value has the same token in all of them."""
        vault = Vault()
        return tuple(mask(text, vault=vault, rules=self.rules).text for text in texts)

    def ask(self, prompt: str, shape: type[M]) -> M:
        """Its judgement, read into a Pydantic model.

        Raises:
            JudgeFailure: the model failed, or said twice what is no such judgement.
        """
        messages, problem = self._messages(prompt), ""
        for _ in range(TRIES):
            try:
                answer = self.model.invoke(messages)
            except Exception as error:
                self.meter.add(usage_of(None))
                # Not chained: the original text may hold the prompt, the address or the key.
                raise JudgeFailure(chat_failure(error)) from None
            self.meter.add(usage_of(answer))
            read, problem = _read(answer, shape)
            if read is not None:
                return read
        raise JudgeFailure(problem)

    async def aask(self, prompt: str, shape: type[M]) -> M:
        """The same in a thread of its own, so that several are asked at once.

        Raises:
            JudgeFailure: the model failed, or said twice what is no such judgement.
        """
        return await asyncio.to_thread(self.ask, prompt, shape)

    def _messages(self, prompt: str) -> "list[BaseMessage]":
        from langchain_core.messages import HumanMessage

        return [HumanMessage(mask(prompt, rules=self.rules).text)]


def _read(answer: "BaseMessage", shape: type[M]) -> tuple[M | None, str]:
    """The judgement in an answer, or None and why there is none."""
    text = str(answer.text)
    fenced = _FENCE.search(text)
    body = fenced[1] if fenced else text[text.find("{") : text.rfind("}") + 1]
    try:
        return shape.model_validate(json.loads(body)), ""
    except ValidationError as error:
        first = error.errors()[0]
        return None, f"The judge left out or misread `{'.'.join(map(str, first['loc']))}`: {squash(first['msg'])}."
    except (ValueError, RecursionError):
        return None, "The judge did not answer in JSON." if text.strip() else "The judge answered nothing."
