"""`kit mask`: the contract of its lines, with a workspace and without one."""

import json
from pathlib import Path

from tests.conftest import Run


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_batch_keeps_order_and_a_bad_line_carries_its_error(kit: Run, tmp_path: Path) -> None:
    rows = [
        json.dumps({"id": "a", "text": "😀 mail a@b.example"}, ensure_ascii=False),
        "{",
        json.dumps({"id": "c"}),
        json.dumps({"id": "d", "text": "nothing"}),
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    done = kit("mask", "--from", tmp_path / "in.jsonl", "-o", tmp_path / "out.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    first, second, third, fourth = lines((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
    assert first == {"id": "a", "text": "😀 mail <EMAIL_1>", "spans": [{"type": "EMAIL", "start": 7, "end": 18}]}
    assert second["id"] == "2" and "not JSON" in str(second["error"])
    assert third["id"] == "c" and "`text`" in str(third["error"])
    assert fourth == {"id": "d", "text": "nothing", "spans": []}


def test_a_workspace_adds_its_own_numbers(kit: Run, tmp_path: Path) -> None:
    (tmp_path / "kit.toml").write_text('[safety]\npatterns = { ORDER = "BL-[0-9]{6}" }\n', encoding="utf-8")
    done = kit("mask", "BL-104233 of a@b.example", cwd=tmp_path)
    assert done.stdout == "<ORDER_1> of <EMAIL_1>\n"
    done = kit("mask", "BL-104233", "--json", "-w", tmp_path)
    assert json.loads(done.stdout)["spans"] == [{"type": "ORDER", "start": 0, "end": 9}]


def test_bad_use_and_bad_settings_are_one_line(kit: Run, tmp_path: Path) -> None:
    for args in ((), ("x", "--from", "in.jsonl"), ("x", "-o", "out.jsonl"), ("x", "-w", str(tmp_path))):
        done = kit("mask", *args, cwd=tmp_path)
        assert done.returncode == 2 and done.stderr.startswith("error: ") and "Traceback" not in done.stderr
    for setting in ('patterns = { ORDER = "(" }', 'patterns = { ORDER = "a*" }', 'patterns = { order = "a" }'):
        (tmp_path / "kit.toml").write_text(f"[safety]\n{setting}\n", encoding="utf-8")
        done = kit("mask", "x", cwd=tmp_path)
        assert done.returncode == 2 and "kit.toml" in done.stderr, setting
    (tmp_path / "kit.toml").write_text('[safety]\nlink_domains = ["https://a.example/"]\n', encoding="utf-8")
    assert "domain" in kit("mask", "x", cwd=tmp_path).stderr
