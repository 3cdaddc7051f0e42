import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from kit.errors import KitError
from kit.models.fake_server import Behaviour, FakeOpenAI, FakeReranker, Kind, answer_from_passages

ROOT = Path(__file__).parents[1]
PROMPT = """Passages:

[setup/reset#1] Reset your thermostat > Steps
Hold the dial for ten seconds. The screen goes dark. Then let go.

[billing/plans#2] Plans > Prices
The plan costs 4.99 a month. It renews itself.

Question: how do I reset it?"""


def call(
    server: FakeOpenAI | FakeReranker, body: dict[str, Any] | bytes, path: str = "/v1/chat/completions"
) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=60)
    try:
        connection.request("POST", path, body if isinstance(body, bytes) else json.dumps(body))
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()
    finally:
        connection.close()


def ask(server: FakeOpenAI, prompt: str = PROMPT, **more: Any) -> str:
    status, _, body = call(server, {"model": "fake", "messages": [{"role": "user", "content": prompt}], **more})
    assert status == 200
    return body


def answer(server: FakeOpenAI, prompt: str = PROMPT) -> str:
    return str(json.loads(ask(server, prompt))["choices"][0]["message"]["content"])


def events(body: str) -> Iterator[str]:
    for block in body.split("\n\n")[:-1]:
        assert block.startswith("data: ")
        yield block.removeprefix("data: ")


def test_a_plain_answer_has_the_shape_of_the_protocol() -> None:
    with FakeOpenAI(reply="Twelve signs") as server:
        body = json.loads(ask(server, "Eight ch"))
    assert body["object"] == "chat.completion"
    assert body["choices"][0]["message"]["role"] == "assistant"
    assert body["choices"][0]["finish_reason"] == "stop"
    assert body["usage"] == {"prompt_tokens": 3, "completion_tokens": 3, "total_tokens": 6}


def test_a_stream_adds_up_to_the_reply_and_ends_with_done() -> None:
    text = "  Hold the dial.\n\n1. Wait  ten seconds.\n"
    with FakeOpenAI(reply=text) as server:
        *chunks, done = events(ask(server, stream=True, stream_options={"include_usage": True}))
    decoded = [json.loads(chunk) for chunk in chunks]
    assert done == "[DONE]"
    assert "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in decoded if chunk["choices"]) == text
    assert len(decoded) > 4
    assert decoded[-2]["choices"][0]["finish_reason"] == "stop"
    assert decoded[-1]["usage"]["completion_tokens"] == 10


def test_models_are_listed() -> None:
    with FakeOpenAI() as server:
        connection = http.client.HTTPConnection(urlsplit(server.base_url).netloc, timeout=60)
        connection.request("GET", "/v1/models")
        body = json.loads(connection.getresponse().read())
        connection.close()
    assert [model["id"] for model in body["data"]] == ["fake"]


def test_the_default_reply_is_the_first_two_sentences_of_the_first_passage() -> None:
    with FakeOpenAI() as server:
        lines = [json.loads(line) for line in answer(server).split("\n")]
    said = ("Hold the dial for ten seconds.", "The screen goes dark.")
    assert lines == [{"text": text, "passages": ["setup/reset#1"]} for text in said]


def test_the_default_reply_reads_the_last_user_message_only() -> None:
    messages: list[dict[str, Any]] = [
        {"role": "user", "content": PROMPT},
        {"role": "assistant", "content": "[a#1] No\nNot this."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "[b#1] Plans\nOnly one sentence here\n\nQuestion: why?"}],
        },
    ]
    expected = {"text": "Only one sentence here", "passages": ["b#1"]}
    assert json.loads(answer_from_passages({"messages": messages})) == expected


@pytest.mark.parametrize("prompt", ["how do I reset it?", "", "[a title] Plans\nIt costs 4.99."])
def test_the_default_reply_without_a_passage_cites_nothing(prompt: str) -> None:
    with FakeOpenAI() as server:
        assert answer(server, prompt) == "I have no passage to answer from."


def test_behaviours_are_consumed_and_the_last_repeats() -> None:
    behaviour: list[Behaviour | Kind] = [Behaviour("status", status=500), "unfinished", "empty", "ok"]
    with FakeOpenAI(behaviour=behaviour, reply=["one", "two"]) as server:
        assert call(server, {"messages": [{"role": "user", "content": "x"}]})[0] == 500
        assert answer(server) == "o"
        assert [answer(server) for _ in range(4)] == ["", "one", "two", "two"]


def test_a_reply_function_gets_the_request_and_its_fault_becomes_a_500() -> None:
    def reply(request: dict[str, Any]) -> str:
        return str(request["messages"][-1]["content"].upper() if request["model"] else 1 / 0)

    with FakeOpenAI(reply=reply) as server:
        assert answer(server, "loud") == "LOUD"
        status, _, body = call(server, {"model": "", "messages": [{"role": "user", "content": "x"}]})
    assert status == 500
    assert "ZeroDivisionError" in body


