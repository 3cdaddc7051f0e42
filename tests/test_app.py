"""The browser app without a browser: what it shows, what it keeps, where it serves."""

import json
import re
import socket
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.error import HTTPError

import gradio as gr
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from kit.app import choose_port, server
from kit.app.backend import Backend, open_backend
from kit.app.evaluation import evaluation_html
from kit.app.markdown import escape_markdown, plain_text, safe_markdown, web_host
from kit.app.page import Handlers, build_page
from kit.app.panel import confidence_text, panel_html, trace_html
from kit.app.session import Session, respond
from kit.assistant import Citation, Conversation, Reply, TraceStep
from kit.cli import app
from kit.errors import KitError
from kit.evals import Tools, run_suites
from kit.governance import AuditStore
from kit.playbooks import Handoff
from kit.scaffold import create_workspace
from kit.workspace import Workspace
from tests.scripted import Letters, Scripted, handoff, reply, suite

EVIL = "<script>alert(1)</script>"
PLUS = Reply(
    outcome="answered",
    text="Plus costs **$4.99**. See [plans](https://help.x.example/plans) or [this](https://evil.example/).",
    citations=(
        Citation(
            article_id="billing/plans",
            passage_id="billing/plans#2",
            quote="| Monthly price | $4.99 |",
            title="Plans and prices",
            url="https://help.x.example/plans",
        ),
    ),
    confidence=0.834,
    trace=(TraceStep(node="decide", summary="answer: 0.83 ≥ 0.50", ms=1.26),),
    latency_ms=12.0,
)


class Streams(Scripted):
    """Says its replies word by word; a reply of only "later" breaks off half way."""

    def stream(self, conversation: Conversation, message: str) -> Iterator[str | tuple[Conversation, Reply]]:
        found = self.script[message]
        if isinstance(found, Exception):
            yield "I was about to say"
            raise found
        yield from re.findall(r"\S+\s*", found.text)
        yield conversation.said("customer", message).said("assistant", found.text), found


def headings(article_id: str, passage_id: str) -> tuple[str, ...]:
    return ("The three plans",) if passage_id.endswith("#2") else ()


@pytest.fixture
def backend(tmp_path: Path) -> Backend:
    script = {
        "plus?": PLUS,
        "hello": reply("Hello.", "answered"),
        "model": KitError("No key."),
        "bug": ZeroDivisionError(),
    }
    return Backend(
        company="Acme",
        disclosure="You are chatting with Acme's assistant, an AI.",
        assistant=Streams(script),
        audit=AuditStore(tmp_path / "audit"),
        runs=tmp_path / "runs",
        examples=("plus?",),
        playbook_titles={"refund": "Return an order"},
        headings=headings,
        max_message_chars=200,
    )


