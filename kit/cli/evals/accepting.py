"""`kit eval accept`: a person looks at generated cases."""

from typing import TYPE_CHECKING, Annotated

import typer

from kit.cli.common import AsJson, WorkspaceDir, print_json
from kit.errors import KitError

if TYPE_CHECKING:
    from kit.evals import Case, Suite

__all__ = ["register"]


def register(group: typer.Typer) -> None:
    """Add the command to `kit eval`."""
    group.command()(accept)


def accept(
    name: Annotated[str, typer.Argument(metavar="SUITE", help="Whose cases.")],
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="CASE", help="Accept these; without any you are asked one by one.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Accept all that are left, unseen.")] = False,
    workspace: WorkspaceDir = None,
    as_json: AsJson = False,
) -> None:
    """Accept generated cases, so that they count; only their own lines in the file change.

    One by one: y accepts the case, e asks for other words first, n takes it out of the file, s leaves it, q ends.
    """
    from kit.workspace import Workspace

    space = Workspace.open(workspace)
    [suite] = space.suites([name])
    waiting = [case.id for case in suite.cases if case.generated]
    if ids and everything:
        raise KitError("Name cases, or give --all.", remedy="Not both.")
    if ids or everything:
        chosen = list(dict.fromkeys(ids or waiting))
        _check(suite, chosen)
        from kit.evals import accept_cases

        accepted = [id for id in chosen if id in waiting]
        if accepted:
            accept_cases(suite, accepted)
        dropped: list[str] = []
    elif as_json:
        raise KitError("With --json nobody can be asked.", remedy="Name the cases, or give --all.")
    else:
        accepted, dropped = _one_by_one(suite, waiting)
    left = len(waiting) - len(accepted) - len(dropped)
    if as_json:
        print_json({"suite": name, "accepted": accepted, "dropped": dropped, "left": left})
        return
    out = f", {len(dropped)} taken out" if dropped else ""
    typer.echo(f"{suite.path}: {len(accepted)} accepted{out}, {left} left.")


def _check(suite: "Suite", ids: list[str]) -> None:
    from kit.text import nearest

    known = {case.id for case in suite.cases}
    for id in ids:
        if id not in known:
            guess = nearest(id, known)
            remedy = f"Did you mean `{guess}`?" if guess else None
            raise KitError(f"There is no case `{id}` in this suite.", path=suite.path, remedy=remedy)


def _one_by_one(suite: "Suite", waiting: list[str]) -> tuple[list[str], list[str]]:
    """Ask about each case; what is decided is written at once, so that nothing is lost however it ends."""
    from kit.evals import accept_cases, drop_case

    accepted: list[str] = []
    dropped: list[str] = []
    for number, id in enumerate(waiting, start=1):
        case = next(one for one in suite.cases if one.id == id)
        typer.echo(f"\n{number} of {len(waiting)}  {_shown(case)}")
        answer = _answer()
        if answer == "q":
            break
        if answer in ("y", "e"):
            values = _other_words(case) if answer == "e" else {}
            suite = accept_cases(suite, [id], values)
            accepted.append(id)
        elif answer == "n":
            suite = drop_case(suite, id)
            dropped.append(id)
    return accepted, dropped


def _shown(case: "Case") -> str:
    """A case as a person needs it to judge it."""
    said = [case.id, *(f"  customer:  {message}" for message in case.messages), f"  expected:  {case.expect}"]
    joint = " and " if case.articles_all else " or "
    for title, value in (
        ("from", joint.join(case.articles)),
        ("because", " or ".join(case.reason)),
        ("without", ", ".join(case.without)),
        ("contains", "; ".join(case.must_contain)),
        ("playbook", case.playbook or ""),
        ("such as", case.reference),
        ("tags", ", ".join(case.tags)),
    ):
        if value:
            said.append(f"  {f'{title}:':<10} {value}")
    return "\n".join(said)


def _answer() -> str:
    while True:
        try:
            given = typer.prompt("y accept, e edit, n take out, s skip, q quit", default="s").strip().lower()
        except typer.Abort:  # the end of what is typed: as if they had stopped here
            typer.echo()
            return "q"
        if given[:1] in ("y", "e", "n", "s", "q"):
            return str(given[:1])


def _other_words(case: "Case") -> dict[str, str]:
    """New words for what the case says; an empty line leaves them as they are."""
    asked = {"question": case.question, "reference": case.reference} if case.question else {"reference": case.reference}
    found = {}
    for key, old in asked.items():
        given = typer.prompt(f"{key} (Enter keeps it)", default="", show_default=False).strip()
        if given and given != old:
            found[key] = given
    return found
