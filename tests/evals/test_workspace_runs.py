"""Runs of a workspace: what they say of it, what costs nothing the second time, and what a chat model costs."""

import ast
import json
from pathlib import Path

import pytest

import kit
from kit.errors import KitError
from kit.evals import Means, Run
from kit.models.fake_server import FakeOpenAI
from kit.workspace import Workspace
from kit.workspace.conversing import _CONVERSING, _UNREAD, _WITHOUT_EFFECT
from tests.test_structure import LEVEL

SUITE = """suite: few
cases:
  - {id: plus, question: How much does Plus cost?, expect: answer, articles: [plans-and-billing/plans-and-prices]}
  - {id: refund, turns: [I want a refund, BL-104233], expect: hand_off, playbook: refund}
  - {id: poem, question: write me a poem about cheese, expect: decline}
"""


@pytest.fixture
def space(indexed_workspace: Path) -> Path:
    """The sample with one small suite."""
    for path in (indexed_workspace / "evals").glob("*.yaml"):
        path.unlink()
    first = Workspace.open(indexed_workspace).search("How much does Plus cost?")[0].passage.article_id
    text = SUITE.replace("plans-and-billing/plans-and-prices", first)
    (indexed_workspace / "evals" / "few.yaml").write_text(text)
    return indexed_workspace


def chat(space: Path, server: FakeOpenAI, *lines: str) -> None:
    """Sets the workspace up with the fake model."""
    text = (space / "kit.toml").read_text()
    more = [f'model = "openai:fake"\nbase_url = "{server.base_url}"\nmax_retries = 0\ntimeout_seconds = 20', *lines]
    assert "\n[chat]" not in text
    (space / "kit.toml").write_text(text + "\n[chat]\n" + "\n".join(more) + "\n")


def cached(run: Run) -> int:
    return run.info.tally.cached


def test_a_run_says_all_and_a_rerun_costs_only_what_changed(space: Path) -> None:
    run = Workspace.open(space).evaluate()
    facts = run.info.facts
    assert {"settings", "prompt", "playbooks", "tools", "corpus", "embedder", "code", "chat_model"} <= set(facts)
    assert run.info.day and run.info.versions["onnxruntime"] and not run.info.tally.spent.calls
    plus, refund, poem = run.records
    assert plus.transcript and plus.transcript.retrieved[0].startswith(plus.case.articles[0])
    assert refund.transcript and refund.transcript.fields["order_number"] == "BL-104233"
    assert refund.transcript.tools[0].tool == "order_lookup"
    assert poem.transcript and poem.transcript.usage.cost == 0
    assert cached(Workspace.open(space).evaluate()) == 3
    assert cached(Workspace.open(space).evaluate(means=Means(cache=False))) == 0
    # What is right, what it costs, what is aimed at: none of it is said in a conversation.
    suite, settings = space / "evals" / "few.yaml", space / "kit.toml"
    suite.write_text(suite.read_text().replace("playbook: refund", "reason: [customer_request]"))
    settings.write_text(settings.read_text().replace("per_agent_contact = 6.50", "per_agent_contact = 7.50"))
    again = Workspace.open(space).evaluate()
    assert cached(again) == 3 and again.records[1].scores != refund.scores
    # Tools, playbooks, articles, thresholds: any of it may change any reply.
    tools = space / "playbooks" / "tools.yaml"
    for path, old, new in (
        (tools, "total: 189", "total: 190"),
        (space / "playbooks" / "refund.md", "ask: What is your order", "ask: Which is your order"),
        (settings, "[assistant]\n", "[assistant]\nmax_turns = 19\n"),
    ):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        assert cached(Workspace.open(space).evaluate()) == 0
    article = next((space / "playbooks" / "knowledge").rglob("*.md"))
    article.write_text(article.read_text() + "\nOne more sentence on lamps.\n")
    Workspace.open(space).index()
    assert cached(Workspace.open(space).evaluate()) == 0


