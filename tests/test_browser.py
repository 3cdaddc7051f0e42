"""The app as its visitors meet it: the real command, a real browser, a question and its cited answer."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.install_browser import find_browser

HOSTILE = (
    "<img src=x onerror=alert(1)> ![p](https://evil.example/p.png) [a](https://evil.example) www.evil.example **b**"
)
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@pytest.fixture
def demo(indexed_workspace: Path) -> Iterator[tuple[Path, str]]:
    """`kit demo` on a copy of the sample workspace; it must end at once and without a word when told to."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-W", "error", "-m", "kit", "demo", "-w", str(indexed_workspace), "--port", port]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("Open http://127.0.0.1:"), line + process.communicate(timeout=60)[1]
        yield indexed_workspace, line.removeprefix("Open ").strip()
        process.send_signal(signal.SIGTERM)
        assert (*process.communicate(timeout=60), process.returncode) == ("", "", 0)
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def browser() -> Iterator[Browser]:
    path = find_browser()
    assert path, "There is no Chromium. Run `python tests/install_browser.py`."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=SWITCHES.split())
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    """What the browser complained of, and what it asked of anyone but the app."""
    return []


def open_page(browser: Browser, url: str, problems: list[str]) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})

    def complaint(message: ConsoleMessage) -> None:
        if message.type == "error":
            problems.append(message.text)

    page.on("console", complaint)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda one: None if one.url.startswith((url, "data:", "blob:")) else problems.append(one.url))
    page.goto(url)
    return page


def ask(page: Page, message: str) -> None:
    page.get_by_placeholder("Ask as a customer would").fill(message)
    page.get_by_role("button", name="Send").click()


def test_a_question_gets_a_cited_answer(demo: tuple[Path, str], browser: Browser, problems: list[str]) -> None:
    workspace, url = demo
    page = open_page(browser, url, problems)
    expect(page.get_by_role("note")).to_contain_text("an AI")
    expect(page.get_by_role("button", name=re.compile("Select example"))).to_have_count(4)
    other = open_page(browser, url, problems)

    ask(page, "how much does plus cost per month")
    replies, panel = page.locator("#kit-messages .bot.message"), page.locator("#kit-panel")
    expect(replies).to_contain_text("$4.99", timeout=20_000)
    expect(panel).to_contain_text("Answered")
    expect(panel).to_contain_text("Plans and prices")
    expect(panel.locator("blockquote").first).to_contain_text("$4.99")
    expect(panel.get_by_role("link")).to_have_attribute("href", re.compile("^https://help.brightloom.example/"))

    trace = page.locator("#kit-trace")
    expect(trace).not_to_be_visible()
    page.get_by_role("button", name="How this reply was made").click()
    expect(trace).to_contain_text("retrieve")

    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.get_by_role("button", name="Liked")).to_be_visible()
    feedback = workspace / ".kit" / "audit" / "feedback.jsonl"
    for _ in range(100):
        if feedback.exists() and feedback.stat().st_size:
            break
        page.wait_for_timeout(100)
    rated = json.loads(feedback.read_text(encoding="utf-8"))
    asked = json.loads((workspace / ".kit" / "audit" / "turns.jsonl").read_text(encoding="utf-8"))
    assert (rated["conversation_id"], rated["turn"], rated["liked"]) == (asked["conversation_id"], asked["turn"], True)

    # What a visitor writes is text, whatever it looks like.
    ask(page, HOSTILE)
    written = page.locator("#kit-messages .user.message").last
    expect(written).to_have_text(HOSTILE)
    expect(replies).to_have_count(2, timeout=20_000)
    assert page.locator("#kit-messages .prose").locator("img, a, strong").count() == 0

    # Another tab is another conversation.
    assert other.locator("#kit-messages .message").count() == 0
    page.get_by_role("button", name="New conversation").click()
    expect(replies).to_have_count(0)
    expect(panel).not_to_contain_text("Plans and prices")

    page.get_by_role("tab", name="Evaluation").click()
    expect(page.locator("#kit-figures")).to_contain_text("No eval run yet. Run kit eval.")
    assert problems == []
