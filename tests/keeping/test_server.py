"""A Chroma server holds the vectors: a real one, on loopback, and some that are none."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from kit.errors import IndexUnavailable
from kit.knowledge import HybridRetriever
from kit.knowledge.keeping import chroma
from kit.scaffold import create_workspace
from kit.workspace import Workspace
from tests.keeping.conftest import ARTICLES, Shop, changes
from tests.keeping.fake import FakeEmbedder

QUERY = "how long is the warranty"


@contextmanager
def running(folder: Path, port: int) -> Iterator[str]:
    """A Chroma server, until the end of the block."""
    url = f"http://127.0.0.1:{port}"
    program = Path(sys.executable).with_name("chroma")
    command = [program, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while not answering(url):
                assert server.poll() is None, "the server ended"
                time.sleep(0.05)
            yield url
        finally:
            server.kill()


def answering(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v2/heartbeat", timeout=1).is_success
    except httpx.HTTPError:
        return False


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running(tmp_path_factory.mktemp("server"), free_port()) as url:
        yield url


@pytest.fixture
def remote(empty: Shop, server: str) -> Shop:
    empty.chroma = server
    empty.refresh()
    return empty


def collections(shop: Shop, server: str) -> set[str]:
    """What is on the server of this index."""
    with chroma._open(server) as client:
        mine = f"kit-{(shop.index / 'id').read_text()}-"
        return {one.name.removeprefix(mine) for one in client.list_collections() if one.name.startswith(mine)}


def test_the_server_holds_the_vectors_and_finds_the_same(remote: Shop, server: str) -> None:
    build = remote.open()
    assert not (build.folder / "chroma").exists()
    assert collections(remote, server) == {remote.current.name}
    local = Shop(remote.root.with_name("local"))
    for name, text in ARTICLES.items():
        local.write(name, text)
    local.refresh()
    for query in (QUERY, "clean the switch", "what does shipping cost"):
        hits = [[hit.to_json() for hit in HybridRetriever(build=one).find(query).hits] for one in (build, local.open())]
        assert hits[0] == hits[1]
    vector = build.embedder.embed_query(QUERY)
    assert [build.passages[int(row)].article_id for row in build.nearest(vector, k=9, where={"language": "en"})] == [
        "warranty"
    ]


def test_the_server_is_not_told_what_the_articles_say(remote: Shop, server: str) -> None:
    with chroma._open(server) as client:
        [mine] = [one for one in client.list_collections() if one.name.endswith(remote.current.name)]
        rows = client.get_collection(mine.name, embedding_function=None).get(include=["documents", "metadatas"])
    assert set(rows["documents"]) == {""} and len(rows["ids"]) == 5
    assert rows["metadatas"][0].keys() == {"article_id", "language", "audience", "product"}


def test_what_is_no_longer_used_is_deleted_from_the_server(remote: Shop, server: str) -> None:
    assert changes(remote.refresh()) == (4, 5, 0, False)
    reader, first = remote.open(), remote.current.name
    remote.write("warranty.md", "# Warranty\n\nIt lasts 7 years.\n")
    assert changes(remote.refresh()) == (4, 5, 1, True)
    assert collections(remote, server) == {first, remote.current.name}
    assert "2 years" in remote.first(QUERY, reader) and "7 years" in remote.first(QUERY)
    del reader
    remote.refresh()
    assert collections(remote, server) == {remote.current.name}

    # What a killed process left there goes too, and another index's stays.
    prefix = f"kit-{(remote.index / 'id').read_text()}-"
    with chroma._open(server) as client:
        client.create_collection(f"{prefix}build-killed", embedding_function=None)
        client.create_collection("kit-somebody-build-else", embedding_function=None)
    remote.refresh()
    assert collections(remote, server) == {remote.current.name}
    with chroma._open(server) as client:
        assert "kit-somebody-build-else" in {one.name for one in client.list_collections()}
        client.delete_collection("kit-somebody-build-else")

    # Back on this machine, nothing stays on the server.
    remote.chroma = ""
    with pytest.raises(IndexUnavailable) as caught:
        remote.open()
    says = f"The vectors are kept on the Chroma server at {server}, but kit.toml wants them in the index's own folder."
    assert says in str(caught.value)
    assert changes(remote.refresh()) == (4, 5, 0, True)  # nothing is embedded again
    assert collections(remote, server) == set() and "7 years" in remote.first(QUERY)


def test_a_server_that_lost_its_data_is_filled_again(
    remote: Shop, server: str, caplog: pytest.LogCaptureFixture
) -> None:
    remote.embedder.seen.clear()
    with chroma._open(server) as client:
        client.delete_collection(f"kit-{(remote.index / 'id').read_text()}-{remote.current.name}")
    assert "2 years" in remote.first(QUERY)
    assert "The index is damaged (chroma). It has been mended from its own passages." in caplog.text
    assert remote.embedder.seen == [QUERY]


def test_a_server_that_goes_away_is_named(empty: Shop, tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path / "server", port) as url:
        empty.chroma = url
        empty.refresh()
        build = empty.open()
        assert "2 years" in empty.first(QUERY, build)
    with pytest.raises(IndexUnavailable, match=r"The vector store does not answer \("):
        empty.first(QUERY, build)
    before = empty.current
    empty.write("warranty.md", "# Warranty\n\nIt lasts 7 years.\n")
    for use in (empty.open, empty.refresh):
        with pytest.raises(
            IndexUnavailable, match=r"The Chroma server at http://127\.0\.0\.1:\d+ cannot be used"
        ) as caught:
            use()
        assert "Start it, or mend `chroma` in kit.toml" in str(caught.value) and caught.value.exit_code == 2
    with running(tmp_path / "server", port):
        assert empty.current == before and "2 years" in empty.first(QUERY)
        empty.refresh()
        assert "7 years" in empty.first(QUERY)


@contextmanager
def pretending(status: int, body: str, *, wait: float = 0.0) -> Iterator[str]:
    """A server that is not Chroma's."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            over.wait(wait)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None: ...

    over = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, "{}", "refuses access (401)"),
        (403, "{}", "refuses access (403)"),
        (404, "not found", "does not answer as Chroma 1.x does (status 404)"),
        (410, "the v1 API", "does not answer as Chroma 1.x does (status 410)"),
        (200, "<html>Welcome</html>", "does not answer as Chroma 1.x does (status 200)"),
        (500, "oh", "does not answer as Chroma 1.x does (status 500)"),
        (200, '{"nanosecond heartbeat": 1}', "cannot be used ("),  # and knows nothing else
    ],
)
def test_what_is_not_a_chroma_server_is_told(empty: Shop, status: int, body: str, says: str) -> None:
    with pretending(status, body) as url:
        empty.chroma = url
        with pytest.raises(IndexUnavailable) as caught:
            empty.refresh()
    assert f"The Chroma server at {url} {says}" in str(caught.value)
    assert empty.builds == set()


def test_a_server_that_does_not_answer_is_not_waited_for(empty: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chroma, "_SECONDS", 0.2)
    with pretending(200, "{}", wait=30) as url:
        empty.chroma = url
        with pytest.raises(IndexUnavailable, match=r"cannot be used \(timed out\)"):
            empty.refresh()


def test_a_workspace_takes_the_address_from_its_settings(
    tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kit.models.load_embedder", lambda *args, **options: FakeEmbedder())
    create_workspace(tmp_path / "shop")
    text = (tmp_path / "shop/kit.toml").read_text()
    (tmp_path / "shop/kit.toml").write_text(f'chroma = "{server}/"\n{text}')
    for name, content in ARTICLES.items():
        path = tmp_path / "shop/playbooks/knowledge" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    space = Workspace.open(tmp_path / "shop")
    space.index()
    assert "2 years" in space.search(QUERY)[0].passage.text
    assert space.retriever.build.manifest.store == server
