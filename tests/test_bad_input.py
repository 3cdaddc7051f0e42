"""Bad input is an expected event: one clear line on standard error, exit code 2, and nothing changed."""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
from filelock import FileLock

from kit.knowledge.keeping.manifest import Manifest
from kit.scaffold import create_workspace
from kit.workspace import Workspace
from tests.conftest import Run

Result = subprocess.CompletedProcess[str]

PLAYBOOK = """\
---
id: refund
title: Refund
owner: Payments
when_to_use: The customer wants money back.
examples: [I want my money back, refund me, give me a refund]
collect:
  - {name: order, ask: Which order?}
steps:
  - {id: thanks, type: say, text: 'Thanks, {order} is noted.'}
  - {id: over, type: end}
---
"""
SUITE = """\
suite: smoke
cases:
  - id: a
    question: how long is the warranty
    expect: answer
    articles: [warranty]
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, environment: None) -> Path:
    """A small indexed workspace with one playbook and one suite; tests work on copies."""
    root = tmp_path_factory.mktemp("bad") / "shop"
    create_workspace(root)
    for name, text in {
        "playbooks/knowledge/warranty.md": "# Warranty\n\nThe warranty lasts 2 years.\n",
        "playbooks/knowledge/returns.md": "# Returns\n\nYou can return a lamp within 30 days.\n",
        "playbooks/refund.md": PLAYBOOK,
        "evals/smoke.yaml": SUITE,
    }.items():
        (root / name).write_text(text)
    Workspace.open(root).index()
    return root


@pytest.fixture
def copy(shop: Path, tmp_path: Path) -> Path:
    """A copy of it that the test spoils."""
    return Path(shutil.copytree(shop, tmp_path / "shop"))


def tree(folder: Path) -> dict[str, str]:
    """What is in a folder: the hash of every file, by its path.

    Left out is what lies in Chroma's own folders: opening a database for reading already writes to them.
    """
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "/"
        for path in folder.rglob("*")
        if "chroma" not in path.relative_to(folder).parts[:-1]
    }


def assert_refused(result: Result, *words: str) -> None:
    assert result.returncode == 2, result
    assert result.stdout == "", result
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: ") and not lines[0].startswith("error: error"), result
    for word in words:
        assert word in lines[0], (word, lines[0])


# Without a workspace


@pytest.mark.parametrize(
    "command",
    ["index", "search x", "ask x", "chat", "eval", "view --no-browser", "doctor", "playbooks list", "playbooks lint"],
)
def test_every_command_says_that_there_is_no_workspace(kit: Run, tmp_path: Path, command: str) -> None:
    result = kit(*command.split(), "-w", tmp_path / "nowhere")
    assert_refused(result, f"{tmp_path}/nowhere: There is no kit.toml", "Make one with `kit init`.")
    assert tree(tmp_path) == {}


def test_no_workspace_here_or_above(kit: Run, tmp_path: Path) -> None:
    result = kit("ask", "hello", cwd=tmp_path)
    assert_refused(
        result, f"{tmp_path}: No kit.toml here or in any folder above.", "`kit init PATH --sample`", "-w DIR"
    )
    assert tree(tmp_path) == {}


# Settings


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('nmae = "Lumen"\n', ["kit.toml:1: Unknown key `nmae`. Did you mean `name`?"]),
        (
            'name = "Lumen"\n\n[assistant]\nanswer_treshold = 0.5\n',
            ["kit.toml:4: Unknown key `assistant.answer_treshold`. Did you mean `answer_threshold`?"],
        ),
        ('[asistant]\nname = "Lou"\n', ["kit.toml:1: Unknown key `asistant`. Did you mean `assistant`?"]),
        ("[costs]\n\nzzzz = 1\n", ["kit.toml:3: Unknown key `costs.zzzz`. Known here: currency, per_agent_contact"]),
        ('[assistant]\nanswer_threshold = "high"\n', ["kit.toml:2: `assistant.answer_threshold`: Input should be"]),
        ("name = 'x'\n[targets]\ndeflection = 40\n", ["kit.toml:3: `targets.deflection`:", "less than or equal to 1"]),
        ("name = 7\n", ["kit.toml:1: `name`: Input should be a valid string"]),
        ("name = Lumen\n", ["kit.toml:1: This is not valid TOML", "Mend this line."]),
    ],
)
def test_settings(kit: Run, copy: Path, settings: str, words: list[str]) -> None:
    (copy / "kit.toml").write_text(settings)
    before = tree(copy)
    assert_refused(kit("index", "-w", copy), str(copy), *words)
    assert tree(copy) == before


def test_settings_that_are_not_utf8(kit: Run, copy: Path) -> None:
    (copy / "kit.toml").write_bytes('name = "Müller"\n'.encode("cp1252"))
    before = tree(copy)
    assert_refused(kit("ask", "x", "-w", copy), f"{copy}/kit.toml: This is not UTF-8 text. Save the file as UTF-8.")
    assert tree(copy) == before


# Articles


def _no_articles(root: Path) -> None:
    for path in (root / "playbooks" / "knowledge").iterdir():
        path.unlink()


def _only_pictures_and_empty_files(root: Path) -> None:
    _no_articles(root)
    (root / "playbooks/knowledge/logo.png").write_bytes(b"\x89PNG")
    (root / "playbooks/knowledge/empty.md").write_text("\n")


def _two_of_one_id(root: Path) -> None:
    (root / "playbooks/knowledge/warranty.html").write_text("<h1>Warranty</h1><p>Two years.</p>")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_no_articles, ["playbooks/knowledge: There are no articles in this folder.", "Put articles there: .md"]),
        (_only_pictures_and_empty_files, ["No article in this folder could be read. Skipped: empty.md (It holds no"]),
        (_two_of_one_id, ["warranty.html and warranty.md would both be the article `warranty`.", "Rename one"]),
    ],
)
def test_articles(kit: Run, copy: Path, spoil: Callable[[Path], None], words: list[str]) -> None:
    spoil(copy)
    before = tree(copy)
    assert_refused(kit("index", "-w", copy), str(copy), *words)
    assert tree(copy) == before


def test_documents_that_cannot_be_read_are_left_out_counted_and_named(kit: Run, copy: Path) -> None:
    folder = copy / "playbooks" / "knowledge"
    locked = pypdf.PdfWriter()
    locked.add_blank_page(200, 200)
    locked.encrypt("a secret", algorithm="AES-256")
    locked.write(folder / "locked.pdf")
    scan = pypdf.PdfWriter()
    scan.add_blank_page(200, 200)
    scan.write(folder / "scan.pdf")
    (folder / "half.pdf").write_bytes(b"%PDF-1.7\nnot really")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 not really")
    (folder / "empty.md").write_text("")
    (folder / "old.doc").write_bytes(b"\xd0\xcf\x11\xe0")
    (folder / "deep").mkdir()
    (folder / "deep" / "gone.md").symlink_to(folder / "nothing.md")
    reasons = {
        "broken.docx": "broken",
        "deep/gone.md": "leads nowhere",
        "empty.md": "no text",
        "half.pdf": "broken",
        "locked.pdf": "password",
        "old.doc": "Save it as .docx.",
        "scan.pdf": "scan",
    }
    if os.geteuid():  # the superuser may read everything
        (folder / "private.md").write_text("# Private\n")
        (folder / "private.md").chmod(0)
        reasons["private.md"] = "Permission denied"

    shown = kit("index", "-w", copy)
    assert shown.returncode == 0 and shown.stderr == "", shown
    head, *rest = shown.stdout.splitlines()
    assert head == "Nothing has changed: 2 articles, 2 passages."
    assert rest.pop(0).startswith("Health: 2 articles, 2 passages; ")
    assert rest[0] == f"Left out {len(reasons)}:"
    assert [line.strip().split(": ")[0] for line in rest[1:]] == sorted(reasons)
    for line, (path, reason) in zip(rest[1:], sorted(reasons.items()), strict=True):
        assert line.startswith(f"  {path}: ") and reason in line


# Playbooks and suites


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{order} is", "{oder} is", ["refund.md:10:", "`oder`", "Did you mean `order`?"]),
        ("title: Refund", "title: Refund: now", ["refund.md:3:", "not valid YAML", "in quotes."]),
    ],
)
def test_playbooks(kit: Run, copy: Path, old: str, new: str, words: list[str]) -> None:
    (copy / "playbooks" / "refund.md").write_text(PLAYBOOK.replace(old, new, 1))
    before = tree(copy)
    assert_refused(kit("ask", "how long is the warranty", "-w", copy), str(copy), *words)
    assert tree(copy) == before


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("question: how", "qestion: how", ["smoke.yaml:4:", "Did you mean `question`?"]),
        ("[warranty]", "[waranty]", ["smoke.yaml:6:", "there is no article `waranty`. Did you mean `warranty`?"]),
    ],
)
def test_suites(kit: Run, copy: Path, old: str, new: str, words: list[str]) -> None:
    (copy / "evals" / "smoke.yaml").write_text(SUITE.replace(old, new, 1))
    before = tree(copy)
    assert_refused(kit("eval", "-w", copy), str(copy), *words)
    assert tree(copy) == before  # no run, not even the beginning of one


def test_what_an_eval_cannot_do(kit: Run, copy: Path) -> None:
    before = tree(copy)
    assert_refused(kit("eval", "smok", "-w", copy), "There is no suite `smok`. Did you mean `smoke`?")
    assert_refused(kit("eval", "--gate", "-w", copy), "None of these suites has thresholds")
    assert_refused(kit("view", "--no-browser", "-w", copy), "There is no run yet. Make one with `kit eval`.")
    assert tree(copy) == before


# The index


def _build(root: Path) -> Path:
    return root / ".kit" / "index" / (root / ".kit" / "index" / "current").read_text()


def _missing(root: Path) -> None:
    shutil.rmtree(root / ".kit")


def _by_another_embedder(root: Path) -> None:
    replace(Manifest.read(_build(root)), embedder="other@0123").write(_build(root))


def _damaged(root: Path) -> None:
    path = _build(root) / "passages.jsonl"
    path.write_bytes(path.read_bytes()[:-40])


@pytest.mark.parametrize("command", [("search", "warranty"), ("eval",)])
def test_without_an_index_every_command_says_what_to_run(kit: Run, copy: Path, command: tuple[str, ...]) -> None:
    _missing(copy)
    before = tree(copy)
    assert_refused(kit(*command, "-w", copy), "There is no index yet. Run `kit index`.")
    assert tree(copy) == before


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_by_another_embedder, ["built with the embedder other@0123", "all-MiniLM-L6-v2", "Run `kit index`."]),
        (_damaged, ["The index is damaged (passages.jsonl).", "Run `kit index`."]),
    ],
)
def test_an_index_that_cannot_be_used(kit: Run, copy: Path, spoil: Callable[[Path], None], words: list[str]) -> None:
    spoil(copy)
    before = tree(copy)
    assert_refused(kit("ask", "how long is the warranty", "-w", copy), str(copy), *words)
    assert tree(copy) == before


def test_a_second_builder_is_refused(kit: Run, copy: Path) -> None:
    before = tree(copy)
    with FileLock(copy / ".kit" / "index" / "lock"):
        result = kit("index", "--rebuild", "-w", copy)
    assert_refused(result, "Another process is building this index. Wait until it has finished.")
    assert tree(copy) == before


# Batches


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "in.jsonl: This file cannot be read: No such file or directory."),
        (b"", "in.jsonl: There are no lines in this file. Write one JSON object on each line."),
        (b"\n\n", "in.jsonl: There are no lines in this file."),
        (b"\nhow long is the warranty\n", "in.jsonl:2: No line can be used; the first: this is not JSON"),
        (b'["x"]\n', "in.jsonl:1: No line can be used; the first: this is not a JSON object."),
        (b'{"query": "x"}\n', "in.jsonl:1: No line can be used; the first: there is no text under `question`."),
        (b'{"question": "f\xfcr"}\n', "in.jsonl: This is not UTF-8 text."),
    ],
)
def test_input_files(kit: Run, shop: Path, tmp_path: Path, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / "in.jsonl").write_bytes(content)
    before = tree(tmp_path)
    result = kit("search", "--from", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", "-w", shop)
    assert_refused(result, words)
    assert tree(tmp_path) == before


def test_output_files(kit: Run, shop: Path, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text('{"question": "how long is the warranty"}\n')
    before = tree(tmp_path)

    def refused(*args: str | Path) -> Result:
        return kit("ask", *args, "-w", shop)

    assert_refused(
        refused("--from", source, "-o", tmp_path / "no" / "out"), f"{tmp_path}/no: This folder does not exist."
    )
    assert_refused(refused("--from", source, "-o", tmp_path), f"{tmp_path}: This is a folder. Name the file to write.")
    assert_refused(refused("warranty?", "-o", tmp_path / "out"), "`-o` goes only with `--from FILE.jsonl`.")
    assert_refused(refused("warranty?", "--from", source), "Give either a question or `--from FILE.jsonl`.")
    assert_refused(refused(), "Give either a question or `--from FILE.jsonl`.")
    assert tree(tmp_path) == before


# The chat model


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("openai:gpt-5-mini", ["`openai:gpt-5-mini` needs the key OPENAI_API_KEY.", "Set it in the environment"]),
        ("opnai:gpt-5-mini", ["The provider of the model `opnai:gpt-5-mini` is not known.", "`openai:gpt-5-mini`?"]),
    ],
)
def test_chat_models(kit: Run, copy: Path, model: str, words: list[str]) -> None:
    (copy / "kit.toml").write_text(f'[chat]\nmodel = "{model}"\n')
    before = tree(copy)
    assert_refused(kit("ask", "how long is the warranty", "-w", copy), *words)
    assert tree(copy) == before


# The machine


def test_a_workspace_that_cannot_be_written_to(kit: Run, copy: Path) -> None:
    shutil.rmtree(copy / ".kit")
    if os.geteuid():
        copy.chmod(0o500)
        reason = "Permission denied"
    else:  # no right stops the superuser, but a file where a folder should be does
        (copy / ".kit").write_text("mine")
        reason = "Not a directory"
    before = tree(copy)
    result = kit("index", "-w", copy)
    copy.chmod(0o700)
    assert_refused(result, f"{copy}/.kit", f"The index cannot be written: {reason}.")
    assert tree(copy) == before


def test_a_log_that_cannot_be_written(kit: Run, copy: Path) -> None:
    """A reply that leaves no record is not given."""
    if os.geteuid():
        (copy / ".kit" / "audit").mkdir()
        (copy / ".kit" / "audit").chmod(0o500)
    else:
        (copy / ".kit" / "audit").write_text("mine")
    result = kit("ask", "how long is the warranty", "-w", copy)
    assert_refused(result, f"{copy}/.kit/audit")


# Usage


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("idnex",), "No such command 'idnex'"),
        (("index", "--rebuidl"), "--rebuidl"),
        (("search", "x", "--top", "0"), "--top"),
        (("init",), "Missing argument"),
    ],
)
def test_usage(kit: Run, tmp_path: Path, args: tuple[str, ...], words: str) -> None:
    result = kit(*args, cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr and "Usage: " in result.stderr and "Traceback" not in result.stderr
    assert tree(tmp_path) == {}


def test_a_new_workspace_that_cannot_be(kit: Run, copy: Path, tmp_path: Path) -> None:
    before = tree(tmp_path)
    assert_refused(kit("init", copy, "--sample"), f"{copy}: This is already in use.")
    assert_refused(kit("init", tmp_path / "new", "--docs", tmp_path / "no"), f"{tmp_path}/no: There is no such file")
    knowledge = copy / "playbooks" / "knowledge"
    twice = kit("init", tmp_path / "new", "--docs", knowledge, "--docs", knowledge / "returns.md")
    assert_refused(twice, "returns.md: Two of the documents given would have this name.")
    assert_refused(kit("init", tmp_path / "new", "--sample", "--name", "x"), "`--sample` comes with its own name.")
    assert tree(tmp_path) == before
