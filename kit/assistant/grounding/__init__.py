"""The grounding check: whether a passage supports a sentence, and what is wrong with it if not.

`statements` reads a text as the statements that it makes, with the help of `facts` (and its `dates` and `bounds`),
`wording`, and the synonyms of `lexicon`; `matching` finds those that a clause is about; `literal`, `bound`, `turned`,
`swapped` and `order` each look for one kind of fault; `check` asks them in turn, `texts` for every sentence of a text.
"""

from kit.assistant.grounding.check import Support, check_sentence
from kit.assistant.grounding.meaning import Meaning
from kit.assistant.grounding.texts import Checked, check_text

__all__ = ["Checked", "Meaning", "Support", "check_sentence", "check_text"]
