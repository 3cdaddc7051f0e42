"""Whether the customer calls off what is under way."""

import re

__all__ = ["cancels"]

_IT = "(?:it|this|that|about (?:it|this|that))"
_THIS = "(?:this|that|(?:the|this) (?:whole )?(?:thing|request|process|chat|conversation))"
_DO = "(?:do|fix|sort|handle|deal with|take care of|try|figure)"
# What a clause may consist of that calls off; `cancel it` is none, as it may mean the order.
_FORMS = (
    rf"never ?mind(?: (?:then|{_IT}))?",
    "nvm",
    rf"forget {_IT}",
    rf"(?:stop|abort|quit|exit|cancel)(?: {_THIS})?",
    "stop (?:it|here|now|right there)",
    rf"scrap (?:it|{_THIS})",
    "drop it",
    "leave it(?: (?:be|there|alone|at that|for now|then))?",
    rf"(?:let['’]?s|let us) (?:not(?: do {_THIS}| do it| bother)?|stop(?: here| {_THIS})?|drop it|forget {_IT})",
    "(?:let['’]?s|let us) leave it(?: there| at that| be)?",
    rf"i(?:['’]ll| will|['’]d rather|['’]m going to) (?:just )?{_DO}(?: (?:it|this|that))?(?: out)? (?:by )?myself",
    r"i(?:['’]ve| have)? changed my mind about (?:this|that|all this|it)",
    rf"i (?:don['’]?t|do not) (?:want|need) (?:to do )?(?:{_THIS}|it|help)(?: any ?more)?",
    r"(?:don['’]?t|do not) (?:bother|worry about it)",
    rf"i(?:['’]d| would) (?:rather|prefer) (?:not|to stop)(?: (?:do )?{_THIS})?",
    rf"i(?: want|['’]d like| would like| wish) to (?:stop|quit|cancel {_THIS})(?: here| {_THIS})?",
    r"i(?:['’]m| am) (?:done|out)",
    "no longer (?:needed|necessary|interested)",
    "not (?:needed|interested) any ?more",
)
# What may stand beside, and calls off nothing of itself.
_FILLERS = (
    "please|pls|thanks|thank you|thx|cheers|ok(?:ay)?|sorry|actually|no|hm+|oh|well|ah|right|yeah|but|and|so|just|wait",
    "then|now|for now|anyway|you know what|on second thoughts?|no thanks?|no thank you|no worries|all good",
    r"i['’]?m good",
    r"(?:it|that)['’]?s (?:fine|ok(?:ay)?|all right|alright)|(?:it|that) (?:doesn['’]?t|does not) matter",
    r"(?:(?:it|this|that)(?:['’]?s| is) )?too (?:complicated|much (?:hassle|trouble|work))|(?:this|it) takes too long",
)
_CALLS_OFF = re.compile("|".join(_FORMS))
_BESIDE = re.compile(rf"(?:(?:{'|'.join(_FILLERS)})\b\s*)+")
_BEHIND = re.compile(r"\s+(?:please|pls|thanks|thank you|then|now|for now|anyway|after all)$")
_CLAUSES = re.compile(r"[,.;:!…–—()]+|\s-\s")
# No message longer than this (characters) consists of such forms alone.
_LONGEST = 120


def cancels(message: str) -> bool:
    """Whether the message as a whole calls off what is under way.

    Every clause must be one of the short forms that do: "cancel my plan" is a request, "don't cancel" the opposite. A
    bare "cancel" calls off; read the field that waits first, as it may be one of its choices.
    """
    text = " ".join(message.lower().split())
    if len(text) > _LONGEST or "?" in text:
        return False
    called_off = False
    for clause in (part.strip() for part in _CLAUSES.split(text)):
        lead = _BESIDE.match(clause)
        rest = clause[lead.end() :] if lead else clause
        if not rest:
            continue
        if not any(_CALLS_OFF.fullmatch(said) for said in (clause, rest, _BEHIND.sub("", rest))):
            return False
        called_off = True
    return called_off
