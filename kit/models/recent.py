"""What a model made of the last few short texts: a turn asks for one question's vectors again and again.

The router, the search and the composer each want something else of the same question, and one pass gives it all. What
is kept is keyed by a digest of the text's tokens, and is of the last few texts only.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock

from kit.models.embedder import Vectors
from kit.text import digest

__all__ = ["Recent"]

_MOST_TEXTS = 128
# Of a longer text the vectors of all its tokens take too much memory to be kept on the chance.
_MOST_TOKENS = 128


class Recent:
    """The outputs of the last few texts, by name. Threads may share it; nobody may change what it gives."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = list(names)
        self._known: OrderedDict[str, dict[str, Vectors]] = OrderedDict()
        self._lock = Lock()

    def outputs(
        self, wanted: Sequence[str], ids: Iterable[int], run: Callable[[list[str]], list[Vectors]]
    ) -> list[Vectors]:
        """The outputs wanted for one text, computed with all others if they are not known.

        Args:
            wanted: their names.
            ids: the text's tokens.
            run: computes outputs by their names.
        """
        tokens = [str(id) for id in ids]
        if len(tokens) > _MOST_TOKENS:
            return run(list(wanted))
        key = digest(*tokens)
        with self._lock:
            if found := self._known.get(key):
                self._known.move_to_end(key)
        if not found:
            found = dict(zip(self._names, run(self._names), strict=True))
            for vectors in found.values():
                vectors.flags.writeable = False
            with self._lock:
                self._known[key] = found
                while len(self._known) > _MOST_TEXTS:
                    self._known.popitem(last=False)
        return [found[name] for name in wanted]
