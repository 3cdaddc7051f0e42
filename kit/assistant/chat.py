"""The composer with a chat model: it phrases, and every sentence that its passage does not support is removed."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kit.assistant.claims import Claim, ClaimReader, is_step
from kit.assistant.compose import ComposeFailure, Evidence, Piece, cite
from kit.assistant.fitting import fitted
from kit.assistant.grounding import Meaning, check_sentence
from kit.assistant.prompt import Prompt, filled
from kit.assistant.types import Turn
from kit.knowledge import Passage
from kit.models import ChatModel, chat_failure
from kit.safety import Rules, Vault, mask, repeats_order
from kit.text import sentences

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

__all__ = ["ChatComposer"]

_STEP = re.compile(r"\s*\d+[.)]\s+")
_TOKEN = re.compile(r"<[A-Z]+_\d+>")
_MAX_ANSWER = 8_000
# Where providers say why a stream ended; a stream that never says so broke off.
_ENDINGS = ("finish_reason", "stop_reason", "stopReason", "done_reason")
_CUT = ("length", "max_tokens")


class ChatComposer:
    """Answers with a chat model, sentence by sentence as it streams.

    What is sent to the model is masked; tokens such as `<EMAIL_1>` in its answer are put back before it is shown.

    Args:
        model: the chat model.
        company: for whom it writes.
        prompt: what it is told.
        rules: what is masked.
        voice: how the company writes.
        budget: characters of history, question and passages that are sent, at most.
        meaning: lets the check count words that the passage has only in other words.
    """

    name = "chat"

    def __init__(
        self,
        model: ChatModel,
        *,
        company: str,
        prompt: Prompt,
        rules: Rules | None = None,
        voice: str = "",
        budget: int = 24_000,
        meaning: Meaning | None = None,
    ) -> None:
        self._model, self._company, self._prompt, self._rules = model, company, prompt, rules or Rules()
        self._voice, self._budget, self._meaning = voice, budget, meaning

    def compose(self, evidence: Evidence) -> Iterator[Piece]:
        """The answer's sentences, each with the passages that support it.

        Raises:
            ComposeFailure: the model failed, had no answer, said nothing that its passages support, or a step that they
                do not.
        """
        vault = Vault()
        given = 0
        turns, passages = fitted(
            evidence.question, evidence.passages, evidence.first, evidence.history, budget=self._budget
        )
        if not passages:
            raise ComposeFailure("not even the best passage fits the model's budget")
        by_id = {passage.passage_id: passage for passage in passages}
        reader = ClaimReader(list(by_id))
        for claim in self._claims(self._messages(evidence, turns, passages, vault), reader):
            cited = [by_id[id] for id in claim.passages]
            for piece in self._checked(claim, cited, evidence.question):
                given += 1
                yield Piece(vault.restore(piece.text), piece.citations)
        if not given:
            raise ComposeFailure("the model gave no sentence that its passages support")

    def _messages(
        self, evidence: Evidence, turns: Sequence[Turn], passages: Sequence[Passage], vault: Vault
    ) -> "list[BaseMessage]":
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        system = filled(self._prompt, company=self._company, voice=self._voice, guidance=evidence.guidance)
        # Replies are masked too: they repeat what the customer gave.
        said: list[BaseMessage] = [
            (HumanMessage if turn.role == "customer" else AIMessage)(
                mask(turn.read, vault=vault, rules=self._rules).text
            )
            for turn in turns
        ]
        shown = "\n\n".join(
            f"[{passage.passage_id}] {' > '.join((passage.title, *passage.headings))}\n{passage.text}"
            for passage in passages
        )
        question = mask(evidence.question, vault=vault, rules=self._rules).text
        return [SystemMessage(system), *said, HumanMessage(f"Question: {question}\n\nPassages:\n\n{shown}")]

    def _claims(self, messages: "list[BaseMessage]", reader: ClaimReader) -> Iterator[Claim]:
        """What the model says, each sentence as soon as it is complete."""
        length, ending = 0, ""
        try:
            for chunk in self._model.stream(messages):
                text = chunk.text
                said = chunk.response_metadata
                ending = next((str(said[key]) for key in _ENDINGS if said.get(key)), ending)
                length += len(text)
                if length > _MAX_ANSWER:
                    raise ComposeFailure("the model's answer was too long")
                yield from reader.feed(text)
        except ComposeFailure:
            raise
        except Exception as error:  # Providers raise whatever they like; each means that there is no answer.
            raise ComposeFailure(chat_failure(error)) from error
        if not ending or ending in _CUT:
            raise ComposeFailure("the model's answer broke off")
        yield from reader.end()

    def _checked(self, claim: Claim, passages: Sequence[Passage], question: str) -> Iterator[Piece]:
        """Of a claim the sentences that a passage which it names supports, and that order nobody to write anything.

        Raises:
            ComposeFailure: it is a step, and no passage supports it: a procedure with a hole in it is worse than none.
        """
        gap = claim.text[: len(claim.text) - len(claim.text.lstrip())]
        text = claim.text.strip()
        if not text or text.strip(".").upper() == "NONE":
            return
        for sentence in sentences(text) if claim.several else [text]:
            plain = _TOKEN.sub("", _STEP.sub("", sentence, count=1))
            if repeats_order(plain, [passage.text for passage in passages], question=question):
                continue
            for passage in passages:
                under = (passage.title, *passage.headings)
                if check_sentence(plain, passage.text, headings=under, meaning=self._meaning).supported:
                    yield Piece(gap + sentence, (cite(passage, _quote(sentence, passage)),))
                    gap = " "
                    break
            else:
                if is_step(text):
                    raise ComposeFailure("the model gave a step that its passages do not support")


def _quote(text: str, passage: Passage) -> str:
    """The sentence of the passage that shares most words with `text`."""
    wanted = set(text.lower().split())
    return max(sentences(passage.text), key=lambda one: len(wanted & set(one.lower().split())), default="")
