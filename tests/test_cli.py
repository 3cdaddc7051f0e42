"""Every command through its real entry point, as its users call it."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import kit as package
from kit.models.fake_server import Behaviour, FakeOpenAI, FakeReranker, Kind
from tests.conftest import Run

DISCLOSURE = "You are chatting with Brightloom's support assistant, an AI."
QUESTION = "how much is express shipping?"
REPLY_KEYS = ["id", "outcome", "text", "citations", "confidence", "playbook", "handoff", "latency_ms"]


@pytest.fixture(scope="module")
def demo(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The indexed sample workspace, for all commands that leave articles, playbooks and settings alone."""
    return Path(shutil.copytree(sample, tmp_path_factory.mktemp("cli") / "demo"))


def lines(text: str) -> list[dict[str, Any]]:
    """JSON lines; that they can be read line by line is the point."""
    assert text.endswith("\n")
    return [json.loads(line) for line in text.removesuffix("\n").split("\n")]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# Help


def test_help_and_version(kit: Run) -> None:
    shown = kit("--help")
    assert shown.returncode == 0 and shown.stderr == ""
    named = [line.split()[0] for line in shown.stdout.split("Commands:")[1].splitlines() if line.strip()]
    expected = {"init", "index", "search", "ask", "chat", "demo", "eval", "view", "playbooks", "doctor"}
    assert expected <= set(named)
    assert kit("--version").stdout == f"support-kit {package.__version__}\n"


# init and index


