"""Sentences that claim nothing: greetings, thanks, regrets, and questions back."""

import re

__all__ = ["claims_nothing"]

_THANKED = (
    r"(?:reaching\sout|contacting\sus|getting\sin\stouch|writing(?:\sto\sus)?|asking|waiting"
    r"|letting\s(?:me|us)\sknow|that|this|your\s(?:message|question|patience|understanding|help|feedback|interest))"
)
_COURTESY = re.compile(
    rf"""
    (?:hi|hello|hey|dear|good\s(?:morning|afternoon|evening|day))(?:\s(?:there|again|everyone|\w+))?
  | (?:many\s|great,\s)?(?:thanks|thank\syou)(?:\s(?:so|very)\smuch|\sa\slot|\sagain)?(?:\sfor\s{_THANKED})?
  | (?:(?:i'm|i\sam|we're|we\sare)\s)?(?:very\s|so\s|really\s|truly\s)?sorry
      (?:\s(?:to\shear|about|for)\s(?:that|this|(?:the|any)\s(?:inconvenience|trouble|delay|wait|confusion)))?
  | (?:(?:i'm|i\sam|we're|we\sare|i'd\sbe|i\swould\sbe)\s)?(?:always\s)?(?:happy|glad)\sto\shelp(?:\syou)?
      (?:\s(?:with\s(?:that|this)|further|out))?
  | (?:please\s)?(?:just\s)?(?:let\s(?:me|us)\sknow|feel\sfree\sto\s(?:ask|reach\sout|write|contact\sus))
      (?:\s(?:if|whether|how|what)\s(?:you|there|anything|that|this|it)\b[^.\d@]{{0,60}}|\s(?:again|any\stime))?
  | (?:you're|you\sare)\s(?:very\s|most\s)?welcome | of\scourse | sure(?:\sthing)?
  | great(?:\squestion)? | good\squestion | certainly | absolutely | no\sproblem | got\sit
  | understood | i\sunderstand | i\ssee
  | i\shope\s(?:this|that|it)\shelps | have\sa\s(?:nice|great|good|lovely)\s(?:day|evening|weekend|one)
  | (?:best|kind|warm)\s(?:regards|wishes) | take\scare | goodbye | bye
    """,
    re.VERBOSE | re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:and|or|so|but)?,?\s*(?:would|do|does|did|are|is|was|can|could|may|shall|should|have|has|had|will|which|what|when"
    r"|where|who|whose|how|why|anything|any)\b(?! you (?:know|hear) that)[^.!?]*\?",
    re.IGNORECASE,
)


def claims_nothing(sentence: str) -> str:
    """Why the sentence claims nothing; empty if it may claim something."""
    bare = " ".join(sentence.split()).replace("’", "'")
    if _COURTESY.fullmatch(bare.strip(" .!,:;-")):
        return "a courtesy, which claims nothing"
    if _QUESTION.fullmatch(bare):
        return "a question, which claims nothing"
    return ""
