"""The grounding check on the committed sentences: the targets hold on those that were not tuned on."""

from tests.assistant.grounding_rows import read_rows

BRIGHTLOOM, OTHERS = read_rows("grounding.jsonl"), read_rows("grounding_other.jsonl")
