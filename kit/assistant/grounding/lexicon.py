"""Which words say the same, and which say the opposite: `words.txt`, read once."""

from functools import cache
from pathlib import Path

from kit.text import STOPWORDS, stem

__all__ = ["is_common", "is_content", "is_weak", "keys", "opposites", "root"]

# Function words to `kit.text`, but of content here: a sentence may turn on them.
_TELLING = frozenset("same last first off open above below later earlier".split())
# Words that tell what is done or not done, but are so common that none has to stand in the passage.
_WEAK = frozenset(
    """need needs needed work works working make makes made use uses used using keep keeps know knows want
    wants give gives take takes taken get gets let lets go goes come comes become becomes apply applies have
    has help helps mean means part second seconds minute minutes hour hours day days week weeks month months
    year years old above below later earlier""".split()
)
# Words that any sentence to a customer may hold and that claim nothing by themselves.
_LIGHT = frozenset(
    """able anyway automatic automatically available case different example fine following follow great happy
    hence however instead item kind lot usually normally generally typically mostly moreover next note
    particular please possible question required simply sure thing time total way within whole besides
    therefore overall e.g i.e etc remember regardless meanwhile become becomes became least most minimum
    maximum whatever whichever""".split()
)
# Words that say in every field what others say as well, so that a paraphrase may have them where its passage has none:
# they need not stand there, while what they do to a statement (deny it, turn it) still counts.
_COMMON = frozenset(
    """add added affect affected allow allowed alone amount anymore apart aren't become begin begins bit bring brings
    buy can't case cases certain change changed changes close come continue continued continues couldn't count
    counts couple damage didn't difference different do doesn't don't done early easily easy end ended ends enough
    entirely exactly exist expect extra far fast find finds fine finish finished follow following found fully gain
    gone half happen happens hasn't haven't hear helpful hold however immediately important include included
    includes inside instead isn't join keep kept kind lasts later latest leave leaves left let like likely little
    long longer look lose lost lot mainly matter mean meant mind mostly move near nearby necessary needn't new
    nothing notice number occur off often older otherwise outside part pass passed past perhaps place possible
    prevent prevented provide provided qualify quickly reach reached ready real receive received remain remains
    result row run running runs safe separate set short should show shown shows side simply sit site situation small
    smaller soon sorry special start starts state stay stays still stop stops straight sure try turn turned turning
    type unless unusual useful useless usual usually wait want wasn't way whole won't worries worry wouldn't
    wrong""".split()
)
_PREFIXES = ("non", "un", "in", "ir", "im", "dis")


@cache
def _groups() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """For each stem the names of its groups, and those of the groups that say the opposite."""
    own: dict[str, set[str]] = {}
    other: dict[str, set[str]] = {}
    text = (Path(__file__).parent / "words.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines()):
        if not line or line.startswith("#"):
            continue
        parts = [[stem(word) for word in part.split()] for part in line.split("|")]
        for side, words in enumerate(parts):
            for word in words:
                own.setdefault(word, set()).add(f"={number}.{side}")
                if len(parts) == 2:
                    other.setdefault(word, set()).add(f"={number}.{1 - side}")
    return (
        {word: frozenset(names) for word, names in own.items()},
        {word: frozenset(names) for word, names in other.items()},
    )


@cache
def root(word: str) -> str:
    """The stem of a lower-case word, whoever owns it."""
    return stem(word.removesuffix("'s").removesuffix("'"))


@cache
def keys(word: str) -> frozenset[str]:
    """What a lower-case word is found by: its stem and the names of the groups it stands in."""
    parts = word.split("-") if "-" in word else []
    found = _groups()[0].get(root(word), frozenset()) | {root(word)}
    return found.union(*map(keys, parts)) if parts and min(map(len, parts)) > 3 else found


@cache
def opposites(word: str) -> frozenset[str]:
    """The keys of the words that say the opposite."""
    bare = root(word)
    found = set(_groups()[1].get(bare, ()))
    for prefix in _PREFIXES:
        if bare.startswith(prefix) and len(bare) - len(prefix) >= 5:
            found.add(bare.removeprefix(prefix))
        found.add(prefix + bare)
    return frozenset(found)


@cache
def is_content(word: str) -> bool:
    """Whether a lower-case word carries the subject."""
    return word in _TELLING or word in _WEAK or (word not in STOPWORDS and word not in _LIGHT and len(word) > 1)


def is_common(word: str) -> bool:
    """Whether a paraphrase may hold the word where its passage has none like it."""
    return word in _COMMON or word in _WEAK


def is_weak(word: str) -> bool:
    """Whether a content word may be missing from the passage without being missed."""
    return word in _WEAK
