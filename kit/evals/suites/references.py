"""What cases refer to has to exist: articles, playbooks with their fields, tools with their arguments."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from kit.evals.suites.suite import Suite
from kit.evals.types import Case
from kit.text import nearest
from kit.yamlfile import KeyPath

__all__ = ["check_articles", "check_playbooks", "check_tools"]


def check_articles(suites: Iterable[Suite], known: Collection[str]) -> None:
    """Refuse cases that name articles which are not in the knowledge base.

    Raises:
        KitError: names the case, its line and the article that it probably means.
    """
    for suite, case, place in _cases(suites):
        named = [("articles", case.articles), ("without", case.without)]
        for key, articles in named:
            for index, article in enumerate(articles):
                _check(suite, case, (*place, key, index), "article", article, known)
        for number, turn in enumerate(case.turns):
            for index, article in enumerate(turn.articles):
                _check(suite, case, (*place, "turns", number, "articles", index), "article", article, known)


def check_playbooks(suites: Iterable[Suite], fields: Mapping[str, Collection[str]]) -> None:
    """Refuse cases that name playbooks which do not exist, or fields which the playbook does not collect.

    Args:
        suites: of the cases.
        fields: by playbook. A case that names no playbook may have the fields of any.

    Raises:
        KitError: names the case, its line and what it probably means.
    """
    anywhere = {name for names in fields.values() for name in names}
    for suite, case, place in _cases(suites):
        if case.playbook is not None:
            _check(suite, case, (*place, "playbook"), "playbook", case.playbook, fields)
        for number, turn in enumerate(case.turns):
            if turn.playbook is not None:
                _check(suite, case, (*place, "turns", number, "playbook"), "playbook", turn.playbook, fields)
        own = fields[case.playbook] if case.playbook else anywhere
        for name in case.fields:
            of = f"field of `{case.playbook}`" if case.playbook else "field of any playbook"
            _check(suite, case, (*place, "fields", name), of, name, own)


def check_tools(suites: Iterable[Suite], parameters: Mapping[str, Collection[str] | None]) -> None:
    """Refuse cases that name tools which do not exist, or arguments which the tool does not take.

    Args:
        suites: of the cases.
        parameters: by tool; None where they are not known.

    Raises:
        KitError: names the case, its line and what it probably means.
    """
    for suite, case, place in _cases(suites):
        for number, call in enumerate(case.tools):
            _check(suite, case, (*place, "tools", number, "tool"), "tool", call.tool, parameters)
            if (known := parameters[call.tool]) is not None:
                for name in call.arguments:
                    keys = (*place, "tools", number, "arguments", name)
                    _check(suite, case, keys, f"argument of `{call.tool}`", name, known)


def _cases(suites: Iterable[Suite]) -> Iterator[tuple[Suite, Case, KeyPath]]:
    for suite in suites:
        for index, case in enumerate(suite.cases):
            yield suite, case, ("cases", index)


def _check(suite: Suite, case: Case, keys: KeyPath, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        guess = nearest(name, known)
        remedy = f"Did you mean `{guess}`?" if guess else "Correct it, or add what is missing."
        raise suite.located.error(f"Case `{case.id}`: there is no {what} `{name}`.", keys, remedy=remedy)
