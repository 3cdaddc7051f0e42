"""`kit ground` as its users call it."""

import json
from pathlib import Path

from tests.conftest import Run


def test_a_batch(kit: Run, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": "a", "text": "It costs $5. It costs $6.", "passages": ["Open daily.", "It costs $5."]},
        {"id": 7, "text": "It costs $5.", "passages": "It costs $5."},
        {"text": "It costs $5.", "passages": []},
        {"id": "d", "passages": []},
    ]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines) + "not JSON\n", encoding="utf-8")
    done = kit("ground", "--from", source, "-o", target, "--words-only", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "3 of 5 lines failed; each says why under `error`.\n"
    found = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [line["id"] for line in found] == ["a", 7, "3", "d", "5"]
    right, wrong = found[0]["sentences"]
    assert right == {
        "text": "It costs $5.",
        "supported": True,
        "passage": 1,
        "score": 1.0,
        "reason": "stands there word for word",
    }
    assert wrong["supported"] is False and "$6" in wrong["reason"] and wrong["text"] == "It costs $6."
    assert "`passages` must be a list of texts, or of objects" in found[1]["error"] and "line 2" in found[1]["error"]
    assert found[2]["sentences"][0]["passage"] is None
    assert "no text under `text`" in found[3]["error"] and "not JSON" in found[4]["error"]


def test_with_the_model_to_standard_output(kit: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    row = {"id": 1, "text": "Puppies are welcome in the diner.", "passages": ["Dogs are welcome in the restaurant."]}
    source.write_text(json.dumps(row) + "\n", encoding="utf-8")
    done = kit("ground", "--from", source, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sentences"][0]["supported"] is True


def test_headings_are_read_and_lost_spaces_are_found(kit: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    passage = {"text": "- a screwdriver\n- a drill", "title": "The Dial", "headings": ["What is not in the box"]}
    rows = [
        {"id": 1, "text": "The box has no drill.", "passages": [passage]},
        {"id": 2, "text": "A drill is in the box.", "passages": [passage]},
        {"id": 3, "text": "Yougetascrewdriverandadrill.", "passages": ["You get a screwdriver and a drill."]},
        {"id": 4, "text": "A drill.", "passages": [{"text": "A drill.", "headings": "Box"}]},
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = kit("ground", "--from", source, "--words-only", cwd=tmp_path)
    right, turned, run, bad = (json.loads(line) for line in done.stdout.splitlines())
    assert [row["sentences"][0]["supported"] for row in (right, turned, run)] == [True, False, False]
    assert "opposite" in turned["sentences"][0]["reason"] and "spaces" in run["sentences"][0]["reason"]
    assert "`headings`" in bad["error"]


def test_bad_usage(kit: Run, tmp_path: Path) -> None:
    for arguments in ((), ("--from", tmp_path / "none.jsonl")):
        done = kit("ground", *arguments, cwd=tmp_path)
        assert done.returncode == 2 and done.stderr.startswith("error: ") and done.stderr.count("\n") == 1
