"""Cases are accepted and dropped in their files, and all else of the files stays as it was."""

from pathlib import Path

import pytest

from kit.errors import KitError
from kit.evals import accept_cases, drop_case, load_suite

YAML = """\
# What we ask first.
suite: s   # its name
gate: {outcome_accuracy: {min: 0.5}}
cases:
  # the first
  - id: a
    generated: true   # made in May
    # a remark
    question: >
      A question
      on two lines
    expect: clarify

  - generated: true
    id: b
    question: plain words
    expect: clarify
    tags:
      - x
      - y   # two
  - {id: c, question: "in braces", expect: clarify, generated: true}
  - {generated: true, id: d, question: x, expect: clarify}
  # the last
  - id: e
    question: |
      as it is
    expect: clarify
    generated: true
# the end
"""
CSV = 'id;question;expect;generated;reference\r\na;"two\r\nlines";clarify;true;\r\n\r\nb;\'=x;clarify;yes;Grüße\r\n'
JSONL = """{"suite": "s", "gate": {"outcome_accuracy": {"min": 0.5}}}

{"id": "a",   "question": "x", "expect": "clarify", "generated": true}
{"id": "b", "question": "\\u00fc", "generated": true, "expect": "clarify", "tags": ["t"]}"""


def write(folder: Path, text: str | bytes, name: str = "s.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_accepting_takes_out_the_mark_and_nothing_else(tmp_path: Path) -> None:
    path = write(tmp_path, YAML)
    suite = accept_cases(load_suite(path), ["a", "b", "c", "d", "e"])
    assert not any(case.generated for case in suite.cases)
    assert path.read_text(encoding="utf-8") == (
        YAML.replace("    generated: true   # made in May\n", "")
        .replace("  - generated: true\n    id: b", "  - id: b")
        .replace(", generated: true}", "}")
        .replace("{generated: true, ", "{")
        .replace("    expect: clarify\n    generated: true\n# the end", "    expect: clarify\n# the end")
    )


@pytest.mark.parametrize("id", ["a", "b", "c", "d", "e"])
def test_one_case_is_edited_and_accepted(tmp_path: Path, id: str) -> None:
    path = write(tmp_path, YAML.replace("\n", "\r\n"))
    before = load_suite(path)
    words = {"question": 'He said: "no" # really', "reference": "Ask back."}
    after = accept_cases(before, [id], words)
    for old, new in zip(before.cases, after.cases, strict=True):
        assert new == (old.model_copy(update={**words, "generated": False}) if old.id == id else old)
    kept = [line for line in YAML.splitlines() if "#" in line and "made in May" not in line]
    assert [line for line in kept if line not in path.read_bytes().decode().split("\r\n")] == []
    assert path.read_bytes().count(b"\n") == path.read_bytes().count(b"\r\n")


@pytest.mark.parametrize("id", ["a", "b", "c", "d", "e"])
def test_a_case_is_taken_out(tmp_path: Path, id: str) -> None:
    path = write(tmp_path, YAML)
    before = load_suite(path)
    after = drop_case(before, id)
    assert after.cases == tuple(case for case in before.cases if case.id != id)
    assert path.read_text(encoding="utf-8").endswith("# the end\n")


def test_lists_in_brackets_and_files_without_a_last_line_end(tmp_path: Path) -> None:
    kept = "{id: b, question: y, expect: clarify}]"
    path = write(tmp_path, "suite: s\ncases: [{id: a, question: x, expect: clarify, generated: true}, " + kept)
    suite = drop_case(load_suite(path), "a")
    assert path.read_text(encoding="utf-8") == "suite: s\ncases: [" + kept
    with pytest.raises(KitError, match="`b` is the only one"):
        drop_case(suite, "b")
    path = write(tmp_path, "cases:\n- id: a\n  question: x\n  expect: clarify\n  generated: true\nsuite: s")
    accept_cases(load_suite(path), ["a"])
    assert path.read_text(encoding="utf-8") == "cases:\n- id: a\n  question: x\n  expect: clarify\nsuite: s"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_rows_of_a_csv(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, CSV.encode(encoding), "s.csv")
    suite = accept_cases(load_suite(path), ["b"])
    said = path.read_bytes().decode(encoding)
    assert said == CSV.replace(";yes;", ";;")
    suite = accept_cases(suite, ["a"], {"question": "one; line"})
    assert suite.cases[0].question == "one; line" and not suite.cases[0].generated
    suite = drop_case(suite, "a")
    assert [case.question for case in suite.cases] == ["=x"]
    assert path.read_bytes().decode(encoding).startswith("id;question;expect;generated;reference\r\n")


def test_what_an_encoding_or_the_columns_do_not_have(tmp_path: Path) -> None:
    path = write(tmp_path, CSV.encode("cp1252"), "s.csv")
    with pytest.raises(KitError, match=r"encoding of this file .* has no `你`"):
        accept_cases(load_suite(path), ["a"], {"question": "你好"})
    path = write(tmp_path, "id,question,expect,generated\na,x,clarify,true\n", "s.csv")
    with pytest.raises(KitError, match="no column `reference`"):
        accept_cases(load_suite(path), ["a"], {"reference": "y"})
    assert path.read_text(encoding="utf-8") == "id,question,expect,generated\na,x,clarify,true\n"


def test_lines_of_json(tmp_path: Path) -> None:
    path = write(tmp_path, JSONL, "s.jsonl")
    suite = accept_cases(load_suite(path), ["b"])
    assert path.read_text(encoding="utf-8") == JSONL.replace("\\u00fc", "ü").replace('"generated": true, "e', '"e')
    drop_case(suite, "a")
    assert path.read_text(encoding="utf-8").splitlines()[:2] == JSONL.splitlines()[:2]


def test_a_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = write(tmp_path, YAML)
    suite = load_suite(path)
    changed = write(tmp_path, YAML.replace("plain words", "other words")).read_bytes()
    with pytest.raises(KitError, match="changed meanwhile"):
        accept_cases(suite, ["a"])
    with pytest.raises(KitError, match="changed meanwhile"):
        drop_case(suite, "a")
    assert path.read_bytes() == changed and list(tmp_path.iterdir()) == [path]
