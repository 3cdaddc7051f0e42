"""The composer that needs no model: what the passages themselves say, chosen, trimmed and put in order.

`units` cuts passages into what can be said on its own, `likeness` and `weighing` say how well each part answers,
`choosing` takes as much as is worth saying with what belongs to it, and `wording` puts it together.
"""

from kit.assistant.composing.extractive import ExtractiveComposer
from kit.assistant.composing.marks import plain
from kit.assistant.composing.units import Unit, procedure, units

__all__ = ["ExtractiveComposer", "Unit", "plain", "procedure", "units"]
