"""Links to the exact place of a passage in its article, or in the file that the article was read from."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from kit.knowledge.article import Article
from kit.knowledge.blocks import heading_name
from kit.text import squash

__all__ = ["Linker", "plain"]

# What makes an address of each heading of a file, as GitHub and most makers of sites do.
_SLUGGED = frozenset([".md", ".markdown", ".mdx"])
_WORDS = 8  # of the text that a link without a fragment looks for
_LINE_MARK = re.compile(r"^(?:[\s>]|[-*+] |\d{1,9}[.)] |#{1,6} )+")
# A text fragment gives these a meaning.
_SIGNS = str.maketrans({"-": "%2D", ",": "%2C", "&": "%26"})


class Linker:
    """Makes the links of one article."""

    def __init__(self, article: Article) -> None:
        self.address, _, self.fragment = article.url.partition("#")
        self.source = article.source
        self.slugged = not article.url and PurePosixPath(article.source).suffix.lower() in _SLUGGED
        self.anchors: dict[str, list[str]] = {}
        for heading, fragment in article.anchors:
            self.anchors.setdefault(heading_name(heading), []).append(fragment)
        self.met: Counter[str] = Counter()
        self.slugs: Counter[str] = Counter()

    def fragment_of(self, heading: str) -> str:
        """The fragment that leads to the next heading of this name; empty where the source has none.

        Of each heading of the article it is to be asked once, in order.
        """
        found = self.anchors.get(heading, [])
        place, slug = self.met[heading], _slug(heading)
        self.met[heading] += 1
        count = self.slugs[slug]
        self.slugs[slug] += 1
        explicit = found[place] if place < len(found) else ""
        return explicit or ("" if not self.slugged else f"{slug}-{count}" if count else slug)

    def link(self, fragments: Sequence[str], heading: str, text: str, *, first: bool) -> str:
        """The link to a passage.

        Args:
            fragments: those of the headings above it, from the top, empty where a heading has none.
            heading: the deepest of these headings; empty at the top of the article.
            text: what the passage says.
            first: whether it is the first passage below its heading.
        """
        whole = f"{self.address}#{self.fragment}" if self.fragment else self.address
        fragment = next((one for one in reversed(fragments) if one), "")
        # What follows `#/` is the page itself, and not a place in it.
        if fragment and not self.fragment.startswith(("/", "!")):
            return f"{self.address or quote(self.source)}#{quote(fragment, safe=_SAFE)}"
        if not self.address:
            return quote(self.source)
        if first and not heading:
            return whole
        words = plain(heading) if first else _beginning(text)
        if not words:
            return whole
        return f"{whole}{'' if self.fragment else '#'}:~:text={quote(words, safe='').translate(_SIGNS)}"


# What may stand in a fragment as it is; letters of other scripts and spaces may not.
_SAFE = "!$&'()*+,;=:@/?-._~%"


def plain(heading: str) -> str:
    """A heading's words without their marks."""
    words = re.sub(r"\[([^\[\]]*)\]\([^()]*\)", r"\1", heading[:1000])
    words = re.sub(r"(?<!\w)([*_]+)(\S(?:.*?\S)?)\1(?!\w)", r"\2", words)
    return squash(html.unescape(re.sub(r"\\([^\w\s])", r"\1", words)))


def _slug(heading: str) -> str:
    """`What's new? (2026)` → `whats-new-2026`, as GitHub makes it: letters of all scripts stay."""
    words = plain(heading).lower()
    return re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


def _beginning(text: str) -> str:
    """The first words of a text as its page shows them: of one line, of one cell of a table."""
    for line in _shown(text):
        if words := plain(line.replace("**", "").replace("`", "")).split()[:_WORDS]:
            return " ".join(words)
    return ""


def _shown(text: str) -> Iterable[str]:
    for line in text.split("\n"):
        bare = _LINE_MARK.sub("", line).strip()
        if not bare or set(bare) <= set("|-: ") or bare.startswith(("```", "~~~")):
            continue
        yield next((cell.strip() for cell in bare.split("|") if cell.strip()), "") if bare.startswith("|") else bare
