"""How often the first message of Brightloom's cases goes where it should: to its playbook, or to the knowledge base."""

import tempfile
from pathlib import Path

from kit.evals import Case
from kit.playbooks import Router
from kit.scaffold import create_workspace
from kit.workspace import Workspace
from tests.bench.routing.tables import share

__all__ = ["run"]


def run() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "brightloom"
        create_workspace(folder, sample=True)
        workspace = Workspace.open(folder)
        workspace.index()
        titles = [article.title for article in workspace.retriever.build.articles]
        router = Router(workspace.playbooks, workspace.embedder, topics=titles)
        cases = [
            case
            for suite in workspace.suites()
            for case in suite.cases
            if suite.name != "facts" and (case.playbook or case.expect == "answer")  # these would be easy
        ]
    print("\nRouting of first messages, Brightloom (10 examples a playbook): right [95 % interval] n")
    print(f"{'belongs to':<16}{'half chosen on':>30}{'half reported':>30}")
    for kind, wanted in (("a playbook", True), ("knowledge", False)):
        cells = [_cell(router, [case for case in cases[half::2] if bool(case.playbook) == wanted]) for half in (0, 1)]
        print(f"{kind:<16}{cells[0]:>30}{cells[1]:>30}")


def _cell(router: Router, cases: list[Case]) -> str:
    right = 0
    for case in cases:
        route = router.route(case.messages[0])
        right += route.playbook == case.playbook and (route.kind == "playbook") == bool(case.playbook)
    return share(right, len(cases))