def test_requests_are_recorded_from_many_threads() -> None:
    with FakeOpenAI(reply=[str(number) for number in range(24)]) as server, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: answer(server, f"question {number}"), range(24)))
        server.requests.clear()
        seen = [request["messages"][0]["content"] for request in server.requests]
    assert sorted(seen) == sorted(f"question {number}" for number in range(24))
    assert sorted(answers, key=int) == [str(number) for number in range(24)]


@pytest.mark.parametrize(
    ("body", "path", "status"),
    [
        (b"{not json", "/v1/chat/completions", 400),
        (b"[1]", "/v1/chat/completions", 400),
        (b'{"messages": []}', "/v1/chat/completions", 400),
        (b'{"messages": ["hi"]}', "/v1/chat/completions", 400),
        (b"{}", "/chat/completions", 404),
    ],
)
def test_a_wrong_request_is_refused_and_not_recorded(body: bytes, path: str, status: int) -> None:
    with FakeOpenAI() as server:
        refused, _, told = call(server, body, path)
        assert (refused, server.requests) == (status, [])
    assert json.loads(told)["error"]["message"]


@pytest.mark.parametrize(("retry_after", "header"), [(None, None), (2, "2"), (0.5, "0.5")])
def test_a_status_comes_with_or_without_retry_after(retry_after: float | None, header: str | None) -> None:
    with FakeOpenAI(behaviour=Behaviour("status", status=429, retry_after=retry_after)) as server:
        status, headers, _ = call(server, {"messages": [{"role": "user", "content": "x"}]})
    assert (status, headers.get("Retry-After")) == (429, header)


def test_a_huge_answer_is_a_mebibyte() -> None:
    with FakeOpenAI(behaviour="huge") as server:
        assert len(answer(server)) == 1024 * 1024


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("kind", ["bad_json", "truncated_json"])
def test_broken_json_comes_in_a_whole_response(kind: Kind, stream: bool) -> None:
    with FakeOpenAI(behaviour=kind) as server:
        body = ask(server, stream=stream)
    last = list(events(body))[-1] if stream else body
    with pytest.raises(json.JSONDecodeError):
        json.loads(last)
    assert last.startswith("{") == (kind == "truncated_json")


@pytest.mark.parametrize("stream", [False, True])
def test_a_cut_breaks_the_connection(stream: bool) -> None:
    with FakeOpenAI(behaviour="cut") as server, pytest.raises(http.client.IncompleteRead) as caught:
        ask(server, stream=stream)
    assert caught.value.partial


def test_an_unfinished_answer_ends_politely() -> None:
    with FakeOpenAI(behaviour="unfinished", reply="Half of this is missing.") as server:
        choice = json.loads(ask(server))["choices"][0]
        streamed = list(events(ask(server, stream=True)))
    assert (choice["message"]["content"], choice["finish_reason"]) == ("Half of this", "length")
    assert streamed
    assert all(json.loads(event)["choices"][0]["finish_reason"] is None for event in streamed)


def test_a_web_page_is_no_json() -> None:
    with FakeOpenAI(behaviour="web_page") as server:
        _, headers, body = call(server, {"messages": [{"role": "user", "content": "x"}]})
    assert headers["Content-Type"] == "text/html"
    assert body.startswith("<!doctype html>")


def test_stopping_breaks_off_a_slow_answer_and_an_idle_connection() -> None:
    before = set(threading.enumerate())
    with ThreadPoolExecutor(1) as pool:
        with FakeOpenAI(behaviour=Behaviour("slow", seconds=3600)) as server:
            address = urlsplit(server.base_url)
            idle = socket.create_connection((str(address.hostname), address.port or 0))
            idle.settimeout(60)
            slow = pool.submit(ask, server)
            while not server.requests:
                assert not slow.done()
        assert isinstance(slow.exception(), ConnectionResetError)
        assert idle.recv(1) == b""
        idle.close()
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        ask(server)


def test_a_slow_answer_comes() -> None:
    with FakeOpenAI(behaviour=Behaviour("slow", seconds=0.05), reply="At last.") as server:
        assert answer(server) == "At last."


