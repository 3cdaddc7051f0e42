"""The grounding check: whether a passage supports a sentence, and what is wrong with it if not.

`reading` reads a passage as the statements that it makes: `clauses` of sentences, `tables`, lists under what denies
them (`listing`), questions with their answers (`asking`). They are made of `facts` (with `dates` and `bounds`), `names`
and words (`wording`), and the synonyms of `lexicon`. `matching` finds those that a clause is about; `literal`,
`spacing`, `bound`, `turned` (with `polarity` and `degree`), `swapped` and `order` each look for one kind of fault;
`check` asks them in turn, `texts` for every sentence of a text.
"""

from kit.assistant.grounding.check import Support, check_sentence
from kit.assistant.grounding.meaning import Meaning
from kit.assistant.grounding.texts import Checked, Source, check_text

__all__ = ["Checked", "Meaning", "Source", "Support", "check_sentence", "check_text"]
