"""Makes a new workspace: the sample company's, or one from a company's own documents."""

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kit.errors import KitError
from kit.progress import Progress
from kit.settings import FILE, cache_folder

if TYPE_CHECKING:
    from kit.knowledge import Site, SiteLimits, SiteReport

__all__ = ["create_workspace"]

_PARTS = (FILE, "playbooks", "evals")

_SETTINGS = """\
# The settings of this workspace. Every key is optional; what is not set has the kit's default.
name = {name}
language = "en"

# [chat]
# model = "openai:gpt-5-mini"     # any id that LangChain's init_chat_model takes; needs the provider's key
# base_url = "http://127.0.0.1:8000/v1"

# [costs]
# per_agent_contact = 6.0         # what a contact handled by a person costs you

# [targets]
# deflection = 0.4
# wrong_answers = 0.05
"""


def create_workspace(
    path: Path,
    *,
    name: str | None = None,
    sample: bool = False,
    docs: Sequence[Path] = (),
    sites: Sequence[str] = (),
    limits: "SiteLimits | None" = None,
    allow_private: bool = False,
    progress: Progress | None = None,
) -> "list[SiteReport]":
    """Make a workspace in `path`, whole or not at all.

    Sites are read into the user's cache first, and the workspace is made from there. So an interruption leaves no
    workspace, and the same call once more goes on with what has been fetched.

    Args:
        path: a folder that does not exist yet or is empty.
        name: the company; by default the folder's name.
        sample: start from the sample company, Brightloom, with its articles, playbooks and suites.
        docs: files and folders whose content becomes the knowledge base.
        sites: addresses of help centres whose pages join it.
        limits: how much of each site is read, and how fast.
        allow_private: whether the sites may be on this machine or its network.
        progress: told after each page of a site.

    Returns:
        What was read of each site.

    Raises:
        KitError: the folder is in use, or a document or site cannot be read.
    """
    path = path.resolve()
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise KitError("This is already in use.", path=path, remedy="Name a folder that is empty or does not exist.")
    for source in docs:
        if not source.exists():
            raise KitError("There is no such file or folder.", path=source, remedy="Check the path given to --docs.")
        if path.is_relative_to(source.resolve()):
            raise KitError("The workspace would lie in its own documents.", path=path, remedy="Name another folder.")
    read: list[Site] = []
    if sites:
        from kit.knowledge import read_site

        cache = cache_folder() / "sites"
        for site in dict.fromkeys(sites):
            found = read_site(site, cache=cache, limits=limits, allow_private=allow_private, progress=progress)
            read.append(found)
    try:
        # Made on the same disk, so that moving it into place cannot stop half-way.
        beside = next(folder for folder in (path, *path.parents) if folder.is_dir())
        with tempfile.TemporaryDirectory(prefix=".kit-init-", dir=beside) as temporary:
            made = Path(temporary) / "workspace"
            _fill(made, name or path.name, sample, docs, read)
            if path.is_dir():
                # Not replaced, since the user may stand in it; kit.toml, which makes it a workspace, comes last.
                for part in reversed(_PARTS):
                    (made / part).rename(path / part)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.rename(path)
    except OSError as error:
        problem = f"The workspace cannot be made: {error.strerror or error}."
        raise KitError(problem, path=error.filename or path, remedy="Name a folder that you may write to.") from error
    return [site.report for site in read]


def _fill(made: Path, name: str, sample: bool, docs: Sequence[Path], sites: "Sequence[Site]") -> None:
    """Write a workspace into the folder `made`."""
    if sample:
        _copy_sample(made)
    else:
        (made / "evals").mkdir(parents=True)
        (made / FILE).write_text(_SETTINGS.format(name=_quoted(name)), encoding="utf-8")
    knowledge = made / "playbooks" / "knowledge"
    knowledge.mkdir(parents=True, exist_ok=True)
    for source in docs:
        _copy_docs(source.resolve(), knowledge)
    for site in sites:
        site.copy_to(knowledge)


def _copy_sample(target: Path) -> None:
    # An installed kit carries the sample inside the package; in a checkout it is the repository's root.
    package = Path(__file__).parent
    source = package / "sample" if (package / "sample").is_dir() else package.parent
    target.mkdir(parents=True)
    for part in _PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part)
        else:
            shutil.copyfile(source / part, target / part)


def _copy_docs(source: Path, knowledge: Path) -> None:
    """Copy a folder's content, or one file; links are followed only to what lies inside the folder given."""
    if source.is_file():
        shutil.copyfile(source, _free(knowledge / source.name))
        return
    for file in sorted(source.rglob("*")):
        relative = file.relative_to(source)
        hidden = any(part.startswith(".") for part in relative.parts)
        if file.is_file() and not hidden and file.resolve().is_relative_to(source):
            target = _free(knowledge / relative)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _free(target: Path) -> Path:
    if target.exists():
        raise KitError(
            "Two of the documents given would have this name.",
            path=target.name,
            remedy="Rename one, or put them into separate folders.",
        )
    return target


def _quoted(text: str) -> str:
    import json

    # A JSON string is a TOML basic string.
    return json.dumps(text, ensure_ascii=False)
