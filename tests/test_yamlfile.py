"""YAML files: what stays text, what is refused, and that every error names its line."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field

from kit.errors import KitError
from kit.yamlfile import Located, load_yaml, read_text, validate


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Say(Part):
    type: Literal["say"]
    text: str


class Check(Part):
    type: Literal["check"]
    if_: str = Field(alias="if")


class Head(Part):
    id: str = Field(pattern="^[a-z]+$")
    status: Literal["draft", "active"] = "draft"
    weight: float = Field(1, gt=0)
    examples: tuple[str, ...] = Field((), min_length=2)
    steps: tuple[Annotated[Say | Check, Field(discriminator="type")], ...] = ()
    owner: str | None = None


def load(text: str, first_line: int = 1) -> Located:
    return load_yaml(text, path="a.yaml", first_line=first_line)


def check(text: str, first_line: int = 1) -> Head:
    return validate(Head, load(text, first_line))


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("no", "no"),
        ("On", "On"),
        ("yes", "yes"),
        ("n", "n"),
        ("true", True),
        ("false", False),
        ('"true"', "true"),
        ("2026-01-31", "2026-01-31"),
        ("12:30", "12:30"),
        ("4.8.2", "4.8.2"),
        ("0123", "0123"),
        ("+4420", "+4420"),
        ("1_000", "1_000"),
        ("0x1F", "0x1F"),
        ("4155550100415555010041555501", "4155550100415555010041555501"),
        ("-7", -7),
        ("4.5", 4.5),
        ("1e3", "1e3"),
        ("9" * 400 + ".5", "9" * 400 + ".5"),
        (".inf", ".inf"),
        ("~", None),
        ("", None),
        ("!!str 4.90", "4.90"),
        ("=", "="),
    ],
)
def test_words(word: str, value: object) -> None:
    got = load(f"a: {word}").data["a"]
    assert got == value and type(got) is type(value)


def test_keys_are_text() -> None:
    assert load("{no: 1, 2: a, true: b}").data == {"no": 1, "2": "a", "true": "b"}


def test_lines() -> None:
    text = "suite: x\n\ncases:\n  - id: a\n    expect:\n      answer\n  - {id: b,\n     expect: decline}\n"
    read = load(text, first_line=2)
    assert read.data["cases"][0]["expect"] == "answer"
    places = [(), ("cases",), ("cases", 0), ("cases", 0, "expect"), ("cases", 1, "expect")]
    assert [read.line(keys) for keys in places] == [2, 4, 5, 6, 9]
    assert read.line(("cases", 1, "reason", 3)) == 8  # not there: the line of the case
    assert str(read.error("Wrong.", ("cases", 1))) == "a.yaml:8: Wrong."


def test_empty_documents() -> None:
    assert load("").data is None and load("# nothing\n").data is None


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3", 3, "`a` is here twice"),
        ("x:\n  a: 1\n  'a': 3", 3, "twice"),
        ("a: &x [1]\nb: *x", 2, "alias"),
        ("a: *bold* words", 1, "quotes"),
        ("\na: !!python/object/apply:os.system [ls]", 2, "tag"),
        ("a: !custom x", 1, "tag"),
        ("a:\n\t- b", 2, "tabs"),
        ("a: b\nb: c: d", 2, "quotes"),
        ("a: [1, 2\nb: 3", 2, "not valid YAML"),
        ("a: 'open\nb: c\n", 1, "not valid YAML"),
        ("a: 1\nb: [1, 2\n", 2, "not valid YAML"),
        ("a: 1\nb: \x07", 2, "character"),
        ("a: 1\n---\nb: 1", 2, "second document"),
        ("[" * 3000, 1, "nested"),
        ("? [a]\n: 1", 1, "plain word"),
    ],
)
def test_refused(text: str, line: int, words: str) -> None:
    with pytest.raises(KitError, match=words) as caught:
        load(text, first_line=10)
    assert caught.value.line == line + 9 and caught.value.path == "a.yaml"


def test_alias_bomb_costs_nothing() -> None:
    layers = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30))
    with pytest.raises(KitError, match="alias"):
        load("l0: &l0 [x]\n" + layers)


GOOD = "id: refund\nsteps:\n  - {type: say, text: Hello}\n  - type: check\n    if: paid\n"


def test_valid() -> None:
    head = check(GOOD)
    assert head.id == "refund" and isinstance(head.steps[1], Check) and head.steps[1].if_ == "paid"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD + "stauts: draft", "a.yaml:6: Unknown key `stauts`. Did you mean `status`?"),
        (GOOD + "zzz: 1", "a.yaml:6: Unknown key `zzz`. Known here: id, status, weight, examples, steps, owner."),
        (
            GOOD.replace("text:", "txet:"),
            "a.yaml:3: Unknown key `txet` in item 1 of `steps`. Did you mean `text`?",
        ),
        (GOOD.replace("if:", "iff:"), "a.yaml:5: Unknown key `iff` in item 2 of `steps`. Did you mean `if`?"),
        (
            GOOD + "status: actve",
            "a.yaml:6: `status` cannot be `actve`. Did you mean `active`? Possible: draft, active.",
        ),
        (
            GOOD.replace("type: say", "type: sya"),
            "a.yaml:3: `type` in item 1 of `steps` cannot be `sya`. Did you mean `say`? Possible: say, check.",
        ),
        (
            GOOD.replace("type: check", "tpye: check"),
            "a.yaml:4: `type` in item 2 of `steps` is missing. Is it `tpye` that you meant by it?",
        ),
        ("steps: []", "a.yaml:1: `id` is missing. Add it."),
        (
            GOOD.replace("Hello", "4.90"),
            "a.yaml:3: `text` in item 1 of `steps` must be text; found `4.9`. Put it in quotes, as it is to be read.",
        ),
        (GOOD + "examples: [one]", "a.yaml:6: `examples` must have at least 2 items; it has 1. Change the value."),
        (GOOD + "examples: one", "a.yaml:6: `examples` must be a list; found `one`. Change the value."),
        (GOOD + "weight: heavy", "a.yaml:6: `weight` must be a number; found `heavy`. Change the value."),
        ("id:", "a.yaml:1: `id` has no value. Give it one, or remove the key."),
        ("id: R2", "a.yaml:1: `id`: String should match pattern '^[a-z]+$'; found `R2`. Change the value."),
    ],
)
def test_what_does_not_fit(text: str, message: str) -> None:
    with pytest.raises(KitError) as caught:
        check(text)
    assert str(caught.value) == message


@pytest.mark.parametrize(("text", "found"), [("- a", "a list"), ("", "nothing"), ("hello", "`hello`")])
def test_not_a_mapping(text: str, found: str) -> None:
    with pytest.raises(KitError, match=f"The file must be .* found {found}"):
        check(text)


def test_part_of_a_file() -> None:
    read = load("playbooks:\n  - id: refund\n    owner: 5\n")
    with pytest.raises(KitError, match="`owner` in item 1 of `playbooks` must be text") as caught:
        validate(Head, read, ("playbooks", 0))
    assert caught.value.line == 3
    assert validate(Head, read, ("playbooks", 0), data={"id": "x"}).id == "x"


def test_reading(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes("\ufeffa: é".encode())
    assert read_text(file) == "a: é"
    file.write_bytes(b"a: 1\nb: \xff")
    with pytest.raises(KitError, match="not UTF-8") as caught:
        read_text(file)
    assert caught.value.line == 2
    for path in (tmp_path, tmp_path / "none.yaml"):
        with pytest.raises(KitError, match="cannot be read"):
            read_text(path)
