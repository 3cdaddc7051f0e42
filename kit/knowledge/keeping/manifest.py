"""What a build says about itself: what it was made of, and what its files must look like."""

import json
import zlib
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from kit.errors import IndexUnavailable
from kit.knowledge.keeping.files import Sums
from kit.text import digest

__all__ = ["FORMAT", "REMEDY", "Manifest", "code_digest"]

FORMAT = 2
REMEDY = "Run `kit index`."
_NAME = "manifest.json"
_KNOWLEDGE = Path(__file__).parents[1]
_KIT = _KNOWLEDGE.parent
# Rankers read what is kept; what they do changes nothing in it.
_READ_ONLY = ("finding", "retriever.py")


@dataclass(frozen=True)
class Manifest:
    """What a build is made of.

    Attributes:
        format: which layout the files have.
        embedder: the fingerprint of the embedder that made the vectors.
        passage_tokens: the most tokens that a passage has.
        corpus: a hash over all articles.
        code: a hash over the code that read and cut them.
        store: the address of the Chroma server that holds the vectors; empty if they lie in the build.
        collection: the name of the collection there.
        articles: how many there are.
        passages: how many there are.
        dimension: the length of a vector.
        canary: the row of a passage that the store found by its own vector when the build was made.
        files: size and checksum of each file but those that Chroma changes when it opens.
    """

    format: int
    embedder: str
    passage_tokens: int
    corpus: str
    code: str
    store: str = ""
    collection: str = "passages"
    articles: int = 0
    passages: int = 0
    dimension: int = 0
    canary: int = 0
    files: Sums = field(default_factory=dict)

    def equals(self, other: "Manifest") -> bool:
        """Whether two builds hold the same."""
        return self._made_of() == other._made_of()

    def _made_of(self) -> tuple[object, ...]:
        return self.format, self.embedder, self.passage_tokens, self.corpus, self.code, self.store

    def write(self, folder: Path) -> None:
        """Write the manifest of the build in `folder`."""
        content = asdict(self)
        (folder / _NAME).write_text(json.dumps({**content, "check": _check(content)}, indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a build's manifest.

        Raises:
            IndexUnavailable: it is missing, damaged or of another format.
        """
        try:
            content = json.loads((folder / _NAME).read_text(encoding="utf-8"))
            other = content["format"] != FORMAT
            if not other and content.pop("check") != _check(content):
                raise ValueError("it was changed")
            files = {} if other else {name: (size, crc) for name, (size, crc) in content.pop("files").items()}
            found = None if other else cls(**content, files=files)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise IndexUnavailable(f"The index is damaged ({_NAME}).", path=folder, remedy=REMEDY) from error
        if found is None:
            older = "an older" if isinstance(content["format"], int) and content["format"] < FORMAT else "another"
            raise IndexUnavailable(f"The index has {older} format.", path=folder, remedy=REMEDY)
        return found


def _check(content: dict[str, Any]) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())


@cache
def code_digest() -> str:
    """Changes when the code changes that reads articles, cuts them or takes their words apart."""
    files = [path for path in _KNOWLEDGE.rglob("*.py") if not {path.name, path.parent.name} & {*_READ_ONLY}]
    files += [_KIT / "text.py", *(_KIT / "safety").glob("*.py")]
    return digest(*(part for path in sorted(files) for part in (path.name, path.read_bytes())))[:16]
