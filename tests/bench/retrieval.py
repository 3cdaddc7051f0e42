"""How often the right article comes first, and among the first three, beside two peers in the same run."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from kit.evals import wilson
from kit.knowledge import HybridRetriever, open_index, read_folder, refresh_index
from kit.models import Embedder, load_embedder
from kit.settings import cache_folder
from tests.bench.data import Question, halves, help_centres

__all__ = ["run"]

Rank = Callable[[str], list[str]]


def run() -> None:
    """Print a table for each help centre."""
    embedder = load_embedder("packaged", cache=cache_folder())
    with tempfile.TemporaryDirectory() as scratch:
        for name, folder, questions in help_centres(Path(scratch) / "bank"):
            _table(name, folder, questions, embedder, Path(scratch) / name)


def _table(title: str, folder: Path, questions: list[Question], embedder: Embedder, scratch: Path) -> None:
    answerable = [question for question in questions if question.articles]
    chosen, reported = halves(answerable)
    vectors, words = _langchain(folder, embedder), _bm25(folder)
    print(f"\n{title}: right article first / among three, {len(answerable)} answerable questions")
    print(f"{'ranking':<38}{'all':>14}{'half chosen on':>18}{'half reported':>18}   95 % interval of first, all")
    for name, rank in (
        ("kit", _kit(folder, embedder, scratch)),
        ("LangChain + Chroma, 1,000 characters", vectors),
        ("BM25, whole articles", words),
        ("both, reciprocal rank fusion", _fused(vectors, words)),
    ):
        places = {question.id: _place(rank(question.text), question) for question in answerable}
        cells = [_shares([places[q.id] for q in part]) for part in (answerable, chosen, reported)]
        first = sum(place == 1 for place in places.values())
        low, high = wilson(first / len(places), len(places))
        print(f"{name:<38}{cells[0]:>14}{cells[1]:>18}{cells[2]:>18}   {low:.3f}–{high:.3f}")


def _place(ranked: list[str], question: Question) -> int:
    return next((place for place, id in enumerate(ranked, start=1) if id in question.articles), 99)


def _shares(places: list[int]) -> str:
    return " / ".join(f"{sum(place <= depth for place in places) / len(places):.3f}" for depth in (1, 3))


def _kit(folder: Path, embedder: Embedder, scratch: Path) -> Rank:
    refresh_index(scratch / "index", knowledge=folder, embedder=embedder, passage_tokens=180)
    retriever = HybridRetriever(build=open_index(scratch / "index", embedder))
    return lambda text: [hit.passage.article_id for hit in retriever.find(text, top=3).hits]


def _langchain(folder: Path, embedder: Embedder) -> Rank:
    """What a tutorial builds: fixed chunks, vectors, nearest first."""
    from langchain_chroma import Chroma
    from langchain_core.documents import Document
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=100)
    whole = [
        Document(f"{article.title}\n\n{article.text}", metadata={"id": article.article_id})
        for article in read_folder(folder).articles
    ]
    store = Chroma.from_documents(splitter.split_documents(whole), embedder)

    def rank(text: str) -> list[str]:
        found = store.similarity_search(text, k=30)
        return list(dict.fromkeys(document.metadata["id"] for document in found))

    return rank


def _fused(*rankings: Rank) -> Rank:
    """Cormack, Clarke & Büttcher 2009, with their k = 60."""

    def rank(text: str) -> list[str]:
        scores: dict[str, float] = {}
        for ranking in rankings:
            for place, id in enumerate(ranking(text), start=1):
                scores[id] = scores.get(id, 0.0) + 1 / (60 + place)
        return sorted(scores, key=lambda id: -scores[id])

    return rank


def _bm25(folder: Path) -> Rank:
    import bm25s

    articles = read_folder(folder).articles
    model = bm25s.BM25()
    texts = [f"{article.title}\n{article.text}" for article in articles]
    model.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

    def rank(text: str) -> list[str]:
        tokens = bm25s.tokenize(text, stopwords="en", show_progress=False)
        rows, _ = model.retrieve(tokens, k=min(20, len(articles)), show_progress=False)
        return [articles[row].article_id for row in rows[0]]

    return rank