def test_a_chat_model_is_counted_priced_and_limited(space: Path) -> None:
    with FakeOpenAI() as server:
        chat(space, server, "input_price = 2.0", "output_price = 8.0")
        run = Workspace.open(space).evaluate()
        usage = run.records[0].transcript and run.records[0].transcript.usage
        assert usage and usage.calls == 1 and usage.cost
        assert usage.cost == pytest.approx((usage.input_tokens * 2 + usage.output_tokens * 8) / 1e6)
        assert run.info.tally.spent.cost == pytest.approx(sum(one.spent.cost or 0 for one in run.records))
        assert not run.info.tally.fell_back and not run.info.tally.troubled
        again = Workspace.open(space).evaluate()
        assert cached(again) == 3 and again.info.tally.spent.cost == 0
        assert again.records[0].transcript and again.records[0].transcript.usage == usage
        limited = Means(max_cost=usage.cost / 2, cache=False, workers=1)
        stopped = Workspace.open(space).evaluate(means=limited)
        assert not stopped.complete and len(stopped.records) == 1 and "limit on cost" in stopped.info.stopped
        # The price is no part of what was said, so it is not asked again, and costs what it costs today.
        (space / "kit.toml").write_text((space / "kit.toml").read_text().replace("= 2.0", "= 4.0"))
        dearer = Workspace.open(space).evaluate()
        now = dearer.records[0].transcript and dearer.records[0].transcript.usage.cost
        assert cached(dearer) == 3 and now == pytest.approx((usage.input_tokens * 4 + usage.output_tokens * 8) / 1e6)
        with pytest.raises(KitError, match=r"has changed: settings\.chat\.input_price"):
            Workspace.open(space).resume(str(stopped.folder))
        (space / "kit.toml").write_text((space / "kit.toml").read_text().replace("= 4.0", "= 2.0"))
        resumed = Workspace.open(space).resume(stopped.id)
        assert resumed.complete and len(resumed.records) == 3 and cached(resumed) == 2


def test_a_model_that_is_down_makes_errors_and_one_that_makes_things_up_a_fallback(space: Path) -> None:
    with FakeOpenAI(behaviour="bad_json") as server:
        chat(space, server)
        down = Workspace.open(space).evaluate()
    assert down.records[0].error and "broken answer" in down.records[0].error and not down.records[0].scores
    assert (down.info.tally.errors, down.info.tally.fell_back, down.summary.overall.errors) == (1, 0, 1)
    settings = (space / "kit.toml").read_text()
    with FakeOpenAI(reply="The moon is made of cheese, and so is the price. [1]") as server:
        (space / "kit.toml").write_text(settings[: settings.index("[chat]")])
        chat(space, server)
        run = Workspace.open(space).evaluate()
    assert (run.info.tally.errors, run.info.tally.fell_back) == (0, 1) and run.records[0].fell_back
    assert run.records[0].transcript and run.records[0].transcript.reply.outcome == "answered"


def test_a_limit_on_cost_without_a_price_is_refused(space: Path) -> None:
    with FakeOpenAI() as server:
        chat(space, server)
        with pytest.raises(KitError, match="cost cannot be limited"):
            Workspace.open(space).evaluate(means=Means(max_cost=1.0))
        assert server.requests == []
    assert not list((space / ".kit" / "runs").glob("*/run.json"))


def test_scoring_a_workspaces_run_again(space: Path) -> None:
    run = Workspace.open(space).evaluate()
    suite = space / "evals" / "few.yaml"
    suite.write_text(suite.read_text().replace("id: poem,", "id: poem, must_contain: [cheddar],"))
    same = Workspace.open(space).rescore(embeddings=False)
    assert same.records[2].scores["must_contain"].value is None
    stricter = Workspace.open(space).rescore(run.id, expectations=True, embeddings=False, out=space / "again")
    assert stricter.records[2].scores["must_contain"].value == 0
    assert (space / "again" / "report.html").is_file()


def test_no_turn_reads_what_the_cache_leaves_out() -> None:
    """Conversations are taken from the cache although these settings, and the code of these rooms, have changed."""
    package = Path(kit.__file__).parent
    below = [path for path in package.rglob("*.py") if LEVEL[_room(package, path)] < LEVEL["evals"]]
    assert len(below) > 100
    wrong = [
        f"{path}:{node.lineno}: {node.attr}"
        for path in [*below, package / "workspace" / "assisting.py"]
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in _UNREAD and "settings" in ast.unparse(node.value)
    ]
    assert wrong == []
    assert {name.removesuffix(".py") for name in _WITHOUT_EFFECT} == {
        room for room, level in LEVEL.items() if level >= LEVEL["evals"]
    } - {"workspace", "__main__", "__init__"}
    assert all((package / name).exists() for name in _CONVERSING)


def _room(package: Path, path: Path) -> str:
    return path.relative_to(package).parts[0].removesuffix(".py")


def test_the_log_holds_no_path_of_this_machine(space: Path) -> None:
    run = Workspace.open(space).evaluate()
    for name in ("run.json", "cases.jsonl", "scores.jsonl", "summary.json"):
        assert str(space) not in (run.folder / name).read_text()
    assert json.loads((run.folder / "run.json").read_text())["tally"]["lines"] == 3
