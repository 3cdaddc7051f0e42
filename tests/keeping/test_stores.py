"""Any LangChain vector store brings the candidates: Chroma in the index, the matrix itself, or another."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

from kit.errors import IndexUnavailable, KitError
from kit.knowledge import Build, ExactStore, HybridRetriever
from kit.knowledge.keeping import opening
from kit.scaffold import create_workspace
from kit.workspace import Workspace
from tests.conftest import ROOT
from tests.keeping.conftest import Shop
from tests.keeping.fake import FakeEmbedder

QUERY = "how long is the warranty"


def in_memory(build: Build) -> VectorStore:
    store = InMemoryVectorStore(build.embedder)
    store.add_documents(list(build.documents()))
    return store


def exact(build: Build) -> VectorStore:
    metadata = {name: build.columns.of_passages(name) for name in ("language", "audience", "product")}
    return ExactStore(build.vectors["passages"], build.columns.passage_ids, metadata, build.embedder)


@pytest.fixture
def builds(shop: Shop) -> list[Build]:
    for number, language in enumerate(("de", "fr", "de")):
        shop.write(
            f"garantie-{number}.md", f"---\nlanguage: {language}\n---\n# Warranty {number}\n\nZwei Jahre {number}.\n"
        )
    shop.refresh()
    build = shop.open()
    assert type(build.store).__name__ == "Chroma"
    return [build, build.using(build.store), build.using(exact(build)), build.using(in_memory(build))]


def test_each_store_finds_the_same(builds: list[Build]) -> None:
    for query in (QUERY, "clean the switch", "Zwei Jahre"):
        vector = builds[0].embedder.embed_query(query)
        rows = [build.nearest(vector, k=9).tolist() for build in builds]
        scores = builds[0].vectors["passages"] @ np.array(vector, dtype=np.float32)
        assert [sorted(row) for row in rows] == [list(range(8))] * 4
        for row in rows:
            assert list(scores[row]) == pytest.approx(sorted(scores, reverse=True), abs=1e-5)
        hits = [[hit.to_json() for hit in HybridRetriever(build=build).find(query).hits] for build in builds]
        assert all(one == hits[0] for one in hits)


def test_each_store_filters_within_the_query(builds: list[Build]) -> None:
    vector = builds[0].embedder.embed_query(QUERY)
    for build in builds:

        def found(k: int = 9, *, build: Build = build, **where: str | list[str]) -> set[str]:
            return {build.passages[int(row)].article_id for row in build.nearest(vector, k=k, where=where)}

        assert found(language="de") == {"garantie-0", "garantie-2"}
        assert len(found(1, language="de")) == 1  # the filter is not applied to what was found without it
        assert found(language=["en", "fr"]) == {"warranty", "garantie-1"}
        assert found(language="en", audience=["customers", "partners"]) == {"warranty"}
        assert found(language="fr", audience="customers") == set()
        mask = build.matching({"language": "de"})
        assert [id for id, good in zip(build.columns.article_ids, mask, strict=True) if good] == [
            "garantie-0",
            "garantie-2",
        ]
        assert not build.matching({"language": "xx"}).any()
    with pytest.raises(KitError, match=r"There is no filter `colour`\. There are language, audience, product"):
        builds[0].matching({"colour": "red"})


def test_a_store_that_fails_or_holds_something_else_is_one_clear_error(builds: list[Build]) -> None:
    other = InMemoryVectorStore(builds[0].embedder)
    other.add_texts(["x"], ids=["elsewhere#1"])
    with pytest.raises(IndexUnavailable, match=r"holds other passages than the index\. Run `kit index`"):
        HybridRetriever(build=builds[0].using(other)).find(QUERY)

    class Broken(InMemoryVectorStore):
        def similarity_search_by_vector(self, *args: object, **options: object) -> list:  # type: ignore[type-arg]
            raise ConnectionError("gone\nfor good")

    with pytest.raises(IndexUnavailable, match=r"The vector store does not answer \(gone\)\."):
        HybridRetriever(build=builds[0].using(Broken(builds[0].embedder))).find(QUERY)


def test_the_exact_store_is_a_langchain_store() -> None:
    embedder = FakeEmbedder()
    store = ExactStore.from_texts(["red lamp", "blue lamp", "sofa"], embedder, [{"k": "a"}, {"k": "b"}, {"k": "a"}])
    assert [one.id for one in store.similarity_search("a sofa", k=1)] == ["2"]
    assert [one.id for one in store.similarity_search("blue", k=9, filter={"k": "a"})] != []
    assert {one.metadata["k"] for one in store.similarity_search("blue", k=9, filter={"k": "a"})} == {"a"}
    assert store.similarity_search("blue", k=2, filter={"k": "none"}) == []
    retriever = store.as_retriever(search_kwargs={"k": 1})
    assert retriever.invoke("lamp red")[0].id == "0"
    with pytest.raises(ValueError, match="Without an embedder"):
        ExactStore(np.ones((1, 2), dtype=np.float32), ["a"]).similarity_search("x")


def test_the_store_that_the_readme_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    create_workspace(tmp_path / "acme")
    (tmp_path / "acme/playbooks/knowledge/refunds.md").write_text("# Refunds\n\nRefunds take five days.\n")
    monkeypatch.setattr("kit.models.load_embedder", lambda *args, **options: FakeEmbedder())
    monkeypatch.chdir(tmp_path)
    Workspace.open("acme").index()
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
    [shown] = [block for block in blocks if "InMemoryVectorStore" in block]
    exec(shown, {})
    assert capsys.readouterr().out == "Refunds\n"


def test_fifty_searches_at_once(shop: Shop) -> None:
    queries = {QUERY: "2 years", "what does shipping cost": "$4.95", "return a lamp": "30 days"}
    build = shop.open()
    retriever = HybridRetriever(build=build)

    def right(number: int) -> bool:
        query, words = list(queries.items())[number % 3]
        return words in retriever.find(query).hits[0].passage.text

    with ThreadPoolExecutor(50) as pool:
        assert all(pool.map(right, range(500)))


def test_what_may_not_be_written_is_searched_without_chroma(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(opening.os, "access", lambda path, mode: asked.append(path) or mode != os.W_OK)
    before = {path: path.stat().st_mtime_ns for path in shop.root.rglob("*")}
    build = shop.open()
    assert isinstance(build.store, ExactStore) and asked
    assert "2 years" in shop.first(QUERY, build)
    assert {path: path.stat().st_mtime_ns for path in shop.root.rglob("*")} == before


SEARCH = """
import os, sys
from pathlib import Path
from tests.keeping.conftest import Shop
warm = Shop(Path(sys.argv[2]))  # imports all there is to import
warm.refresh(rebuild=True)
warm.first("x")
if os.getuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
shop = Shop(Path(sys.argv[1]))
build = shop.open()
print(type(build.store).__name__, shop.first("how long is the warranty", build))
try:
    shop.refresh(rebuild=True)
except Exception as error:
    print(type(error).__name__, error)
"""


def test_somebody_who_may_only_read_can_search(shop: Shop) -> None:
    # Root may write everywhere, and so becomes nobody, whom pytest's own folders do not let in.
    top = Path(tempfile.mkdtemp())
    root = Path(shutil.copytree(shop.root, top / "shop"))
    top.chmod(0o755)
    try:
        for path in (root, *root.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        command = [sys.executable, "-c", SEARCH, str(root), str(shop.root)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    finally:
        for path in (root, *root.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        shutil.rmtree(top)
    assert done.returncode == 0, done.stderr
    found, refused = done.stdout.splitlines()
    assert found == "ExactStore The warranty lasts 2 years."
    assert refused.startswith("KitError") and "The index cannot be written: Permission denied." in refused
