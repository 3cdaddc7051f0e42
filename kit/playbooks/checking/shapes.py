"""Reads playbooks as far as they can be read, and says what keeps the rest from it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.errors import KitError
from kit.playbooks.checking.edits import Edit, RenameKey, SetValue, TrimLines
from kit.playbooks.checking.finding import Finding, Findings, Rule, rule
from kit.playbooks.checking.near import misspelt
from kit.playbooks.language import HEAD, Playbook, Source, head_misfits, read_head, read_playbook
from kit.yamlfile import Located, Misfit

__all__ = ["Pile", "read_all"]

UNREADABLE = rule("unreadable", "error", "A playbook is a UTF-8 text of at most 1 MB in the playbooks folder itself.")
NO_HEAD = rule("no-head", "error", "A playbook begins with a YAML head between two `---` lines.")
NOT_YAML = rule("not-yaml", "error", "The head is plain YAML: no key twice, no aliases, no tags, no tabs.")
UNKNOWN_KEY = rule("unknown-key", "error", "Every key is one that playbooks have.", fixes="a misspelt key")
MISSING_KEY = rule("missing-key", "error", "Every part has the keys that it needs.", fixes="a misspelt key")
WRONG_VALUE = rule("wrong-value", "error", "Every value is of its kind.", fixes="a misspelt word of a fixed list")
ID = rule("id-not-file-name", "error", "The id is the file's name without `.md`.", fixes="the id, unless it is in use")
DUPLICATE = rule("duplicate-playbook", "error", "No two files have the same id.", fixes="the id of the copy")
SPACES = rule("trailing-spaces", "warning", "No line of the head ends in spaces.", fixes="all of them")


@dataclass(frozen=True)
class Pile:
    """The playbooks of a folder: those that can be read, by id, the ids of those that cannot, and why."""

    sources: Mapping[str, Source]
    unread: frozenset[str]
    findings: Sequence[Finding]


def read_all(files: Sequence[Path]) -> Pile:
    """Read all that can be read.

    A playbook whose id is not the file's name goes by the file's name: its id is what is wrong.
    """
    heads: dict[Path, Located] = {}
    sources: dict[str, Source] = {}
    findings: list[Finding] = []
    for path in files:
        try:
            text = read_playbook(path)
        except KitError as error:
            findings.append(_of(error, UNREADABLE))
            continue
        try:
            located, body = read_head(text, path)
        except KitError as error:
            findings.append(_of(error, NOT_YAML if HEAD.match(text) else NO_HEAD))
            continue
        heads[path] = located
        findings += _spaces(text, located)
        wrong = head_misfits(located)
        findings += (_misfit(located, one) for one in wrong)
        if not wrong:
            playbook = Playbook.model_validate(located.data)
            playbook = playbook.model_copy(update={"id": path.stem, "guidance": body.strip()})
            sources[path.stem] = Source(playbook, located)
    findings += _ids(heads, sources)
    return Pile(sources, frozenset(path.stem for path in files) - set(sources), findings)


def _of(error: KitError, broken: Rule) -> Finding:
    path, remedy = Path(error.path or ""), error.remedy or "Mend this line."
    return Finding(broken.name, broken.level, error.problem, remedy, path, error.line or 1)


def _misfit(located: Located, misfit: Misfit) -> Finding:
    fix: Edit | None = None
    place, guess = misfit.place, misfit.guess
    if misfit.kind == "extra_forbidden" and guess and _sure(str(place[-1]), guess):
        fix = RenameKey(place, guess)
    elif misfit.kind == "union_tag_not_found" and guess and _sure(guess, str(place[-1])):
        fix = RenameKey((*place[:-1], guess), str(place[-1]))
    elif misfit.kind in ("literal_error", "union_tag_invalid") and guess:
        found = _found(located, place)
        fix = SetValue(place, guess) if isinstance(found, str) and _sure(found, guess) else None
    kinds = {"extra_forbidden": UNKNOWN_KEY, "missing": MISSING_KEY, "union_tag_not_found": MISSING_KEY}
    broken = kinds.get(misfit.kind, WRONG_VALUE)
    return broken.at(located, place, misfit.problem, misfit.remedy or "Change the value.", fix=fix)


def _sure(name: str, guess: str) -> bool:
    return misspelt(name, [guess]) is not None


def _found(located: Located, place: tuple[str | int, ...]) -> object:
    found = located.data
    for key in place:
        found = found[key]
    return found


def _spaces(text: str, located: Located) -> Findings:
    head = HEAD.match(text)
    for number, line in enumerate(head["head"].split("\n") if head else (), start=2):
        if line != line.rstrip(" \t"):
            found = SPACES.at(located, (), "This line ends in spaces.", "Remove them.", fix=TrimLines())
            yield Finding(**{**vars(found), "line": number})
            return


def _ids(heads: Mapping[Path, Located], sources: Mapping[str, Source]) -> Findings:
    stated = {path: str((located.data or {}).get("id", "")) for path, located in heads.items() if _is_mapping(located)}
    taken = Counter(stated.values())
    for path, id in stated.items():
        if id in ("", path.stem):
            continue
        located = heads[path]
        original = next((other for other in stated if other.stem == id), None)
        # Whoever refers to the id would be left with nothing.
        used = taken[id] > 1 or (original is None and any(_refers(source, id) for source in sources.values()))
        fix = SetValue(("id",), path.stem) if original is not None or not used else None
        if original is not None:
            problem = f"The id `{id}` is that of {original.name}."
            yield DUPLICATE.at(located, ("id",), problem, f"Make it `{path.stem}`, as the file is called.", fix=fix)
        else:
            problem = f"The id `{id}` differs from the file's name."
            yield ID.at(located, ("id",), problem, "Make them equal.", fix=fix)


def _is_mapping(located: Located) -> bool:
    return isinstance(located.data, dict)


def _refers(source: Source, id: str) -> bool:
    playbook = source.playbook
    return id in playbook.disambiguate_with or any(getattr(step, "playbook", None) == id for step in playbook.steps)
