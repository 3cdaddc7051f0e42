"""What the tests of readers share: a folder to write files into and to read articles from."""

from pathlib import Path

import pytest

from kit.knowledge.article import Article
from kit.knowledge.readers import read_folder

GOOD = "# Good\n\nThis one can be read.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "articles"
    made.mkdir()
    return made


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read_one(folder: Path, name: str, content: str | bytes) -> Article:
    write(folder, name, content)
    reading = read_folder(folder)
    assert reading.skipped == ()
    [article] = reading.articles
    return article


def reasons(folder: Path) -> dict[str, str]:
    """Why files are skipped, beside one that is not."""
    write(folder, "zz-good.md", GOOD)
    reading = read_folder(folder)
    assert [one.article_id for one in reading.articles] == ["zz-good"]
    return {one.path: one.reason for one in reading.skipped}
