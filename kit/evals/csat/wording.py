"""What customers say when it goes well or badly, and what replies say that help or fail: patterns written by us."""

import re
from functools import lru_cache

from kit.text import words

__all__ = [
    "apologises",
    "asks_back",
    "closes",
    "complains",
    "fails",
    "hands_over",
    "is_frustrated",
    "is_polite",
    "settles",
    "thanks",
]

_I = re.IGNORECASE
_THANKS = re.compile(
    r"\b(?:thanks?|thank ?(?:you|u)|thx|thanx|thnx|tnx|tks|thn?ks|thaks|ty|tysm|cheers|"
    r"much appreciated|appreciate (?:it|that|your)|grateful|"
    r"(?:very|so|really|most|been) helpful|lifesaver|saved (?:me|my))\b|👍|🙏|❤",
    _I,
)
_PLEASED = re.compile(
    r"\b(?:great|perfect|excellent|awesome|wonderful|lovely|brilliant|super|fantastic|amazing|exactly|works? now|"
    r"that worked|it worked|works|solved|sorted|sounds (?:good|great|nice|fair)|good to know|got it|that helps?)\b",
    _I,
)
# A short message of such words alone takes leave.
_LEAVING = frozenset(
    """ok okay alright all right fine great perfect good no nope yes cool super lovely excellent awesome sure well
    thanks thank you thankyou thx thanx thnx tnx ty cheers bye goodbye ciao see then so much a lot very that's thats is
    will be it everything have nice day one evening weekend nothing else for now too your help""".split()
)
_LEAVES = re.compile(
    r"\b(?:good ?bye|bye|have a (?:nice|good|great|lovely)|that(?:['’]?s| is| will be) (?:all|it))\b", _I
)
_LONGEST_LEAVE = 12
# The customer says that the reply missed: it did not work, was not what was asked, or had been said before.
_COMPLAINS = re.compile(
    r"\b(?:did|does|do|is|was|has|have|are)(?:n['’]?t| not) (?:work|help|what i|the one|right|correct|true|enough|"
    r"answer|understand|make sense|good enough)|"
    r"\bnot (?:working|what i|the (?:right|one)|correct|right|true|good enough|helpful|helping|asking|interested)\b|"
    r"\bthat(?:'s| is|s) (?:not|wrong|incorrect|no)\b|\b(?:wrong|incorrect|useless|pointless|nonsense)\b|"
    r"\bstill (?:not|no|doesn|don|the same|nothing|can|broken|waiting)|\bstill nothing\b|"
    r"\b(?:already|just) (?:said|told|did|tried|sent|asked|mentioned|gave|explained|done)\b|"
    r"\b(?:as|like) i (?:said|mentioned|told)\b|\bi (?:said|told you|asked (?:for|you|about)|meant)\b|"
    r"\b(?:told you|you said that|same answer|same (?:thing|question))\b|\bi tried\b|\bdid that\b|"
    r"\bonce more\b|\bagain[?!]|"
    r"^\W*(?:no+|nope|nah)\b(?!\W*"
    r"(?:thanks?|thank|that(?:'s| is| will| would)|problem|worr|need|not? now|prefer|particular|specific|"
    r"nothing|one|more|other|i(?:'m| am) (?:good|fine|all)|i (?:don['’]?t|do not) (?:need|care|have|mind|think)|"
    r"it (?:doesn['’]?t|does not) matter|it['’]?s (?:ok|fine|all)))|"
    r"\b(?:can't|cannot|couldn't|can not|won't) (?:find|open|log|see|get|use|access|connect)\b|"
    r"\bdoesn['’]?t (?!matter)|"
    r"\b(?:forget it|never ?mind|what has that|what does that have)\b",
    _I,
)
_FRUSTRATED = re.compile(
    r"\b(?:ridiculous|unbelievable|unacceptable|terrible|horrible|awful|worst|annoy\w*|frustrat\w*|"
    r"angry|furious|fed up|"
    r"sick of|tired of|waste of (?:my )?time|joke|hopeless|pathetic|stupid|idiot\w*|dumb|crap|hell|"
    r"damn|wtf|ffs|omg|rubbish|"
    r"rip-?off|scam|shame|disappoint\w*|nightmare|appall\w*|disgust\w*|outrag\w*|incompeten\w*|kidding|seriously|"
    r"are you even|i['’]?m done|i give up|come on|what the (?:hell|heck)|how (?:hard|"
    r"difficult) can|good for nothing|"
    r"why (?:can't|didn't|won't) you|could have told|great, so|"
    r"for the (?:third|fourth|last) time)\b"
    r"|^\W*(?:finally|really)\b(?!,)|[?!]{2,}|😡|🤬|😠|🙄",
    _I,
)
_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_FAILS = re.compile(
    r"\b(?:can(?:'t|not| not)|unable|could(?:n['’]?t| not)|(?:do|did|does)(?:n['’]?t| not)|(?:is|are|was|were)"
    r"(?:n['’]?t| not)|unfortunately|unavailable|fail(?:ed|s)?|not (?:able|possible|available|found|"
    r"sure|understand|allowed)|"
    r"no (?:such|other|information|further|results?|match\w*|availab\w*|longer|faster|idea|restaurants?|hotels?|"
    r"trains?|rooms?|tables?)|nothing (?:matches|after|before|available)|fully booked|sold out|out of stock|"
    r"invalid|error|try again|(?:i['’]?m|i am) afraid)\b",
    _I,
)
_SETTLES = re.compile(
    r"\b(?:booked|reserved|confirmed|done|changed|updated|cancell?ed|sent|noted|refunded|credited|"
    r"arranged|ordered|added|"
    r"reference|confirmation|successful(?:ly)?|resolved|opened|restored|all set|taken care|here (?:is|are)|replaced)\b",
    _I,
)
_HANDS_OVER = re.compile(
    r"\b(?:(?:transfer|connect|pass|put|hand|forward|escalat)\w*\b.{0,30}\b(?:you|this|it|to|on|through|over)\b.{0,30}"
    r"\b(?:colleague|agent|team|person|specialist|human|representative|someone|department|supervisor)|"
    r"open(?:ed)? a ticket|(?:somebody|someone|a colleague) will (?:write|call|contact|be in touch|get back))\b",
    _I,
)
_APOLOGISES = re.compile(r"\b(?:sorry|apologi[sz]e|apologies|regret|my mistake|my bad|forgive)\b", _I)
_POLITE = re.compile(
    r"\b(?:please|thank you|thanks|welcome|happy to|glad(?:ly)?|of course|certainly|sure|no problem|pleasure|enjoy|"
    r"good to hear|don't worry|i understand|must be|i see|would you like|shall i|let me|may i|hope)\b",
    _I,
)