class Page(HTMLParser):
    """What a browser would make of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


def words(html: str) -> str:
    """The text of some HTML with single spaces."""
    return " ".join(Page(html).text.split())


# Text


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("**Press** *and* hold", "**Press** *and* hold"),
        ("1. One\n2. Two\n   - a\n   - b", "1. One\n2. Two\n   - a\n   - b"),
        ("3. Three\n4. Four", "3. Three\n4. Four"),
        ("# Title\n\nText", "**Title**\n\nText"),
        ("> said\n> so", "> said\n> so"),
        ("a `b<c` d", "a `b<c` d"),
        ("```html\n<b>\n```", "```\n<b>\n```"),
        ("| a | b |\n|---|---|\n| 1 | `x\\|y` |", "| a | b |\n| --- | --- |\n| 1 | `x\\|y` |"),
        (EVIL, r"\<script\>alert(1)\</script\>"),
        ("![pixel](https://evil.example/p.png)", "pixel"),
        ("[plans](https://help.x.example/a)", "[plans](<https://help.x.example/a>)"),
        ("[plans](https://HELP.x.example/a)", "[plans](<https://HELP.x.example/a>)"),
        ("[plans](../plans.md)", "plans"),
        ("[x](javascript:alert)", r"\[x\](javascript:alert)"),
        ("[x](https://help.x.example.evil.example/)", "x"),
        ("[x](https://help.x.example@evil.example/)", "x"),
        ("see https://evil.example or www.evil.example", r"see https\://evil.example or www\.evil.example"),
        ("xwww.evil.example, x.@evil.example", r"xwww\.evil.example, x.\@evil.example"),
        ("<https://evil.example>", r"https\://evil.example"),
        ("[x][1]\n\n[1]: https://evil.example", "x"),
        ("costs $4.99 & tax", r"costs $4.99 \& tax"),
    ],
)
def test_safe_markdown(text: str, safe: str) -> None:
    assert safe_markdown(text, {"help.x.example"}) == safe


@given(st.text("ab1.: -+*_#>|<&![](){}`~=\\/\n\tx@", max_size=60) | st.text(max_size=40))
def test_nothing_acts_in_safe_markdown(text: str) -> None:
    # A parser that takes HTML, as the browser's does, finds none, and reads what was meant.
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(safe_markdown(text))
    kinds = {child.type for token in tokens for child in [token, *(token.children or [])]}
    assert not kinds & {"html_block", "html_inline", "image", "link_open", "s_open"}
    again = plain_text(safe_markdown(text))
    assert again.split() == plain_text(text).split()


@given(st.text("ab1.: -+*_#>|<&![](){}`~=\\/\n\tx@", max_size=60))
def test_what_a_customer_writes_is_shown_as_it_is(text: str) -> None:
    assert plain_text(escape_markdown(text)).split() == text.split()


def test_plain_text() -> None:
    assert (
        plain_text("1. Hold **the ring**.\n2. [Connect](../wifi.md) again.") == "1. Hold the ring.\n2. Connect again."
    )
    assert plain_text("| a | b |\n|---|---|\n| 1 | **2** |") == "a | b\n1 | 2"


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://A.example/x", "a.example"), ("ftp://a", ""), ("javascript:alert(1)", ""), ("a/b", ""), ("http://[", "")],
)
def test_web_host(url: str, host: str) -> None:
    assert web_host(url) == host


# The panel


def test_panel_of_an_answer() -> None:
    page = Page(panel_html(PLUS, headings=headings))
    for part in ("Answered", "Confidence 83 %", "Plans and prices", "The three plans", "Monthly price | $4.99"):
        assert part in page.text
    assert page.links == ["https://help.x.example/plans"]
    assert "Hand-off" not in page.text


def test_one_article_cited_twice_is_one_source() -> None:
    first = PLUS.citations[0]
    twice = PLUS.model_copy(
        update={"citations": (first, first.model_copy(update={"passage_id": "billing/plans#3", "quote": "Free."}))}
    )
    page = Page(panel_html(twice, headings=headings))
    assert page.tags.count("article") == 1 and page.tags.count("blockquote") == 2


def test_panel_of_a_hand_off() -> None:
    passed = Reply(
        outcome="handed_off",
        text="A colleague will help.",
        playbook="refund",
        handoff=Handoff(
            reason="policy_restriction",
            team="Payments",
            priority="urgent",
            summary="Order too old.",
            fields={"order_number": "BL-104233", "opened": True},
        ),
    )
    text = words(panel_html(passed, headings=headings, playbook_titles={"refund": "Return an order"}))
    for part in ("Handed off", "Return an order", "Payments", "Urgent", "Order number BL-104233", "Opened yes"):
        assert part in text
    assert "Confidence" not in text


def test_nothing_in_the_panel_is_html() -> None:
    citation = Citation(article_id=EVIL, passage_id="p#1", quote=EVIL, title=EVIL, url=f"https://x.example/{EVIL}'\"")
    evil = Reply(
        outcome="handed_off",
        text=EVIL,
        citations=(citation, citation.model_copy(update={"article_id": "b", "url": "javascript:alert(1)"})),
        playbook=EVIL,
        handoff=Handoff(reason="safety", team=EVIL, summary=EVIL, fields={EVIL: EVIL}),
        trace=(TraceStep(node=EVIL, summary=EVIL, ms=1),),
    )
    for html in (panel_html(evil, headings=lambda *_: (EVIL,)), trace_html(evil)):
        page = Page(html)
        assert not {"script", "img"} & set(page.tags)
        assert EVIL in page.text
    assert len(Page(panel_html(evil, headings=headings)).links) == 1


def test_confidence_text() -> None:
    assert confidence_text(0.834) == "Confidence 83 %"
    assert confidence_text(None) == ""


def test_trace() -> None:
    text = words(trace_html(PLUS))
    assert "decide answer: 0.83 ≥ 0.50 1.3" in text and text.endswith("The whole turn 12.0")


# Turns and ratings


def test_a_reply_comes_in_pieces_and_then_whole(backend: Backend) -> None:
    *pieces, last = respond(backend, Session(), "plus?")
    assert [len(step.messages) for step in pieces[:2]] == [1, 2]
    assert pieces[1].messages[1]["content"] == "Plus"
    assert all("](<" not in step.messages[-1]["content"] for step in pieces)
    assert last.session is not None and last.session.last == PLUS
    # Only the link to the cited article's host is one.
    assert last.messages[1]["content"].endswith("See [plans](<https://help.x.example/plans>) or this.")


@pytest.mark.parametrize(("message", "said"), [("model", "No key."), ("bug", "Something went wrong")])
def test_a_turn_that_fails_leaves_the_conversation_as_it_was(backend: Backend, message: str, said: str) -> None:
    (*_, done) = respond(backend, Session(), "hello")
    assert done.session
    *_, last = respond(backend, done.session, message)
    assert last.messages == done.messages and last.session is None and last.error.startswith(said)


def test_the_message_that_failed_goes_back_to_the_box(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda text, **_: warned.append(text))
    steps = [values[:2] for values in Handlers(backend).turn("model", Session())]
    assert (steps[0][1], steps[-1], warned) == ("", ([], "model"), ["No key."])


def test_what_is_written_while_a_reply_comes_stays(backend: Backend) -> None:
    first, *others = (values[1] for values in Handlers(backend).turn("plus?", Session()))
    assert first == "" and all(box == gr.skip() for box in others)


def turns(handlers: Handlers, *messages: str) -> Session:
    session = Session()
    for message in messages:
        *_, values = handlers.turn(message, session)
        session = values[-1]
    return session


def test_thumbs_are_kept_with_conversation_and_turn(backend: Backend) -> None:
    handlers = Handlers(backend)
    one, other = turns(handlers, "plus?", "hello"), turns(handlers, "hello")
    for session, index, liked in [
        (one, 3, True),
        (one, 1, False),
        (other, 1, True),
        (one, 3, ""),
        (Session(), 1, True),
    ]:
        handlers.rate(session, gr.LikeData(None, {"index": index, "value": "", "liked": liked}))
    kept = [(row["conversation_id"], row["turn"], row["liked"]) for row in backend.audit.feedback()]
    assert kept == [("1", 2, True), ("1", 1, False), ("2", 1, True)]


def test_an_empty_message_changes_nothing(backend: Backend) -> None:
    (values,) = Handlers(backend).turn("  \n", Session())
    assert values[1] == "" and all(value == gr.skip() for value in (values[0], *values[2:]))


# Evaluation


def test_evaluation_tab(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    assert "No eval run yet" in evaluation_html(runs)
    cases = f"cases:\n  - {{id: plus, question: '{EVIL}', expect: answer, articles: [plans]}}"
    cases = f"gate: {{containment: {{min: 0.9}}}}\n{cases}"
    old, new = Scripted({EVIL: reply("It is 4.99", "answered", "plans")}), Scripted({EVIL: handoff()})
    for name, assistant in (("b-old", old), ("a-new", new)):
        run_suites(assistant, [suite(tmp_path, cases)], folder=runs / name, facts={}, tools=Tools(embedder=Letters()))
    page = Page(evaluation_html(runs))
    for part in ("Run a-new", "1 of 1 cases", "Gate failed", "n = 1", "Deflection", "1 of 1 cases have a fault", EVIL):
        assert part in words(evaluation_html(runs))
    assert "script" not in page.tags
    (runs / "a-new" / "run.json").write_text("{}")
    assert "cannot be shown" in evaluation_html(runs)


# Serving


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


def test_a_taken_port_gives_the_next_free_one(busy: int, capsys: pytest.CaptureFixture[str]) -> None:
    port = choose_port(busy)
    assert busy < port <= busy + 50
    assert capsys.readouterr().out == f"Port {busy} is taken, using {port}.\n"
    assert choose_port(port) == port and capsys.readouterr().out == ""


def test_no_free_port(busy: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "TRIES", 0)
    with pytest.raises(KitError, match=f"No port from {busy} to {busy} is free"):
        choose_port(busy)


def test_only_the_page_is_served(backend: Backend, capsys: pytest.CaptureFixture[str]) -> None:
    served = server.serve(server.in_loop(lambda: build_page(backend)), port=choose_port(7870), block=False)
    try:
        assert capsys.readouterr().out.splitlines()[-1] == f"Open {served.url}"
        with urllib.request.urlopen(served.url) as page:
            text = page.read().decode()
            assert "default-src 'self'" in page.headers["content-security-policy"]
        config = json.loads(text.split("window.gradio_config = ")[1].split(";</script>")[0])
        assert "You are chatting with Acme&#39;s assistant, an AI." in json.dumps(config)
        assert config["run_history"] is False and config["analytics_enabled"] is False
        assert "fonts.googleapis" not in text
        for path in ("monitoring", "gradio_api/info", "gradio_api/file=/etc/hostname", "gradio_api/vibe-code"):
            with pytest.raises(HTTPError, match="404"):
                urllib.request.urlopen(f"{served.url}/{path}")
    finally:
        served.close()
    with pytest.raises(OSError):
        urllib.request.urlopen(served.url)


# The command


def test_demo_builds_the_index_when_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article = tmp_path / "returns.md"
    article.write_text("# Returns\n\nYou can return an order within 30 days.\n", encoding="utf-8")
    path = tmp_path / "acme"
    create_workspace(path, docs=[article])
    launched: list[tuple[Path, int]] = []
    monkeypatch.setattr("kit.app.launch", lambda space, *, port: launched.append((space.root, port)))
    first, second = (CliRunner().invoke(app, ["demo", "-w", str(path), "--port", "7999"]) for _ in range(2))
    assert first.output.startswith("There is no index yet. Building it.\nIndexed 1 articles")
    assert second.output == ""
    assert launched == [(path, 7999)] * 2


def test_the_page_takes_its_words_from_the_workspace(indexed_workspace: Path) -> None:
    backend = open_backend(Workspace.open(indexed_workspace))
    assert backend.disclosure.startswith("You are chatting with") and "{" not in backend.disclosure
    assert len(backend.examples) == 4
    *_, last = respond(backend, Session(), "how much does plus cost per month")
    assert last.session is not None and last.session.last is not None
    cited = {backend.headings(one.article_id, one.passage_id) for one in last.session.last.citations}
    assert cited and all(isinstance(heading, str) for found in cited for heading in found)
