"""A new workspace: made whole or not at all."""

import os
import tomllib
from pathlib import Path

import pytest

from kit.errors import KitError
from kit.evals import load_suites
from kit.playbooks import load_playbooks, load_tools
from kit.scaffold import create_workspace
from kit.settings import Settings, load_settings


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "help"
    (folder / "orders" / ".drafts").mkdir(parents=True)
    (folder / "returns.md").write_text("# Returns\n\nWithin 30 days.\n")
    (folder / "orders" / "shipping.md").write_text("# Shipping\n\nIt takes 4 days.\n")
    (folder / "orders" / ".drafts" / "secret.md").write_text("# Secret\n")
    (folder / ".hidden.md").write_text("# Hidden\n")
    return folder


def names(folder: Path) -> list[str]:
    """Every file and folder in it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_the_sample_is_a_whole_company(tmp_path: Path) -> None:
    create_workspace(tmp_path / "demo", sample=True)
    made = tmp_path / "demo"
    assert sorted(path.name for path in made.iterdir()) == ["evals", "kit.toml", "playbooks"]
    assert load_settings(made).name == "Brightloom"
    assert len(load_playbooks(made / "playbooks", load_tools(made / "playbooks"))) >= 8
    assert sum(len(suite.cases) for suite in load_suites(made / "evals")) >= 120
    articles = [path for path in (made / "playbooks" / "knowledge").rglob("*") if path.is_file()]
    assert len(articles) >= 45 and {".md", ".html", ".pdf", ".docx"} <= {path.suffix for path in articles}


def test_documents_become_the_knowledge_base(tmp_path: Path, docs: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("We are open on Sundays.")
    create_workspace(tmp_path / "deep" / "er" / "shop", docs=[docs, letter])
    made = tmp_path / "deep" / "er" / "shop"
    assert names(made) == [
        "evals",
        "kit.toml",
        "playbooks",
        "playbooks/knowledge",
        "playbooks/knowledge/letter.txt",
        "playbooks/knowledge/orders",
        "playbooks/knowledge/orders/shipping.md",
        "playbooks/knowledge/returns.md",
    ]
    assert (made / "playbooks/knowledge/orders/shipping.md").read_text() == "# Shipping\n\nIt takes 4 days.\n"
    assert load_settings(made) == Settings(name="shop")


def test_documents_can_be_added_to_the_sample(tmp_path: Path, docs: Path) -> None:
    create_workspace(tmp_path / "demo", sample=True, docs=[docs])
    assert {"returns.md", "billing", "orders"} <= set(os.listdir(tmp_path / "demo/playbooks/knowledge"))


def test_links_are_followed_only_within_the_documents(tmp_path: Path, docs: Path) -> None:
    (tmp_path / "passwords.md").write_text("# Passwords\n")
    (docs / "outside.md").symlink_to(tmp_path / "passwords.md")
    (docs / "inside.md").symlink_to(docs / "returns.md")
    create_workspace(tmp_path / "shop", docs=[docs])
    assert sorted(os.listdir(tmp_path / "shop/playbooks/knowledge")) == ["inside.md", "orders", "returns.md"]


@pytest.mark.parametrize("name", ["Müller & Söhne", 'The "best" shop', "back\\slash", "two\nlines", "[chat]"])
def test_any_name_can_be_written_down(tmp_path: Path, name: str) -> None:
    create_workspace(tmp_path / "shop", name=name)
    assert tomllib.loads((tmp_path / "shop" / "kit.toml").read_text(encoding="utf-8"))["name"] == name
    assert load_settings(tmp_path / "shop").name == name


def test_what_the_new_settings_suggest_is_understood(tmp_path: Path) -> None:
    create_workspace(tmp_path / "shop")
    path = tmp_path / "shop" / "kit.toml"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *(line.removeprefix("# ") for line in lines[1:])]))
    assert load_settings(tmp_path / "shop").chat.model == "openai:gpt-5-mini"


def test_an_empty_folder_that_exists_is_filled_and_stays_itself(
    tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    inode = here.stat().st_ino
    monkeypatch.chdir(here)
    create_workspace(Path(), docs=[docs])
    assert here.stat().st_ino == inode and Path.cwd() == here  # whoever stood in it still does
    assert sorted(os.listdir(here)) == ["evals", "kit.toml", "playbooks"]
    assert load_settings(here).name == "here"


@pytest.mark.parametrize(
    ("path", "given", "words"),
    [
        ("full", [], "full: This is already in use. Name a folder that is empty or does not exist."),
        ("notes", [], "notes: This is already in use."),
        ("notes/shop", [], "notes: The workspace cannot be made: File exists."),
        ("shop", ["help", "nope"], "nope: There is no such file or folder. Check the path given to --docs."),
        ("new/shop", ["help", "full/returns.md"], "returns.md: Two of the documents given would have this name."),
        ("help/shop", ["help"], "shop: The workspace would lie in its own documents."),
    ],
)
def test_refused(tmp_path: Path, docs: Path, path: str, given: list[str], words: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "returns.md").write_text("# Other returns\n")
    (tmp_path / "notes").write_text("Mine.")
    before = names(tmp_path)
    with pytest.raises(KitError) as caught:
        create_workspace(tmp_path / path, docs=[tmp_path / one for one in given])
    assert words in str(caught.value)
    assert names(tmp_path) == before and (tmp_path / "notes").read_text() == "Mine."


def test_a_disk_that_fills_up_leaves_nothing(tmp_path: Path, docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = names(tmp_path)
    monkeypatch.setattr("kit.scaffold.shutil.copyfile", _full)
    with pytest.raises(KitError, match=r"shipping\.md: The workspace cannot be made: No space"):
        create_workspace(tmp_path / "new" / "shop", docs=[docs])
    assert names(tmp_path) == before


def _full(source: Path, target: Path) -> None:
    target.write_text("half")
    raise OSError(28, "No space left on device", str(target))