# Words whose letters, in another order, are no other word: two of them changed places under hurried fingers.
_JUMBLED = {"".join(sorted(word)): word for word in "thank thanks worked works solved helped helps fixed".split()}
_WORD = re.compile(r"[A-Za-z]{5,}")


def _mended(text: str) -> str:
    """The text with such words as they were meant: `thnaks, that wroked`."""
    return _WORD.sub(lambda match: _JUMBLED.get("".join(sorted(match[0].lower())), match[0]), text)


_remembered = lru_cache(maxsize=1024)  # a turn is seen in several views


@_remembered
def thanks(text: str) -> bool:
    """The customer thanks, or says that it is well, and does not complain in the same breath."""
    text = _mended(text)
    pleased = _THANKS.search(text) or (_PLEASED.search(text) and not is_frustrated(text))
    return bool(pleased) and not complains(text) and not re.match(r"\W*no,? (?:thanks?|thank you)\W*$", text, _I)


@_remembered
def closes(text: str) -> bool:
    """The customer takes leave, and nothing needs to follow."""
    said = words(_mended(text))
    alone = 0 < len(said) <= _LONGEST_LEAVE and "?" not in text and all(word in _LEAVING for word in said)
    return alone or _LEAVES.search(text) is not None


@_remembered
def complains(text: str) -> bool:
    """The customer says that the reply missed: it did not work, or was not what was asked."""
    return _COMPLAINS.search(text) is not None


@_remembered
def is_frustrated(text: str) -> bool:
    """Angry words, shouting, or several signs of exclamation."""
    return _FRUSTRATED.search(text) is not None or (len(_SHOUTED.findall(text)) > 1)


@_remembered
def fails(text: str) -> bool:
    """The reply says that it cannot, does not know, or found nothing."""
    return _FAILS.search(text) is not None


@_remembered
def settles(text: str) -> bool:
    """The reply says that something has been done."""
    return _SETTLES.search(text) is not None


@_remembered
def hands_over(text: str) -> bool:
    """The reply passes the customer on to a person."""
    return _HANDS_OVER.search(text) is not None


def asks_back(text: str) -> bool:
    """The reply ends with a question."""
    return text.rstrip().endswith(("?", "\uff1f"))  # the second is that of Chinese and Japanese


@_remembered
def apologises(text: str) -> bool:
    """The reply says sorry."""
    return _APOLOGISES.search(text) is not None


@_remembered
def is_polite(text: str) -> bool:
    """The reply is courteous or shows that it feels with the customer."""
    return _POLITE.search(text) is not None
