"""The assistant: one turn of a conversation, from the customer's message to a grounded reply."""

from typing import TYPE_CHECKING

from kit.assistant.assistant import Assistant
from kit.assistant.compose import ComposeFailure, Composer, Evidence, Piece
from kit.assistant.composing import ExtractiveComposer
from kit.assistant.deciding import FEATURES, Bound, Calibrated, ConfidenceModel, OperatingPoint, shipped_confidence
from kit.assistant.languages import Detector
from kit.assistant.metering import ModelCall
from kit.assistant.nodes import Nodes
from kit.assistant.prompt import PROMPTS, Prompt, load_prompt
from kit.assistant.record import Followed, TurnRecord
from kit.assistant.types import Citation, Conversation, Outcome, Reply, Role, TraceStep, Turn
from kit.late import late

# Needed only where a chat model answers, a text is checked, or playbooks are tested.
if TYPE_CHECKING:
    from kit.assistant.chat import ChatComposer
    from kit.assistant.grounding import Checked, Meaning, Source, Support, check_sentence, check_text
    from kit.assistant.hosting import AssistantHost
    from kit.assistant.modelled import ModelPhraser, ModelReader
    from kit.assistant.translating import Translator

__all__ = [
    "FEATURES",
    "PROMPTS",
    "Assistant",
    "AssistantHost",
    "Bound",
    "Calibrated",
    "ChatComposer",
    "Checked",
    "Citation",
    "ComposeFailure",
    "Composer",
    "ConfidenceModel",
    "Conversation",
    "Detector",
    "Evidence",
    "ExtractiveComposer",
    "Followed",
    "Meaning",
    "ModelCall",
    "ModelPhraser",
    "ModelReader",
    "Nodes",
    "OperatingPoint",
    "Outcome",
    "Piece",
    "Prompt",
    "Reply",
    "Role",
    "Source",
    "Support",
    "TraceStep",
    "Translator",
    "Turn",
    "TurnRecord",
    "check_sentence",
    "check_text",
    "load_prompt",
    "shipped_confidence",
]

__getattr__ = late(__name__, ("grounding", "modelled", "translating", "chat", "hosting"))
