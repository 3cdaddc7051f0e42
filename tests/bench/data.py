"""Where the public data lies, and how it is read and halved."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.evals import load_suites

__all__ = [
    "DATA",
    "Question",
    "answers_of_guide",
    "bank",
    "brightloom",
    "guide",
    "guide_questions",
    "halves",
    "help_centres",
    "techqa",
    "whole_answers_of_guide",
]

# Public data is not copied into the project; without it a benchmark says so and is left out.
DATA = Path(os.environ.get("KIT_BENCH_DATA") or Path(__file__).parents[3] / "shared" / "data")

# The question sets written for the project lie beside this file.
HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass(frozen=True)
class Question:
    """A real question, the articles that answer it (none if nothing does) and an expert's answer."""

    id: str
    text: str
    articles: frozenset[str]
    answer: str


def techqa() -> tuple[Path, list[Question]] | None:
    """The TechQA sample: the folder of its articles, and its questions; None where it is absent."""
    folder = DATA / "techqa"
    if not folder.is_dir():
        return None
    rows = [json.loads(line) for line in (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()]
    return folder / "articles", [
        Question(
            row["id"], row["question"], frozenset(row["articles"] if row["answerable"] else ()), row["answer"] or ""
        )
        for row in rows
    ]


def guide() -> tuple[Path, list[Question]] | None:
    """A team chat product's user guide: the folder of its articles, and questions about it; None where it is absent."""
    folder = DATA / "help-center-rst"
    return (folder, guide_questions()) if folder.is_dir() else None


def guide_questions() -> list[Question]:
    """The questions about the guide alone, which are here even where its articles are not."""
    return _questions(HERE / "guide.jsonl")


def answers_of_guide() -> dict[str, str]:
    """Answers to some of the questions about the guide as an expert would write them to a customer, by the id.

    They say what there is to say in one to five sentences, where those of the questions themselves say it in one.
    """
    rows = (HERE / "answers_guide.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["answer"] for row in map(json.loads, rows)}


def whole_answers_of_guide() -> list[Question]:
    """How to do things with the guide's product, asked in a customer's own words, with answers that give all steps.

    Large help centres' experts answer so: what to do first, then each step, then the exceptions; 82 words on average.
    """
    return _questions(HERE / "answers_whole.jsonl")


def bank(folder: Path) -> list[Question]:
    """A bank's help centre of near-twins: its articles are written into the folder as Markdown, named by id.

    The bank, its articles and its customers are invented.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for line in (HERE / "bank" / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        (folder / f"{row['id']}.md").write_text(f"# {row['title']}\n\n{row['text']}\n", encoding="utf-8")
    return _questions(HERE / "bank.jsonl")


def _questions(file: Path) -> list[Question]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Question(row["id"], row["question"], frozenset(row["articles"]), row["answer"]) for row in rows]


def brightloom() -> tuple[Path, list[Question]]:
    """The sample company: its articles, and its cases that ask the knowledge base one thing, answerable or not.

    The suite of facts is left out: its questions were worded to be answered.
    """
    questions = []
    for suite in (suite for suite in load_suites(ROOT / "evals") if suite.name != "facts"):
        for case in suite.cases:
            unanswerable = case.expect == "decline" or "missing_knowledge" in case.reason
            if not case.turns and not case.playbook and (case.articles or unanswerable):
                questions.append(Question(case.id, case.question, frozenset(case.articles), case.reference))
    return ROOT / "playbooks" / "knowledge", questions


def help_centres(bank_folder: Path) -> Iterator[tuple[str, Path, list[Question]]]:
    """The help centres to measure on, each with the folder of its articles and its questions.

    Args:
        bank_folder: where the bank's articles are written to.
    """
    for name, data in (("TechQA", techqa()), ("guide", guide()), ("Brightloom", brightloom())):
        if data is None:
            print(f"{name}: left out, it is not here (set KIT_BENCH_DATA).")
        else:
            yield name, *data
    yield "bank", bank_folder, bank(bank_folder)


def halves(questions: list[Question]) -> tuple[list[Question], list[Question]]:
    """The half that choices are made on, and the half that is reported: even and odd rows of the file."""
    return questions[::2], questions[1::2]
