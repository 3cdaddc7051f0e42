"""The question sets that retrieval is measured with are well-formed."""

from pathlib import Path

import pytest

from tests.bench.data import Question, bank, guide, guide_questions


def test_the_guide_questions_are_well_formed() -> None:
    _well_formed(guide_questions(), at_least=160)


def test_the_guide_questions_cover_most_of_the_guide() -> None:
    assert len({article for question in guide_questions() for article in question.articles}) >= 70


def test_the_guide_is_left_out_where_its_articles_are_absent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tests.bench.data.DATA", tmp_path)
    assert guide() is None
    (tmp_path / "help-center-rst").mkdir()
    assert guide() == (tmp_path / "help-center-rst", guide_questions())


def test_the_guide_questions_name_articles_that_exist() -> None:
    """Only where the articles are: they aren't part of the project."""
    if (data := guide()) is not None:
        folder, questions = data
        for question in questions:
            for article in question.articles:
                assert (folder / f"{article}.rst").is_file(), f"{question.id} names {article}"


def test_the_bank_questions_are_well_formed_and_name_articles_that_exist(tmp_path: Path) -> None:
    questions = bank(tmp_path / "bank")
    _well_formed(questions, at_least=150)
    articles = {file.stem for file in (tmp_path / "bank").iterdir()}
    assert {article for question in questions for article in question.articles} <= articles


def test_the_bank_articles_are_short_near_twins_in_files_of_their_own(tmp_path: Path) -> None:
    bank(tmp_path)
    texts = [file.read_text(encoding="utf-8") for file in sorted(tmp_path.glob("*.md"))]
    assert len(texts) == len(set(texts)) >= 180
    titles = [text.splitlines()[0] for text in texts]
    assert len(set(titles)) == len(titles)
    for title, text in zip(titles, texts, strict=True):
        assert title.startswith("# ")
        assert 40 <= len(text.removeprefix(title).split()) <= 180, title


def _well_formed(questions: list[Question], *, at_least: int) -> None:
    assert len(questions) >= at_least
    assert len({question.id for question in questions}) == len(questions)
    assert len({question.text for question in questions}) == len(questions)
    for question in questions:
        assert question.text.strip() == question.text != ""
        assert question.answer.strip() == question.answer != ""
        assert question.articles, f"{question.id} names no article"
