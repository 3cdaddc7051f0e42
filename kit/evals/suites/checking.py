"""What a case or a gate cannot say, although each of its keys could stand there."""

from collections.abc import Iterator

from kit.evals.metrics import REGISTRY, RUN_REGISTRY, load_plugins
from kit.evals.types import Case, ScriptedTurn, Threshold
from kit.text import nearest
from kit.yamlfile import KeyPath, Located

__all__ = ["check_case", "check_threshold"]


def check_threshold(located: Located, metric: str, threshold: Threshold) -> None:
    """Refuse a threshold that no run could be held against.

    Raises:
        KitError: the metric cannot be gated, or the bounds make no sense.
    """
    load_plugins()
    keys = ("gate", metric)
    gated = [name for name, one in (*REGISTRY.items(), *RUN_REGISTRY.items()) if one.gated]
    if metric not in gated:
        guess = nearest(metric, gated)
        remedy = f"Did you mean `{guess}`?" if guess else f"Possible: {', '.join(gated)}."
        raise located.error(f"The gate cannot use the metric `{metric}`.", keys, remedy=remedy)
    if threshold.min is None and threshold.max is None:
        raise located.error(f"The gate on `{metric}` has no bound.", keys, remedy="Give it `min`, `max` or both.")
    if threshold.min is not None and threshold.max is not None and threshold.min > threshold.max:
        raise located.error(f"The gate on `{metric}` has a `min` above its `max`.", keys, remedy="Swap them.")


def check_case(located: Located, keys: KeyPath, case: Case) -> None:
    """Refuse a case that does not say what is right, or says two things.

    Raises:
        KitError: names the case, its line and what to do.
    """
    for problem, key, remedy in _problems(case):
        raise located.error(f"Case `{case.id}`: {problem}", (*keys, *key), remedy=remedy)


Problem = tuple[str, KeyPath, str]


def _problems(case: Case) -> Iterator[Problem]:
    given = [key for key in ("question", "turns", "customer") if getattr(case, key)]
    if len(given) != 1 or (given == ["question"] and not case.question.strip()):
        problem = "it needs either a `question`, `turns` or a `customer`."
        yield problem, ("question",), "Give it exactly one of them."
    if not all(message.strip() for message in case.messages):
        yield "a message of the customer is empty.", ("turns",), "Write what the customer says."
    if case.expect == "answer":
        if not (case.articles or case.must_contain or case.playbook):
            remedy = "Add `articles`, `must_contain` or `playbook`."
            yield "`expect: answer` does not say what a right answer is.", ("expect",), remedy
    else:
        for key in ("articles", "articles_all"):
            if getattr(case, key):
                yield f"`{key}` goes only with `expect: answer`.", (key,), f"Remove it, or change `{case.expect}`."
    if case.reason and case.expect != "hand_off":
        yield "`reason` goes only with `expect: hand_off`.", ("reason",), f"Remove it, or change `{case.expect}`."
    if case.articles_all and len(case.articles) < 2:
        yield "`articles_all` needs two or more `articles`.", ("articles_all",), "Add articles, or remove it."
    if case.articles and set(case.articles) <= set(case.without):
        yield "all its `articles` are left out by `without`.", ("without",), "Expect a hand-off, or leave out less."
    for key in ("must_contain", "must_not_contain", "articles", "tags", "without"):
        if not all(text.strip() for text in getattr(case, key)):
            yield f"`{key}` holds an empty text.", (key,), "Remove it."
    yield from _both(case, ())
    for number, turn in enumerate(case.turns):
        yield from _turn(case, number, turn)


def _turn(case: Case, number: int, turn: ScriptedTurn) -> Iterator[Problem]:
    place = ("turns", number)
    if turn.expects and number == len(case.turns) - 1:
        yield "the last turn is what the case itself judges.", place, "Move what it expects to the case."
    if turn.articles and turn.expect not in ("answer", None):
        yield "`articles` goes only with `expect: answer`.", (*place, "articles"), "Remove it."
    for key in ("must_contain", "must_not_contain", "articles"):
        if not all(text.strip() for text in getattr(turn, key)):
            yield f"`{key}` holds an empty text.", (*place, key), "Remove it."
    yield from _both(turn, place)


def _both(said: Case | ScriptedTurn, place: KeyPath) -> Iterator[Problem]:
    both = {text.casefold() for text in said.must_contain} & {text.casefold() for text in said.must_not_contain}
    if both:
        problem = f"the reply must and must not contain `{min(both)}`."
        yield problem, (*place, "must_not_contain"), "Remove one of the two."
