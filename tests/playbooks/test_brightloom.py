"""What a support lead of the sample company would look at before signing a playbook."""

import re
from pathlib import Path

import pytest

from kit.playbooks import Playbook, load_playbooks, load_tools
from kit.playbooks.language import Check, texts
from kit.workspace import Workspace
from tests.conftest import ROOT

PLAYBOOKS = ROOT / "playbooks"
TESTED = load_playbooks(PLAYBOOKS, load_tools(PLAYBOOKS))
NUMBER = re.compile(r"(?<![\w-])\d+(?:\.\d+)?(?![\w-])")


def article(id: str) -> str:
    """The text of an article, with its mark-up; empty for the kinds of files that are not plain text."""
    for path in (PLAYBOOKS / "knowledge").glob(f"{id}.*"):
        if path.suffix in (".md", ".html"):
            return path.read_text(encoding="utf-8")
    assert list(Path(PLAYBOOKS / "knowledge").glob(f"{id}.*")), f"there is no article {id}"
    return ""


def said(playbook: Playbook) -> str:
    """All that the steps and rules say and compare with, without what is filled in."""
    steps = [text for step in playbook.steps for text in texts(step).values()]
    rules = [text for rule in playbook.hand_off for text in (rule.text, rule.if_)]
    conditions = [step.if_ for step in playbook.steps if isinstance(step, Check)]
    asked = [field.ask for field in playbook.collect]
    return re.sub(r"\{[^}]*\}", "", "\n".join([*steps, *rules, *conditions, *asked, *playbook.must_say]))


@pytest.mark.parametrize("playbook", TESTED, ids=lambda playbook: playbook.id)
class TestEachPlaybook:
    def test_it_says_whose_it_is_and_what_it_is_for(self, playbook: Playbook) -> None:
        assert playbook.effective_from and playbook.offer and playbook.success_criteria
        assert playbook.targets.deflection is not None and playbook.targets.csat is not None
        assert "team" in playbook.model_fields_set and len(playbook.examples) >= 8 and playbook.not_for

    def test_it_shows_the_four_ways_a_conversation_goes(self, playbook: Playbook) -> None:
        kinds = {trial.kind for trial in playbook.tests}
        assert {"happy_path", "refusal", "change_of_mind", "hand_off"} <= kinds

    def test_what_is_personal_is_marked(self, playbook: Playbook) -> None:
        personal = [field for field in playbook.collect if field.type in ("email", "phone") or "address" in field.name]
        assert all(field.pii for field in personal)

    def test_its_guidance_and_its_steps_name_the_same_figures(self, playbook: Playbook) -> None:
        valid = " ".join(field.valid for field in playbook.collect)
        known = set(NUMBER.findall(f"{said(playbook)} {valid}"))
        for bold in re.findall(r"\*\*(.+?)\*\*", playbook.guidance):
            for figure in NUMBER.findall(bold):
                assert figure in known, f"**{bold}** stands in the guidance and in no step"

    def test_its_figures_stand_in_the_articles_that_it_relies_on(self, playbook: Playbook) -> None:
        written = set(NUMBER.findall(" ".join(map(article, playbook.knowledge))))
        assert set(NUMBER.findall(said(playbook))) - written <= {"0"}  # "more than 0" needs no article

    def test_it_promises_nothing(self, playbook: Playbook) -> None:
        promise = re.compile(
            r"\b(?:guarantee|promise|definitely|will arrive|by (?:tomorrow|tonight|monday|friday))", re.I
        )
        promised = [line for line in said(playbook).splitlines() if promise.search(line)]
        assert all("cannot promise" in line for line in promised)


# What `kit playbooks lint`, `test`, `coverage` and `mutate` say of them, and CI with it


@pytest.fixture(scope="module")
def workspace(sample: Path) -> Workspace:
    return Workspace.open(sample)


def test_there_are_enough(workspace: Workspace) -> None:
    assert len(workspace.playbooks) >= 14
    assert all(len(playbook.tests) >= 4 for playbook in workspace.playbooks)


def test_lint_finds_nothing(workspace: Workspace) -> None:
    assert [str(finding) for finding in workspace.linter().lint().findings] == []


def test_all_tests_pass(workspace: Workspace) -> None:
    report = workspace.try_playbooks()
    failed = [f"{one.playbook}: {result.trial_id}" for one in report.playbooks for result in one.failed]
    assert (failed, report.untested) == ([], ())


def test_everything_is_reached(workspace: Workspace) -> None:
    missing = [point.what for one in workspace.cover_playbooks().playbooks for point in one.missing]
    assert missing == []


def test_hardly_a_change_goes_unnoticed(workspace: Workspace) -> None:
    score = workspace.mutation_score()
    assert score.chosen == score.among > 1500  # nothing was left out for want of time
    assert all(one.value is not None and one.value >= 0.9 for one in score.playbooks)