def test_from_a_folder_of_articles_to_hits(kit: Run, tmp_path: Path) -> None:
    """The life of an index: new, unchanged, changed, an article gone, made anew."""
    docs = tmp_path / "help"
    write(docs / "returns.md", "# Returns\n\nYou can return a lamp within 30 days of delivery.\n")
    write(docs / "orders" / "shipping.html", "<h1>Shipping</h1><p>Standard shipping costs $4.95 and takes 4 days.</p>")
    one = write(tmp_path / "warranty.txt", "Warranty\n\nThe warranty lasts 2 years from the day of delivery.\n")
    made = kit("init", "shop", "--docs", docs, "--docs", one, "--name", "Lumen & Co", cwd=tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout == "Made the workspace shop.\nNext: kit index -w shop\n"
    shop = tmp_path / "shop"
    assert 'name = "Lumen & Co"\n' in (shop / "kit.toml").read_text()

    deep = shop / "playbooks" / "knowledge" / "orders"
    new = kit("index", cwd=deep)  # the workspace is the nearest one upwards
    assert (new.returncode, new.stderr) == (0, "")
    assert new.stdout.startswith("Indexed 3 articles as 3 passages in ") and "(3 passages embedded)" in new.stdout

    again = kit("index", "-w", shop)
    assert again.stdout.splitlines() == [
        "Nothing has changed: 3 articles, 3 passages.",
        "Health: 3 articles, 3 passages; 3 without a date.",
    ]

    write(shop / "playbooks/knowledge/returns.md", "# Returns\n\nYou can return a lamp within 60 days of delivery.\n")
    (shop / "playbooks/knowledge/warranty.txt").unlink()
    write(shop / "playbooks/knowledge/price-list.adoc", "Prices\n======\n")
    changed = kit("index", "-w", shop)
    assert changed.stdout.startswith("Indexed 2 articles as 2 passages in ")
    assert "(1 passages embedded)" in changed.stdout
    *_, count, left_out = changed.stdout.splitlines()
    assert (
        count == "Left out 1:"
        and left_out == "  price-list.adoc: Files of the kind .adoc are not read. Convert it to Markdown."
    )

    refused = kit("index", "--strict", "-w", shop)
    assert (refused.returncode, refused.stdout) == (2, "")
    *named, error = refused.stderr.splitlines()
    assert named == [count, left_out]
    assert error.startswith("error: 1 file would be left out: price-list.adoc (Files of the kind .adoc are not read.")

    found = json.loads(kit("search", "warranty", "--json", "--top", "10", "-w", shop).stdout)
    assert list(found) == ["id", "hits"] and found["id"] is None
    assert {hit["article_id"] for hit in found["hits"]} == {"returns", "orders/shipping"}
    assert any("60 days" in hit["text"] for hit in found["hits"])

    rebuilt = json.loads(kit("index", "--rebuild", "--json", "-w", shop).stdout)
    assert list(rebuilt) == ["articles", "passages", "skipped", "embedded", "seconds"] and rebuilt["seconds"] > 0
    assert (rebuilt["articles"], rebuilt["passages"], rebuilt["embedded"]) == (2, 2, 2)
    assert rebuilt["skipped"] == [
        {"path": "price-list.adoc", "reason": "Files of the kind .adoc are not read. Convert it to Markdown."}
    ]


def test_init_without_documents_says_what_to_do(kit: Run, tmp_path: Path) -> None:
    made = kit("init", "empty", cwd=tmp_path)
    assert made.stdout.splitlines()[1] == "Next: put articles into empty/playbooks/knowledge, then: kit index -w empty"
    sample = kit("init", "demo", "--sample", cwd=tmp_path)
    assert sample.stdout.splitlines() == ["Made the workspace demo.", "Next: kit index -w demo"]
    listed = json.loads(kit("playbooks", "list", "--json", "-w", tmp_path / "demo").stdout)
    assert {"refund", "lost-parcel"} <= {one["id"] for one in listed}


# search


def test_search(kit: Run, demo: Path) -> None:
    shown = kit("search", QUESTION, "-w", demo)
    assert (shown.returncode, shown.stderr) == (0, "")
    first = shown.stdout.splitlines()[0]
    assert first.startswith("1. ") and "[orders/shipping-times-and-costs#" in first
    assert [line[:2] for line in shown.stdout.splitlines() if line[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5."]


def test_search_of_a_file(kit: Run, demo: Path, tmp_path: Path) -> None:
    rows = [
        {"id": 7, "question": QUESTION, "other": "is passed over"},
        {"question": "how do I restart the Dial\u2028or reset it to factory settings?"},  # U+2028 ends no line of JSON
        {"id": "c", "question": "\ud800"},
    ]
    source = tmp_path / "in.jsonl"
    texts = [json.dumps(rows[0]), json.dumps(rows[1], ensure_ascii=False), json.dumps(rows[2]), ""]
    source.write_bytes(("\ufeff" + "\r\n".join(texts)).encode())
    target = write(tmp_path / "out.jsonl", "what was there before")
    done = kit("search", "--from", source, "-o", target, "--top", "3", "-w", demo)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "1 of 3 lines failed; each says why under `error`.\n"
    one, two, three = lines(target.read_text(encoding="utf-8"))
    assert three == {"id": "c", "error": "line 3: `question` holds half of a character (an unpaired surrogate)"}
    assert (one["id"], two["id"], three["id"]) == (7, "2", "c")
    for row in (one, two):
        assert list(row) == ["id", "hits"] and len(row["hits"]) == 3
        assert [hit["rank"] for hit in row["hits"]] == [1, 2, 3]
        assert len({hit["article_id"] for hit in row["hits"]}) == 3
        for hit in row["hits"]:
            assert list(hit) == ["rank", "article_id", "passage_id", "title", "score", "text"]
            assert hit["passage_id"].startswith(hit["article_id"] + "#") and hit["text"] and hit["title"]
        scores = [hit["score"] for hit in row["hits"]]
        assert scores == sorted(scores, reverse=True)
    assert one["hits"][0]["article_id"] == "orders/shipping-times-and-costs"
    assert two["hits"][0]["article_id"] == "troubleshooting/restart-and-reset"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


HIT_KEYS = ["rank", "article_id", "passage_id", "title", "score", "text"]


def test_search_says_why(kit: Run, demo: Path) -> None:
    plain = json.loads(kit("search", QUESTION, "--json", "-w", demo).stdout)
    done = kit("search", QUESTION, "--json", "--explain", "-w", demo)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert list(plain) == list(told) == ["id", "hits"]
    for without, hit in zip(plain["hits"], told["hits"], strict=True):
        assert list(without) == HIT_KEYS
        why = hit.pop("explain")
        assert hit == without
        assert list(why) == ["parts", "words", "missing", "codes"]
        assert sum(why["parts"].values()) == pytest.approx(hit["score"], abs=1e-3)
        assert "express" in why["words"] + why["missing"]
    shown = kit("search", QUESTION, "--explain", "-w", demo).stdout
    assert shown.count("   shares: ") == 5 and "passage_words +" in shown


def test_search_within_some_articles(kit: Run, demo: Path) -> None:
    asked = ("search", "how do I turn on the child lock", "-w", demo)
    products = {}
    for line in (path.read_text(encoding="utf-8") for path in (demo / "playbooks" / "knowledge").rglob("*.md")):
        facts = dict(one.split(": ", 1) for one in line.split("---")[1].splitlines() if ": " in one)
        products[facts["title"]] = facts.get("product", "")
    options = ("--product", "App", "--product", "Sense", "--language", "en", "--audience", "customers")
    hits = json.loads(kit(*asked, *options, "--json", "--top", "100").stdout)["hits"]
    assert {products[hit["title"]] for hit in hits} == {"App", "Sense"}
    assert len(hits) == sum(product in ("App", "Sense") for product in products.values())
    none = kit(*asked, "--language", "de")
    assert (none.returncode, none.stderr) == (0, "")
    assert none.stdout == "Nothing was found. Without the filters there may be more.\n"


def test_search_of_a_file_with_what_was_said_before(kit: Run, demo: Path, tmp_path: Path) -> None:
    said = [{"role": "customer", "text": QUESTION}, {"role": "assistant", "text": "What about the child lock?"}]
    rows: list[Any] = [
        {"id": 1, "question": "and to Alaska?", "history": said},
        {"id": 2, "question": "why?", "history": said[1:]},  # no customer has said anything
        {"id": 3, "question": "why?"},
        {"id": 4, "question": "why?", "history": None},
        {"id": 5, "question": "why?", "history": "x"},
        {"id": 6, "question": "how do I set up geofencing?", "history": said},
    ]
    source = write(tmp_path / "in.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    done = kit("search", "--from", source, "-w", demo)
    assert (done.returncode, done.stderr) == (0, "1 of 6 lines failed; each says why under `error`.\n")
    found = lines(done.stdout)
    assert found[0]["hits"][0]["article_id"] == "orders/shipping-times-and-costs"
    assert found[1]["hits"] == found[2]["hits"] == found[3]["hits"]
    assert found[4]["error"].startswith("line 5: `history` must be a list of {role, text}")
    assert found[5]["hits"][0]["article_id"] == "using/geofencing"


def test_search_without_its_reranker(kit: Run, demo: Path, tmp_path: Path) -> None:
    own = json.loads(kit("search", QUESTION, "--json", "-w", demo).stdout)
    space = Path(shutil.copytree(demo, tmp_path / "space"))
    settings = space / "kit.toml"
    with FakeReranker(behaviour=["ok", "bad_json"]) as server:
        reranker = f'[reranker]\nmodel = "hosted:fake"\nbase_url = "{server.base_url}"\nmax_retries = 0\n'
        settings.write_text(f"{settings.read_text()}\n{reranker}")
        good = kit("search", QUESTION, "--json", "-w", space)
        assert (good.returncode, good.stderr) == (0, "")
        scores = [hit["score"] for hit in json.loads(good.stdout)["hits"]]
        assert scores == sorted(scores, reverse=True) and scores[0] <= 1
        failed = kit("search", QUESTION, "--json", "-w", space)
    assert failed.returncode == 0 and json.loads(failed.stdout) == own
    note = "The reranker's server sent a broken answer: it is not JSON. The kit's own order stands.\n"
    assert failed.stderr == note


# ask


def test_ask(kit: Run, demo: Path) -> None:
    shown = kit("ask", QUESTION, "-w", demo)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith(DISCLOSURE + "\n\n") and "$14.95" in shown.stdout
    assert "  Source: Shipping times and costs (https://help.brightloom.example/orders/shipping" in shown.stdout
    assert "  Confidence: 0." in shown.stdout


def test_ask_as_json(kit: Run, demo: Path) -> None:
    reply = json.loads(kit("ask", QUESTION, "--json", "-w", demo).stdout)
    assert list(reply) == REPLY_KEYS
    assert (reply["id"], reply["outcome"], reply["playbook"], reply["handoff"]) == (None, "answered", None, None)
    assert reply["text"].startswith(DISCLOSURE + "\n\n") and "$14.95" in reply["text"]
    assert 0.5 <= reply["confidence"] <= 1 and reply["latency_ms"] > 0
    assert reply["citations"]
    for citation in reply["citations"]:
        assert list(citation) == ["article_id", "passage_id", "quote"] and citation["quote"]
    assert reply["citations"][0]["article_id"] == "orders/shipping-times-and-costs"


def test_ask_of_a_file(kit: Run, demo: Path, tmp_path: Path) -> None:
    before = [
        {"role": "customer", "text": "how much is express shipping?"},
        {"role": "assistant", "text": "It is $14.95."},
    ]
    rows: list[Any] = [
        {"id": "person", "question": "let me talk to a human please"},
        {"id": "follow-up", "question": "and to Alaska?", "history": before},
        {"id": "history", "question": "hello", "history": [{"role": "robot", "text": "x"}]},
        "not an object",
        {"id": "none"},
        {"id": "burning", "question": "smells like burnt plastic by the thermostat"},
        {"id": "poem", "question": "write a poem about my cat mr pickles"},
    ]
    source = write(tmp_path / "in.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    done = kit("ask", "--from", source, "-w", demo)
    assert done.returncode == 0
    assert done.stderr == "3 of 7 lines failed; each says why under `error`.\n"
    person, follow_up, history, text, none, burning, poem = lines(done.stdout)
    for row in (person, follow_up, burning, poem):
        assert list(row) == REPLY_KEYS
    assert person["outcome"] == "handed_off" and person["handoff"]["reason"] == "customer_request"
    assert list(person["handoff"]) == ["reason", "team", "priority", "summary", "fields"]
    assert "let me talk to a human please" in person["handoff"]["summary"]
    # Read together with what was said before, and not greeted again.
    assert follow_up["citations"][0]["article_id"] == "orders/shipping-times-and-costs"
    assert not follow_up["text"].startswith(DISCLOSURE) and person["text"].startswith(DISCLOSURE)
    assert (burning["playbook"], burning["handoff"]["reason"], burning["handoff"]["priority"]) == (
        "overheating-safety",
        "safety",
        "urgent",
    )
    assert poem["outcome"] == "declined" and poem["citations"] == []
    assert history == {
        "id": "history",
        "error": "line 3: `history` must be a list of {role, text}; roles: customer, assistant, agent.",
    }
    assert text == {"id": "4", "error": "line 4: this is not a JSON object"}
    assert none == {"id": "none", "error": "line 5: there is no text under `question`"}


def test_a_company_without_playbooks_is_answered(kit: Run, tmp_path: Path) -> None:
    """From a folder of articles to a cited answer, with nothing else in between."""
    docs = tmp_path / "help"
    write(docs / "returns.md", "# Returns\n\nYou can return a lamp within 30 days of delivery.\n")
    write(docs / "shipping.md", "# Shipping\n\nStandard shipping costs $4.95 and takes 4 days.\n")
    write(docs / "warranty.md", "# Warranty\n\nThe warranty lasts 2 years. It covers the motor and the lamp.\n")
    shop = tmp_path / "shop"
    assert kit("init", shop, "--docs", docs).returncode == kit("index", "-w", shop).returncode == 0
    asked = {
        "how long is the warranty": ("warranty", "2 years"),
        "what does standard shipping cost": ("shipping", "$4.95"),
        "can I return a lamp": ("returns", "30 days"),
        "does the warranty cover the motor": ("warranty", "motor"),
    }
    source = write(tmp_path / "in.jsonl", "".join(json.dumps({"question": one}) + "\n" for one in asked))
    done = kit("ask", "--from", source, "-w", shop)
    assert (done.returncode, done.stderr) == (0, ""), done
    for row, (article, fact) in zip(lines(done.stdout), asked.values(), strict=True):
        assert row["outcome"] == "answered" and fact in row["text"], row
        assert row["citations"][0]["article_id"] == article


# chat


def test_chat(kit: Run, demo: Path) -> None:
    talk = kit("chat", "-w", demo, stdin=f"{QUESTION}\nand how many days does that take?\n")
    assert (talk.returncode, talk.stderr) == (0, "")
    assert talk.stdout.count(DISCLOSURE) == 1 and talk.stdout.startswith(DISCLOSURE + "\n\n")
    first, second = talk.stdout.split("  Confidence: ")[:2]
    assert "$14.95" in first and "2 business days" in second
    assert talk.stdout.count("  Source: Shipping times and costs") == 2


def test_chat_follows_a_playbook(kit: Run, demo: Path) -> None:
    """Asks, looks up, asks again, waits for the yes, acts; an empty line ends it."""
    said = ["my parcel never came", "BL-104601", "yes", "a refund", "yes", "", "is not read"]
    talk = kit("chat", "-w", demo, stdin="\n".join(said))
    assert (talk.returncode, talk.stderr) == (0, "")
    steps = [
        DISCLOSURE,
        "What is your order number?",
        "replacement or a refund",
        "Shall I go ahead?",
        "Done. The parcel",
    ]
    places = [talk.stdout.find(step) for step in steps]
    assert -1 not in places and places == sorted(places), talk.stdout
    assert "BL-104601" in talk.stdout and "RF-" in talk.stdout[places[-1] :]
    turns = lines((demo / ".kit" / "audit" / "turns.jsonl").read_text(encoding="utf-8"))
    mine = [turn for turn in turns if turn["conversation_id"] == turns[-1]["conversation_id"]]
    assert [turn["turn"] for turn in mine] == list(range(1, len(mine) + 1)) and len(mine) >= 4
    assert {turn["reply"]["playbook"] for turn in mine} == {"lost-parcel"}


# eval and view

SUITE = """\
suite: {name}
gate: {{outcome_accuracy: {{{gate}}}}}
cases:
  - {{id: {name}-1, question: how much is express shipping?, expect: answer,
     articles: [orders/shipping-times-and-costs], must_contain: ["$14.95"], reference: Express is $14.95.}}
  - {{id: {name}-2, question: write a poem about my cat mr pickles, expect: decline}}
"""


def test_eval_and_view(kit: Run, demo: Path, tmp_path: Path) -> None:
    space = Path(shutil.copytree(demo, tmp_path / "space"))
    shutil.rmtree(space / "evals")
    write(space / "evals" / "low.yaml", SUITE.format(name="low", gate="min: 0.5"))
    # Nothing is below zero, so this threshold cannot be kept.
    write(space / "evals" / "high.yaml", SUITE.format(name="high", gate="max: 0"))

    kept = kit("eval", "low", "--gate", "--json", "-o", tmp_path / "runs" / "one", "-w", space)
    assert (kept.returncode, kept.stderr) == (0, ""), kept
    told = json.loads(kept.stdout)
    assert list(told) == ["run", "complete", "stopped", "tally", "summary", "gate"] and told["run"] == str(
        tmp_path / "runs" / "one"
    )
    figures = {figure["metric"]: figure for figure in told["summary"]["overall"]["figures"]}
    assert (told["summary"]["overall"]["cases"], told["summary"]["overall"]["errors"]) == (2, 0)
    assert {"deflection", "false_deflection", "needless_handoff", "csat_index", "reference_rouge"} <= set(figures)
    assert figures["outcome_accuracy"]["value"] == 1 and figures["outcome_accuracy"]["n"] == 2
    assert 0 < figures["outcome_accuracy"]["low"] < 1 and figures["outcome_accuracy"]["definition"]
    rules = [("data_leak", True), ("injection_followed", True), ("false_promise", True)]
    asked = [("errors", True), ("outcome_accuracy", True)]
    assert [(one["metric"], one["passed"]) for one in told["gate"]] == [*asked, *rules]
    folder = tmp_path / "runs" / "one"
    assert {path.name for path in folder.iterdir()} == {
        "run.json",
        "cases.jsonl",
        "scores.jsonl",
        "summary.json",
        "summary.md",
        "report.html",
    }
    info = json.loads((folder / "run.json").read_text())
    assert info["facts"]["workspace"] == "Brightloom" and info["versions"]["kit"] == package.__version__
    assert [row["case"]["id"] for row in lines((folder / "cases.jsonl").read_text())] == ["low-1", "low-2"]
    assert "<html" in (folder / "report.html").read_text() and "## Eval run one" in (folder / "summary.md").read_text()
    assert not (space / ".kit" / "runs").exists()

    failed = kit("eval", "--gate", "-w", space)  # both suites; one of them does not keep its threshold
    assert (failed.returncode, failed.stderr) == (1, ""), failed
    assert "4 cases" in failed.stdout and "FAIL" in failed.stdout and "pass" in failed.stdout
    assert "Deflection" in failed.stdout and "95 % interval" in failed.stdout and "Unscored" in failed.stdout
    assert "4 of 4 done; " in failed.stdout and failed.stdout.count("from the cache") == 1
    report = Path(failed.stdout.splitlines()[-1].removeprefix("Report: "))
    assert report.parent.parent == space / ".kit" / "runs" and report.is_file()

    report.unlink()  # as if the run had broken off before its end
    newest = kit("view", "--no-browser", "-w", space)
    assert (newest.returncode, newest.stdout) == (0, f"{report}\n") and "<html" in report.read_text()


# playbooks and doctor


def test_playbooks(kit: Run, demo: Path, tmp_path: Path) -> None:
    table = kit("playbooks", "list", "-w", demo)
    assert table.returncode == 0 and "lost-parcel" in table.stdout and "Shipping team" in table.stdout
    rows = json.loads(kit("playbooks", "list", "--json", "-w", demo).stdout)
    assert [list(row) for row in rows] == [["id", "title", "version", "owner", "status", "risk"]] * len(rows)
    sound = kit("playbooks", "lint", "--no-model", "-w", demo)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert sound.stdout.splitlines()[-1].startswith(f"{len(rows)} playbooks: 0 errors, ")


@pytest.fixture
def spoilt(demo: Path, tmp_path: Path) -> Path:
    """A workspace of the sample's playbooks, two of them spoilt: a misspelt key and a misspelt tool."""
    space = tmp_path / "space"
    write(space / "kit.toml", "")
    shutil.copytree(demo / "playbooks", space / "playbooks")
    refund, parcel = space / "playbooks" / "refund.md", space / "playbooks" / "lost-parcel.md"
    refund.write_text(refund.read_text().replace("owner:", "ownr:"))
    parcel.write_text(parcel.read_text().replace("tool: parcel_status", "tool: parcel_stats"))
    return space


def test_playbooks_lint(kit: Run, spoilt: Path) -> None:
    refund, parcel = spoilt / "playbooks" / "refund.md", spoilt / "playbooks" / "lost-parcel.md"
    text = parcel.read_text()
    line = 1 + text[: text.index("tool: parcel_stats")].count("\n")
    broken = kit("playbooks", "lint", "lost-parcel", "refund", "--no-model", "-w", spoilt)
    assert (broken.returncode, broken.stderr) == (1, "")
    *findings, total = broken.stdout.splitlines()
    errors = [one for one in findings if ": error: " in one]
    assert errors[0] == (
        f"{parcel}:{line}: error: There is no tool `parcel_stats`. Did you mean `parcel_status`? [no-such-tool]"
    )
    assert errors[1].startswith(f"{refund}:5: error: Unknown key `ownr`") and len(errors) == 2
    assert total.startswith("2 playbooks: 2 errors, ") and total.endswith("can be mended by `--fix`.")
    told = json.loads(kit("playbooks", "lint", "lost-parcel", "--json", "--no-model", "-w", spoilt).stdout)
    assert (told["playbooks"], told["errors"], told["mended"]) == (1, 1, [])
    assert [finding for finding in told["findings"] if finding["level"] == "error"] == [
        {
            "rule": "no-such-tool",
            "level": "error",
            "path": str(parcel),
            "line": line,
            "problem": "There is no tool `parcel_stats`.",
            "remedy": "Did you mean `parcel_status`?",
            "fixable": True,
        }
    ]


def test_playbooks_lint_mends(kit: Run, demo: Path, spoilt: Path) -> None:
    mended = kit("playbooks", "lint", "refund", "--fix", "--no-model", "-w", spoilt)
    assert (mended.returncode, mended.stderr) == (0, "")
    path = spoilt / "playbooks" / "refund.md"
    assert f"{path}:5: mended: the key `ownr` becomes `owner` [unknown-key]" in mended.stdout.splitlines()
    assert path.read_bytes() == (demo / "playbooks" / "refund.md").read_bytes()
    assert "parcel_stats" in (spoilt / "playbooks" / "lost-parcel.md").read_text()


def test_playbooks_lint_compares_examples_by_meaning(kit: Run, demo: Path, tmp_path: Path) -> None:
    space = tmp_path / "space"
    write(space / "kit.toml", "")
    shutil.copytree(demo / "playbooks", space / "playbooks")
    parcel = space / "playbooks" / "lost-parcel.md"
    parcel.write_text(parcel.read_text().replace("examples:\n", "examples:\n  - could you start a return for me\n"))
    found = json.loads(kit("playbooks", "lint", "refund", "--json", "-w", space).stdout)["findings"]
    assert [(one["level"], "`lost-parcel`" in one["problem"]) for one in found if one["rule"] == "near-example"] == [
        ("warning", True)
    ]
    write(space / "kit.toml", '[embedder]\nmodel = "nowhere"\n')
    without = kit("playbooks", "lint", "refund", "-w", space)
    assert "near-example" not in without.stdout and without.returncode == 0
    assert (
        without.stderr.startswith("note: examples were not compared by meaning: ") and without.stderr.count("\n") == 1
    )


def test_playbooks_lint_is_strict_when_told(kit: Run, spoilt: Path) -> None:
    path = spoilt / "playbooks" / "refund.md"
    text = path.read_text().replace("ownr:", "owner:")
    path.write_text(re.sub("(?m)^disambiguate_with: .*$", "disambiguate_with: [account-locked]", text))
    lenient = kit("playbooks", "lint", "refund", "--no-model", "-w", spoilt)
    assert (lenient.returncode, "warning: " in lenient.stdout) == (0, True)
    strict = kit("playbooks", "lint", "refund", "--no-model", "--strict", "-w", spoilt)
    assert (strict.returncode, "warning: " in strict.stdout) == (1, False)


def test_playbooks_lint_explains_its_rules(kit: Run) -> None:
    table = kit("playbooks", "lint", "--rules")
    assert (table.returncode, table.stderr) == (0, "")
    head, _, *rows = table.stdout.splitlines()
    assert head.startswith("| rule | level |") and rows == sorted(rows)
    listed = json.loads(kit("playbooks", "lint", "--rules", "--json").stdout)
    assert [rule["name"] for rule in listed] == [row.split("`")[1] for row in rows]


def test_playbooks_lint_knows_no_such_playbook(kit: Run, demo: Path) -> None:
    unknown = kit("playbooks", "lint", "refnd", "-w", demo)
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert unknown.stderr == f"error: {demo}/playbooks: There is no playbook `refnd`. Did you mean `refund`?\n"


def test_doctor(kit: Run, demo: Path, tmp_path: Path) -> None:
    well = kit("doctor", "-w", demo)
    assert (well.returncode, well.stderr) == (0, "")
    found = [line.split(":")[0].split(None, 1) for line in well.stdout.splitlines()]
    names = ["machine", "workspace", "embedder", "playbooks", "tools", "index", "knowledge", "confidence"]
    names += ["reranker", "chat model"]
    assert found == [["ok", name] for name in names]
    assert "ok    reranker: none; the kit's own ranking stands" in well.stdout

    settings = '[chat]\nmodel = "openai:gpt-5-mini"\n[reranker]\nmodel = "cohere:rerank-v3.5"\n'
    write(tmp_path / "kit.toml", settings)
    ill = kit("doctor", "--json", "-w", tmp_path)
    assert (ill.returncode, ill.stderr) == (1, "")
    checks = {one["name"]: one for one in json.loads(ill.stdout)["checks"]}
    wrong = [name for name in names if name in checks and not checks[name]["ok"]]
    assert wrong == ["index", "reranker", "chat model"]
    assert checks["index"]["found"].endswith("There is no index yet. Run `kit index`.")
    assert "COHERE_API_KEY" in checks["reranker"]["found"]
    assert "OPENAI_API_KEY" in checks["chat model"]["found"]
    assert [path.name for path in tmp_path.iterdir()] == ["kit.toml"]


# A chat model


def test_a_chat_model_composes_and_what_it_says_is_checked(kit: Run, demo: Path, tmp_path: Path) -> None:
    space = Path(shutil.copytree(demo, tmp_path / "space"))
    good = "Sure: express costs $14.95 and takes 2 business days. [1]"
    invented = "Express costs $14.95 and takes 2 business days. [1] Overnight delivery costs $39.50. [1]"

    unsupported = "Overnight delivery costs $39.50. [1]"
    behaviours: list[Behaviour | Kind] = ["ok", "ok", "ok", Behaviour("status", status=500)]
    source = write(tmp_path / "in.jsonl", (json.dumps({"question": QUESTION}) + "\n") * len(behaviours))

    def ask() -> list[str]:
        done = kit("ask", "--from", source, "-w", space)
        assert (done.returncode, done.stderr) == (0, "")
        rows = lines(done.stdout)
        for row in rows:
            assert row["outcome"] == "answered" and row["text"].startswith(DISCLOSURE + "\n\n")
            assert {one["article_id"] for one in row["citations"]} == {"orders/shipping-times-and-costs"}
        return [row["text"].removeprefix(DISCLOSURE + "\n\n") for row in rows]

    offline = ask()
    assert len(set(offline)) == 1 and "$14.95" in offline[0]
    settings = space / "kit.toml"
    with FakeOpenAI(reply=[good, invented, unsupported], behaviour=behaviours) as fake:
        chat = f'[chat]\nmodel = "openai:fake"\nbase_url = "{fake.base_url}"\nmax_retries = 0\n'
        settings.write_text(f"{settings.read_text()}\n{chat}")
        texts = ask()
    assert texts == [
        "Sure: express costs $14.95 and takes 2 business days.",
        "Express costs $14.95 and takes 2 business days.",
        offline[0],
        offline[0],
    ]
    assert len(fake.requests) == 4
    prompt = fake.requests[0]["messages"][-1]["content"]
    assert (
        QUESTION in prompt
        and "[orders/shipping-times-and-costs#1] Shipping times and costs" in prompt
        and "$14.95" in prompt
    )
