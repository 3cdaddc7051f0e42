"""Answers a question from the knowledge base: gathers the evidence, and lets the first composer that can phrase it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kit.assistant.compose import ComposeFailure, Composer, Evidence, Piece
from kit.assistant.saying import Said, gap, say
from kit.assistant.types import Conversation
from kit.knowledge import Found, HybridRetriever, Passage
from kit.safety import claims_action, without_orders

__all__ = ["Answered", "Answerer"]

# How many passages of the first article an answer may be made from, and how many of other articles.
_OWN, _OTHER = 12, 2


@dataclass(frozen=True)
class Answered:
    """What is said now, a note on who composed it and what failed, and whether the answer is complete.

    `fell_back` says whether another composer answered than the one that is preferred.
    """

    said: Said
    note: str
    whole: bool
    fell_back: bool = False


@dataclass(frozen=True)
class Answerer:
    """The retriever with the composers, in order of preference."""

    retriever: HybridRetriever
    composers: Sequence[Composer]

    def answer(
        self,
        said: Said,
        question: str,
        conversation: Conversation,
        *,
        found: Found | None = None,
        guidance: str = "",
        never_say: Sequence[str] = (),
        opening: str = "",
        brief: bool = False,
    ) -> Answered:
        """Say the answer to `question` after what was `said`; from what was `found`, or else what is found now.

        The `opening` is said before it, if there is one; `brief` is what answers best and no more.

        A piece with words that a playbook never says is not sent, and the answer counts as incomplete. An article did
        nothing for this customer, so a piece that claims something was done is left out.
        """
        found = found or self.retriever.find(question)
        notes = []
        if found.hits:
            evidence = replace(self._evidence(question, found, conversation, guidance), brief=brief)
            for composer in self.composers:
                before, whole = len(said.citations), True
                try:
                    for piece in composer.compose(evidence):
                        if any(phrase.lower() in piece.text.lower() for phrase in never_say):
                            raise ComposeFailure("the playbook never says that")
                        if claims_action(piece.text):
                            notes.append(f"{composer.name}: left out what claims an action")
                            continue
                        first = len(said.citations) == before
                        text = gap(said) + opening + piece.text.lstrip() if first else piece.text
                        said = say(said, [Piece(text, piece.citations)])
                except ComposeFailure as failure:
                    notes.append(f"{composer.name}: {failure}")
                    whole = False
                if len(said.citations) > before:
                    notes.append(f"{composer.name}, {len(said.citations) - before} citations")
                    return Answered(said, "; ".join(notes), whole, fell_back=composer is not self.composers[0])
        return Answered(said, "; ".join(notes) or "nothing was found", False)

    def draft(self, question: str, found: Found, conversation: Conversation, *, brief: bool = False) -> str:
        """What would be answered without a chat model, unsaid."""
        if not found.hits or not self.composers:
            return ""
        try:
            evidence = replace(self._evidence(question, found, conversation, ""), brief=brief)
            pieces = self.composers[-1].compose(evidence)
            return "".join(piece.text for piece in pieces).strip()
        except ComposeFailure:
            return ""

    def _evidence(self, question: str, found: Found, conversation: Conversation, guidance: str) -> Evidence:
        first = found.hits[0].passage
        own = self.retriever.passages_of(first.article_id)
        # Of a long article the passages around the best one, in the article's order.
        start = max(0, min(first.number - 1 - _OWN // 2, len(own) - _OWN))
        own = _data_only(own[start : start + _OWN], question)
        others = [passage for hit in found.hits[1 : 1 + _OTHER] for passage in _data_only([hit.passage], question)]
        first = next((passage for passage in own if passage.passage_id == first.passage_id), first)
        return Evidence(question, [*own, *others], first, conversation.turns, guidance)


def _data_only(passages: Sequence[Passage], question: str) -> list[Passage]:
    """The passages without orders to whoever replies: a composer can neither follow nor repeat what it does not see."""
    texts, count = without_orders(
        [text for passage in passages for text in (passage.text, passage.title, *passage.headings)], question=question
    )
    if not count:
        return list(passages)
    left, cleaned = iter(texts), []
    for passage in passages:
        text, title = next(left), next(left) or passage.article_id
        headings = tuple(filter(None, [next(left) for _ in passage.headings]))
        cleaned.append(replace(passage, text=text, title=title, headings=headings))
    return cleaned
