"""The composer with a chat model: it phrases, and every sentence that its passage does not support is removed."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kit.assistant.compose import ComposeFailure, Evidence, Piece, cite
from kit.assistant.grounding import check_sentence
from kit.assistant.prompt import Prompt
from kit.knowledge import Passage
from kit.models import ChatModel, chat_failure
from kit.safety import Rules, Vault, mask
from kit.text import ABBREVIATIONS, sentences

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

__all__ = ["ChatComposer"]

_MARK = re.compile(r"\s*\[(\d+)\]")
# A sentence is complete once something follows its marks; until then more of it may come. A colon ends none but at the
# end of a line: "Never do this: …" must not be taken apart.
_COMPLETE = re.compile(
    r"(?P<all>[.!?][\"'”’)*_]*(?P<marks>(?:\s*\[\d+\]){0,9})|(?::|\[\d+\])(?:[ \t]*\[\d+\]){0,9}(?=[ \t]*\n))"
    r"\s+(?=[^\s\[])"
)
_STEP = re.compile(r"\s*\d+[.)]\s+")
_TOKEN = re.compile(r"<[A-Z]+_\d+>")
_MAX_ANSWER = 8_000
# Where providers say why a stream ended; a stream that never says so broke off.
_ENDINGS = ("finish_reason", "stop_reason", "stopReason", "done_reason")
_CUT = ("length", "max_tokens")
_HISTORY = 6


class ChatComposer:
    """Answers with a chat model, sentence by sentence as it streams.

    What is sent to the model is masked; tokens such as `<EMAIL_1>` in its answer are put back before it is shown.
    """

    name = "chat"

    def __init__(self, model: ChatModel, *, company: str, prompt: Prompt, rules: Rules | None = None) -> None:
        self._model, self._company, self._prompt, self._rules = model, company, prompt, rules or Rules()

    def compose(self, evidence: Evidence) -> Iterator[Piece]:
        """The answer's sentences, each with the passages that support it.

        Raises:
            ComposeFailure: the model failed, had no answer, said nothing that its passages support, or a step that they
                do not.
        """
        vault = Vault()
        given = 0
        for sentence in self._sentences(self._messages(evidence, vault)):
            piece = self._checked(sentence, evidence.passages)
            if piece is not None:
                given += 1
                yield Piece(vault.restore(piece.text), piece.citations)
            elif _STEP.match(sentence):
                # A procedure with a hole in it is worse than none.
                raise ComposeFailure("the model gave a step that its passages do not support")
        if not given:
            raise ComposeFailure("the model gave no sentence that its passages support")

    def _messages(self, evidence: Evidence, vault: Vault) -> "list[BaseMessage]":
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        # Plain replacement: a template engine would act on braces in a customer's or an article's text.
        guidance = f"\nHow to say it in this case:\n{evidence.guidance}" if evidence.guidance else ""
        system = self._prompt.text.replace("{company}", self._company).replace("{guidance}", guidance)
        # Replies are masked too: they repeat what the customer gave.
        turns: list[BaseMessage] = [
            (HumanMessage if turn.role == "customer" else AIMessage)(
                mask(turn.text, vault=vault, rules=self._rules).text
            )
            for turn in evidence.history[-_HISTORY:]
        ]
        passages = "\n\n".join(
            f"[{number}] {' > '.join((passage.title, *passage.headings))}\n{passage.text}"
            for number, passage in enumerate(evidence.passages, start=1)
        )
        question = mask(evidence.question, vault=vault, rules=self._rules).text
        return [SystemMessage(system), *turns, HumanMessage(f"Question: {question}\n\nPassages:\n\n{passages}")]

    def _sentences(self, messages: "list[BaseMessage]") -> Iterator[str]:
        """The model's sentences with their marks, each as soon as it is complete; white space before it is kept."""
        buffer, length, ending = "", 0, ""
        try:
            for chunk in self._model.stream(messages):
                text = chunk.text
                said = chunk.response_metadata
                ending = next((str(said[key]) for key in _ENDINGS if said.get(key)), ending)
                buffer, length = buffer + text, length + len(text)
                if length > _MAX_ANSWER:
                    raise ComposeFailure("the model's answer was too long")
                while (end := _end_of_sentence(buffer)) is not None:
                    yield buffer[:end]
                    buffer = buffer[end:]
        except ComposeFailure:
            raise
        except Exception as error:  # Providers raise whatever they like; each means that there is no answer.
            raise ComposeFailure(chat_failure(error)) from error
        if not ending or ending in _CUT:
            raise ComposeFailure("the model's answer broke off")
        if buffer.strip():
            yield buffer

    def _checked(self, raw: str, passages: Sequence[Passage]) -> Piece | None:
        """The sentence without its marks if a passage that it cites supports it, else None."""
        gap = raw[: len(raw) - len(raw.lstrip())]
        text = _MARK.sub("", raw).strip()
        if not text or text.strip(".").upper() == "NONE":
            return None
        cited = [int(number) for number in _MARK.findall(raw)]
        for number in dict.fromkeys(cited):
            if 1 <= number <= len(passages):
                passage = passages[number - 1]
                if check_sentence(_TOKEN.sub("", _STEP.sub("", text, count=1)), passage.text).supported:
                    return Piece(gap + text, (cite(passage, _quote(text, passage)),))
        return None


def _end_of_sentence(buffer: str) -> int | None:
    """Where the first complete sentence ends, marks included; None while it may go on."""
    for match in _COMPLETE.finditer(buffer):
        before = buffer[: match.start()]
        # "1. Hold the ring", "9 a.m. to 5 p.m.": only a mark or a new sentence after it makes such a full stop an end.
        numbers = before.rpartition("\n")[2].strip().isdigit()
        word = (before.split() or [""])[-1].lower().lstrip("(")
        goes_on = word in ABBREVIATIONS or buffer[match.end()].islower()
        if not numbers and not (goes_on and match["marks"] == ""):
            return match.end("all")
    return None


def _quote(text: str, passage: Passage) -> str:
    """The sentence of the passage that shares most words with `text`."""
    wanted = set(text.lower().split())
    return max(sentences(passage.text), key=lambda one: len(wanted & set(one.lower().split())), default="")
