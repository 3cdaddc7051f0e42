"""How much of an expert's answer a reply says (token F1), beside three peers in the same run.

Each help centre is measured three times: as `kit ask` replies, who greets, asks back and hands off; end to end, where a
reply from the wrong article costs what it costs a customer; and with a right article given, which leaves only what
composing loses.
"""

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kit import Workspace
from kit.assistant import Composer, Conversation, ExtractiveComposer
from kit.assistant.answering import Answerer
from kit.assistant.deciding import put_first
from kit.assistant.saying import Said
from kit.evals.statistics import bootstrap_mean
from kit.knowledge import Found, HybridRetriever
from kit.models import Embedder, load_embedder
from kit.settings import cache_folder
from kit.text import sentences
from tests.bench.data import Question, answers_of_guide, halves, help_centres, whole_answers_of_guide
from tests.bench.overlap import overlap

__all__ = ["Centre", "centres", "chunked", "given", "run", "said"]

Answer = Callable[[str, Found], str]


@dataclass(frozen=True)
class Centre:
    """A help centre as a workspace without playbooks, and its questions that have an expert's answer."""

    name: str
    workspace: Workspace
    questions: list[Question]

    @property
    def retriever(self) -> HybridRetriever:
        return self.workspace.retriever


def run() -> None:
    """Print a table for each help centre."""
    embedder = load_embedder("packaged", cache=cache_folder())
    with tempfile.TemporaryDirectory() as scratch:
        for centre in centres(Path(scratch)):
            _table(centre, embedder)


def centres(scratch: Path) -> list[Centre]:
    """The help centres; the guide comes thrice: with short answers, with longer ones to some, and with whole steps."""
    found = []
    for name, folder, asked in help_centres(scratch / "bank"):
        root = scratch / "workspaces" / name
        root.mkdir(parents=True)
        (root / "kit.toml").write_text(f"name = 'Acme'\n[knowledge]\nfolder = '{folder.resolve()}'\n", encoding="utf-8")
        workspace = Workspace.open(root)
        workspace.index()
        found.append(Centre(name, workspace, [one for one in asked if one.articles and one.answer]))
        if name == "guide":
            longer = answers_of_guide()
            some = [replace(one, answer=longer[one.id]) for one in asked if one.id in longer]
            found.append(Centre("guide, longer answers", workspace, some))
            found.append(Centre("guide, whole steps", workspace, whole_answers_of_guide()))
    return found


def said(retriever: HybridRetriever, composer: Composer) -> Answer:
    """The text of the assistant's reply, made from what was found."""
    answerer = Answerer(retriever, [composer])
    return lambda question, found: answerer.answer(Said(), question, Conversation(id="bench"), found=found).said.text


def given(retriever: HybridRetriever, question: Question) -> Found:
    """What is found, with the best of the right articles before all others."""
    found = retriever.find(question.text, top=40)
    right = next((hit for hit in found.hits if hit.passage.article_id in question.articles), None)
    first = right.passage.article_id if right else min(question.articles)
    return replace(found, hits=put_first(retriever, found, first).hits[:5])


def _table(centre: Centre, embedder: Embedder) -> None:
    retriever, asked = centre.retriever, centre.questions
    chosen, reported = halves(asked)
    print(f"\n{centre.name}: token F1 against the expert's answer, {len(asked)} questions with an answer")
    print(
        f"{'answer':<34}{'all':>8}{'half chosen on':>16}{'half reported':>15}   95 % of all     of the reported  words"
    )
    found = {one.id: retriever.find(one.text) for one in asked}
    right = {one.id: given(retriever, one) for one in asked}
    composer = said(retriever, ExtractiveComposer(embedder, retriever.build))
    times: list[float] = []
    outcomes: Counter[str] = Counter()

    def ask(question: str, _: Found) -> str:
        reply = centre.workspace.ask(question, deliver=False)
        outcomes[reply.outcome] += 1
        return reply.text

    for name, answer, hits in (
        ("`kit ask`, whatever it replies", ask, found),
        ("kit", composer, found),
        ("best chunk of 800 characters", chunked(centre, embedder), found),
        ("first passage", _passage, found),
        ("best three sentences in a row", _window(embedder), found),
        ("kit, right article given", composer, right),
        ("first passage, right article given", _passage, right),
    ):
        texts = {}
        for one in asked:
            began = time.perf_counter()
            texts[one.id] = answer(one.text, hits[one.id])
            if name == "kit":
                times.append((time.perf_counter() - began) * 1000)
        scores = {one.id: overlap(texts[one.id], one.answer) for one in asked}
        cells = [float(np.mean([scores[one.id] for one in part])) for part in (asked, chosen, reported)]
        ends = [_interval(part, scores) for part in (asked, reported)]
        length = np.mean([len(text.split()) for text in texts.values()])
        print(
            f"{name:<34}{cells[0]:>8.3f}{cells[1]:>16.3f}{cells[2]:>15.3f}   {ends[0]:<16}{ends[1]:<17}{length:>4.0f}"
        )
    print("`kit ask`: " + ", ".join(f"{outcome} {count}" for outcome, count in outcomes.most_common()))
    print(f"composing takes {np.median(times):.0f} ms in the middle, {np.quantile(times, 0.95):.0f} ms at most in 95 %")


def _interval(part: Sequence[Question], scores: dict[str, float]) -> str:
    """The bootstrap interval; questions about one article stand or fall together."""
    names = sorted({min(one.articles) for one in part})
    clusters = np.array([names.index(min(one.articles)) for one in part])
    values = np.array([scores[one.id] for one in part])
    low, high = bootstrap_mean(values, np.ones(len(part)), clusters)
    return f"{low:.3f}–{high:.3f}"


def chunked(centre: Centre, embedder: Embedder) -> Answer:
    """What a tutorial answers with: of all fixed chunks, each with its title, the one nearest to the question."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=800, chunk_overlap=0)
    chunks = [
        (article.title, chunk)
        for article in centre.retriever.build.articles
        for chunk in splitter.split_text(article.text)
    ]
    vectors = embedder.encode([f"{title}\n\n{chunk}" for title, chunk in chunks])

    def answer(question: str, _: Found) -> str:
        return chunks[int(np.argmax(vectors @ np.array(embedder.embed_query(question))))][1]

    return answer


def _passage(_: str, found: Found) -> str:
    return found.hits[0].passage.text


def _window(embedder: Embedder) -> Answer:
    """Of the first passage the three sentences in a row that are nearest to the question."""

    def answer(question: str, found: Found) -> str:
        parts = sentences(found.hits[0].passage.text)
        windows = [" ".join(parts[start : start + 3]) for start in range(max(1, len(parts) - 2))]
        *vectors, asked = embedder.encode([*windows, question])
        return windows[int(np.argmax([vector @ asked for vector in vectors]))]

    return answer
