"""Suites: files of cases in YAML, read strictly, because a case that is misread is a case that proves nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from kit.errors import KitError
from kit.evals.metrics import REGISTRY
from kit.evals.types import Case, Threshold
from kit.text import digest, nearest
from kit.yamlfile import KeyPath, Located, load_yaml, read_text, validate

__all__ = ["Suite", "check_articles", "check_playbooks", "load_suite", "load_suites"]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: str = Field(pattern=r"^[A-Za-z0-9][\w.-]*$")
    description: str = ""
    gate: dict[str, Threshold] = {}
    cases: tuple[Case, ...] = Field(min_length=1)


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A file of cases. `digest` is over the file's text, `gate` the thresholds by metric."""

    name: str
    description: str
    gate: Mapping[str, Threshold]
    cases: tuple[Case, ...]
    path: Path
    digest: str
    located: Located = field(repr=False, compare=False)


def load_suite(path: Path) -> Suite:
    """Read one suite.

    Raises:
        KitError: not a suite; names the file, the line and what to do.
    """
    text = read_text(path)
    located = load_yaml(text, path=path)
    read = validate(_File, located)
    for metric, threshold in read.gate.items():
        _check_threshold(located, metric, threshold)
    first: dict[str, int] = {}
    for index, case in enumerate(read.cases):
        keys = ("cases", index)
        if case.id in first:
            seen = located.line(("cases", first[case.id], "id"))
            raise located.error(f"Two cases have the id `{case.id}`.", (*keys, "id"), remedy=f"The first: line {seen}.")
        first[case.id] = index
        _check_case(located, keys, case)
    return Suite(
        name=read.suite,
        description=read.description,
        gate=read.gate,
        cases=read.cases,
        path=path,
        digest=digest(text),
        located=located,
    )


def load_suites(folder: Path, names: Collection[str] = ()) -> list[Suite]:
    """The suites of a folder (its `*.yaml` and `*.yml`), ordered by name; all of them or the ones named.

    Raises:
        KitError: there are none, one of them is malformed, a name is unknown or two share a name or a case's id.
    """
    files = sorted(path for path in folder.glob("*.y*ml") if path.suffix in (".yaml", ".yml"))
    if not files:
        raise KitError("There are no suites here.", path=folder, remedy="Add one, such as `smoke.yaml`.")
    suites: dict[str, Suite] = {}
    owner: dict[str, Suite] = {}
    for suite in map(load_suite, files):
        if suite.name in suites:
            other = suites[suite.name].path.name
            raise suite.located.error(
                f"The suite `{suite.name}` also stands in {other}.", ("suite",), remedy="Rename one."
            )
        suites[suite.name] = suite
        for index, case in enumerate(suite.cases):
            if case.id in owner:
                problem = f"The case id `{case.id}` is also in {owner[case.id].path.name}."
                raise suite.located.error(problem, ("cases", index, "id"), remedy="Rename one.")
            owner[case.id] = suite
    for name in names:
        if name not in suites:
            guess = nearest(name, suites)
            remedy = f"Did you mean `{guess}`?" if guess else f"There are: {', '.join(sorted(suites))}."
            raise KitError(f"There is no suite `{name}`.", path=folder, remedy=remedy)
    return [suites[name] for name in sorted(set(names) or suites)]


def check_articles(suites: Iterable[Suite], known: Collection[str]) -> None:
    """Refuse cases whose `articles` are not in the knowledge base.

    Raises:
        KitError: names the case, its line and the article that it probably means.
    """
    for suite in suites:
        for index, case in enumerate(suite.cases):
            for place, article in enumerate(case.articles):
                _check_known(suite, case, ("cases", index, "articles", place), "article", article, known)


def check_playbooks(suites: Iterable[Suite], known: Collection[str]) -> None:
    """Refuse cases whose `playbook` does not exist.

    Raises:
        KitError: names the case, its line and the playbook that it probably means.
    """
    for suite in suites:
        for index, case in enumerate(suite.cases):
            if case.playbook is not None:
                _check_known(suite, case, ("cases", index, "playbook"), "playbook", case.playbook, known)


def _check_known(suite: Suite, case: Case, keys: KeyPath, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        guess = nearest(name, known)
        remedy = f"Did you mean `{guess}`?" if guess else "Correct the id, or add what is missing."
        raise suite.located.error(f"Case `{case.id}`: there is no {what} `{name}`.", keys, remedy=remedy)


def _check_threshold(located: Located, metric: str, threshold: Threshold) -> None:
    keys = ("gate", metric)
    gated = [name for name, one in REGISTRY.items() if one.gated]
    if metric not in gated:
        guess = nearest(metric, gated)
        remedy = f"Did you mean `{guess}`?" if guess else f"Possible: {', '.join(gated)}."
        raise located.error(f"The gate cannot use the metric `{metric}`.", keys, remedy=remedy)
    if threshold.min is None and threshold.max is None:
        raise located.error(f"The gate on `{metric}` has no bound.", keys, remedy="Give it `min`, `max` or both.")
    if threshold.min is not None and threshold.max is not None and threshold.min > threshold.max:
        raise located.error(f"The gate on `{metric}` has a `min` above its `max`.", keys, remedy="Swap them.")


def _check_case(located: Located, keys: KeyPath, case: Case) -> None:
    """Refuse a case that does not say what is right, or says two things."""

    def error(problem: str, key: str, remedy: str) -> KitError:
        return located.error(f"Case `{case.id}`: {problem}", (*keys, key), remedy=remedy)

    if bool(case.question.strip()) == bool(case.turns):
        raise error("it needs either a `question` or `turns`.", "question", "Give it exactly one of the two.")
    if not all(message.strip() for message in case.messages):
        raise error("a message of the customer is empty.", "turns", "Write what the customer says.")
    if case.expect == "answer":
        if not (case.articles or case.must_contain or case.playbook):
            remedy = "Add `articles`, `must_contain` or `playbook`."
            raise error("`expect: answer` does not say what a right answer is.", "expect", remedy)
    else:
        for key in ("articles", "articles_all"):
            if getattr(case, key):
                raise error(f"`{key}` goes only with `expect: answer`.", key, f"Remove it, or change `{case.expect}`.")
    if case.reason and case.expect != "hand_off":
        raise error("`reason` goes only with `expect: hand_off`.", "reason", f"Remove it, or change `{case.expect}`.")
    if case.articles_all and len(case.articles) < 2:
        raise error("`articles_all` needs two or more `articles`.", "articles_all", "Add articles, or remove it.")
    for key in ("must_contain", "must_not_contain", "articles", "tags"):
        if not all(text.strip() for text in getattr(case, key)):
            raise error(f"`{key}` holds an empty text.", key, "Remove it.")
    if both := {text.casefold() for text in case.must_contain} & {text.casefold() for text in case.must_not_contain}:
        raise error(f"the reply must and must not contain `{min(both)}`.", "must_not_contain", "Remove one of the two.")
