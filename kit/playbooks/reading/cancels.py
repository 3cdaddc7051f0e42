"""Whether the customer calls off what is under way."""

import re

__all__ = ["cancels"]

_THIS = r"(?:this|that|the (?:whole )?(?:thing|request|process|chat|conversation)|this (?:request|process|chat|conversation))"
_FORMS = re.compile(
    rf"(?:never ?mind(?: (?:then|that|this|about (?:it|that|this)))?|nvm|forget (?:it|this|that|about (?:it|this|that))"
    rf"|(?:stop|abort|quit|exit|cancel)(?: {_THIS})?|stop (?:it|here|now|right there)|scrap (?:it|{_THIS})|drop it|leave it(?: (?:be|there|alone|at that|for now|then))?"
    rf"|(?:let['’]?s|let us) (?:not(?: do (?:this|that|it)| bother)?|stop(?: here| {_THIS})?|leave it(?: there| at that)?|forget (?:it|this|that|about (?:it|this|that))|drop it)"
    r"|i(?:['’]ll| will|['’]d rather|['’]m going to) (?:just )?(?:do|fix|sort|handle|deal with|take care of|try|figure)(?: (?:it|this|that))?(?: out)? (?:by )?myself"
    r"|i(?:['’]ve| have) changed my mind(?: about (?:this|that|all this))?|i (?:don['’]?t|do not) (?:want|need) (?:to do )?(?:this|that|it|help)(?: any ?more)?"
    r"|(?:don['’]?t|do not) (?:bother|worry about it)|it['’]?s (?:sorted|solved|resolved|fine),? (?:never ?mind|forget it|leave it)"
    r"|i(?:['’]d| would) (?:rather|prefer) (?:not|to stop)(?: (?:do (?:this|that|it)))?|i (?:want|would like|['’]d like|wish) to (?:stop|cancel (?:this|that)|quit)(?: here| this| that)?"
    r"|i(?:['’]m| am) (?:done|out)|no longer (?:needed|necessary|interested)|not (?:needed|interested) any ?more)"
)
_FILLER = re.compile(
    r"(?:(?:please|pls|thanks|thank you|thx|ok(?:ay)?|sorry|actually|no|hm+|oh|well|ah|right|you know what|then|on second thoughts?"
    r"|just|wait|yeah|but|and|so|for now|now|anyway|cheers|it['’]?s (?:fine|ok(?:ay)?|all right|alright)|that['’]?s (?:fine|ok(?:ay)?|all right)|all good"
    r"|no thanks?|no thank you|i['’]?m good|no worries|it doesn['’]?t matter|too (?:complicated|much hassle|much trouble)|this takes too long)\b\s*)+"
)
_LONGEST = 120


def cancels(message: str) -> bool:
    """Whether the message as a whole calls off what is under way.

    Every clause must be one of the short forms that do: "cancel my plan" is a request, "don't cancel" the opposite, and
    "cancel it" may mean the order. "Cancel" alone calls off; ask for the field that waits first, as it may be a choice.
    """
    text = " ".join(message.lower().split())
    if len(text) > _LONGEST or "?" in text:
        return False
    called_off = False
    for clause in re.split(r"[,.;:!…–—()]+|\s-\s", text):
        said = clause.strip()
        lead = _FILLER.match(said)
        if not said or (lead and lead.end() == len(said)):
            continue
        bare = re.sub(
            r"\s+(?:please|pls|thanks|thank you|then|now|for now|anyway|after all)$",
            "",
            said[lead.end() :] if lead else said,
        )
        if not (_FORMS.fullmatch(bare) or _FORMS.fullmatch(said)):
            return False
        called_off = True
    return called_off