def test_nothing_is_logged_even_when_a_client_hangs_up(capfd: pytest.CaptureFixture[str]) -> None:
    with FakeOpenAI(behaviour=["huge", "ok"]) as server:
        address = urlsplit(server.base_url)
        body = json.dumps({"messages": [{"role": "user", "content": "x"}]})
        with socket.create_connection((str(address.hostname), address.port or 0)) as client:
            client.sendall(f"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            client.recv(10)
        answer(server)
        call(server, b"", "/nowhere")
    assert capfd.readouterr() == ("", "")


def test_it_can_be_started_again_at_its_address() -> None:
    server = FakeOpenAI(reply="Back.")
    with server:
        first = server.base_url
    with server:
        assert (server.base_url, answer(server)) == (first, "Back.")


def test_what_cannot_work_is_said() -> None:
    with pytest.raises(KitError, match="not running"):
        _ = FakeOpenAI().base_url
    with pytest.raises(KitError, match="empty list"):
        FakeOpenAI(behaviour=[])
    with pytest.raises(KitError, match="empty list"):
        FakeOpenAI(reply=[])
    with FakeOpenAI() as server, pytest.raises(KitError, match=r"Port \d+ cannot be used: Address already in use"):
        FakeOpenAI(port=urlsplit(server.base_url).port or 0).__enter__()


# The reranker; how it behaves ill is told by the tests of what has to bear it.


def rerank(server: FakeReranker, body: Any) -> tuple[int, Any]:
    status, _, answered = call(server, body, "/v1/rerank")
    return status, json.loads(answered)


def test_a_reranking_has_the_shape_of_the_protocol() -> None:
    texts = ["The plan", "Reset the dial", "Nothing"]
    with FakeReranker() as server:
        status, body = rerank(server, {"model": "x", "query": "Reset the dial!", "documents": texts})
        _, two = rerank(server, {"model": "x", "query": "Reset", "documents": texts, "top_n": 2})
        assert [request["query"] for request in server.requests] == ["Reset the dial!", "Reset"]
        assert server.headers[0]["accept-encoding"] == "identity"
    assert (status, body["model"]) == (200, "x")
    assert body["results"] == [
        {"index": 1, "relevance_score": 1.0},
        {"index": 0, "relevance_score": pytest.approx(1 / 3)},
        {"index": 2, "relevance_score": 0.0},
    ]
    assert [result["index"] for result in two["results"]] == [1, 0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "The body is not JSON."),
        (b"[]", "The body must be an object."),
        ({"documents": ["a"]}, "'query' must be text."),
        ({"query": "a"}, "'documents' must be a list of one or more texts."),
        ({"query": "a", "documents": []}, "'documents' must be a list of one or more texts."),
        ({"query": "a", "documents": [{"text": "a"}]}, "'documents' must be a list of one or more texts."),
        ({"query": "a", "documents": ["a"], "top_n": 0}, "'top_n' must be a number above 0."),
        ({"query": "a", "documents": ["a"], "top_n": True}, "'top_n' must be a number above 0."),
    ],
    ids=str,
)
def test_a_reranking_that_is_asked_for_wrongly_is_refused(body: Any, says: str) -> None:
    with FakeReranker() as server:
        status, answered = rerank(server, body)
        assert (status, answered["error"]["message"]) == (400, says)
        assert call(server, {}, "/v1/chat/completions")[0] == 404
        assert server.requests == []


def test_scores_may_be_given_by_a_function_or_as_a_whole_body() -> None:
    body = {"query": "a", "documents": ["a", "b"]}
    with FakeReranker(reply=lambda request: [len(request["documents"]), 9]) as server:
        assert [result["relevance_score"] for result in rerank(server, body)[1]["results"]] == [9, 2]
    with FakeReranker(reply=lambda request: '{"anything": 1}') as server:
        assert rerank(server, body) == (200, {"anything": 1})
    with FakeReranker(reply=lambda request: [1 / 0]) as server:
        status, answered = rerank(server, body)
        assert (status, answered["error"]["message"]) == (
            500,
            "The reply function raised ZeroDivisionError: division by zero",
        )


def test_the_command_can_be_a_reranker() -> None:
    command = [sys.executable, "-W", "error", "-m", "kit.models.fake_server", "--rerank"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        server = FakeReranker(port=urlsplit(process.stdout.readline().strip()).port or 0)
        status, body = rerank(server, {"query": "a", "documents": ["a"]})
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=60)
    assert (status, body["results"]) == (200, [{"index": 0, "relevance_score": 1.0}])
    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_interrupted(number: signal.Signals) -> None:
    command = [sys.executable, "-W", "error", "-m", "kit.models.fake_server"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        server = FakeOpenAI(port=urlsplit(process.stdout.readline().strip()).port or 0)
        told = answer(server)
        process.send_signal(number)
        rest, errors = process.communicate(timeout=60)
    assert told.endswith('"passages": ["setup/reset#1"]}')
    assert (process.returncode, rest, errors) == (0, "", "")


def test_the_command_says_that_its_port_is_taken() -> None:
    with FakeOpenAI() as server:
        port = str(urlsplit(server.base_url).port)
        command = [sys.executable, "-m", "kit.models.fake_server", "--port", port]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Port {port} cannot be used")
