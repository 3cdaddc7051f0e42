"""Cases that leave out articles are put to an assistant that does not have them."""

from pathlib import Path

import pytest

from kit.assistant import Conversation, Reply
from kit.errors import KitError
from kit.evals import Case, load_suite, run_suites
from kit.evals.leaving import replies_to
from kit.workspace import Workspace

QUESTION = "how much is plus per month"
PRICES = "billing/plans-and-prices"


class Nothing:
    """Replies without articles."""

    def start(self) -> Conversation:
        return Conversation(id="c")

    def reply(self, conversation: Conversation, message: str, /) -> tuple[Conversation, Reply]:
        raise AssertionError


def test_the_assistant_does_not_know_what_is_left_out(sample: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.jsonl"
    path.write_text(
        f'{{"id": "known", "question": "{QUESTION}", "expect": "answer", "articles": ["{PRICES}"]}}\n'
        f'{{"id": "unknown", "question": "{QUESTION}", "expect": "hand_off", "without": ["{PRICES}"]}}\n',
        encoding="utf-8",
    )
    space = Workspace.open(sample)
    run = run_suites(space.assistant(strict=True), [load_suite(path)], folder=tmp_path / "run")
    known, unknown = (record.transcript for record in run.records)
    assert known is not None and unknown is not None
    assert PRICES in known.cited
    assert PRICES not in unknown.cited


def test_only_cases_that_leave_something_out_need_that() -> None:
    plain = Case(id="a", question="x", expect="clarify")
    nothing = Nothing()
    assert replies_to(plain, nothing) is nothing
    with pytest.raises(KitError, match="Case `a` leaves out articles"):
        replies_to(plain.model_copy(update={"without": ("p",)}), nothing)
