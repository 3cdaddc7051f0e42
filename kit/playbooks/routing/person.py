"""Recognises that a customer asks for a person, in so many words, misspelt and shouted as they are written in anger.

Two shapes are certain. Either the message is nothing but the name of a person and words that carry no subject ("human.
now."), or a verb of contact leads to such a name ("can i speak w/ someone") with nothing behind it that makes another
thing of it ("human resources", "the agent's fee"). What is said in other ways the router learns from examples.
"""

import re

__all__ = ["asks_for_person"]

# Whom a company employs to talk to customers. These alone are a request.
_STAFF = frozenset(
    """human humans person people agent agents representative representatives rep reps operator operators supervisor
    supervisors advisor adviser advisors specialist csr receptionist""".split()
)
# These are one only behind a verb of contact.
_ANYONE = frozenset(
    "someone somebody anyone anybody manager managers team staff support employee colleague boss engineer".split()
)
_PHRASES = ("customer service", "customer support", "customer care", "support team", "service desk", "help desk")
_CONTACT = frozenset(
    "talk talking speak speaking chat chatting connect transfer escalate reach contact redirect switch hand".split()
)
_WANT = frozenset("want need wanna get give gimme have put pass require demand prefer".split())
# What is handed to a person has to be the customer: "switch a team to private" moves the team.
_MOVES = frozenset("connect transfer escalate redirect switch hand give pass".split())
_ME = frozenset("me us to with over through thru into touch this it".split())
# People in general are nobody to talk to; "a real person" and "your people" are.
_PLENTY = frozenset("people team staff".split())
_OURS = frozenset("real actual live your human to with".split())
# May stand beside the name of a person in a message that says nothing else.
_FILLER = frozenset(
    """a an the i me we us now right please plz pls pleas asap just real actual live human-being being to with w no not
    yes hi hello hey ok okay ugh want need get give gimme wanna would like could can may let's lets let have one is are
    there any some proper thanks thx ty thank you help immediately today here for bot robot machine computer ai chatbot
    then really only instead of again so still and or real-life actually at once this time i'd i'm""".split()
)
# May stand between the verb and the name.
_BETWEEN = _FILLER | frozenset(
    "over your some member of that who different another through thru over directly in into touch hold".split()
)
# May follow the name; another noun would make a new thing of the two.
_AFTER = _FILLER | frozenset(
    """about because who that which on in by if when since as but regarding concerning from before after over via
    what how why rather whatever anyway somehow soon tonight tomorrow quickly out it up my your contact call""".split()
)
# What a person is wanted for: "have an agent do this", "can a human look at it".
_HELPS = frozenset("do help handle take look deal assist check sort call".split())
_ANY = frozenset("a an some real actual another".split())
_ALONE = frozenset("alone themselves himself herself itself oneself".split())
_MAY = frozenset("can could may will would".split())
# Turned down, or asked about: "I do not need an agent", "am I talking to a human?".
_NOT_WANTED = re.compile(
    r"\b(?:(?:do|does|did)(?:n['’]?t| not)|no) (?:really |even )?(?:want|need|wish|like|have)\b|"
    r"\b(?:no need|rather not|without|instead of|rather than|never asked|nothing to do with)\b|"
    r"\bam i (?:talking|speaking|chatting)\b"
)
# Real words within a slip of the pen of a name.
_NO_SLIP = frozenset(
    "manage managed manages humane personal operate operates operated operating started team advise advised".split()
)
# Whole phrases that ask for one and name none.
_PLAINLY = re.compile(
    r"\bwho (?:can|could|do|should) i (?:speak|talk) (?:to|with)\b|\b(?:transfer|escalate) me\W*$|\bcall me back\b"
    r"|\b(?:(?:some|any)(?:one|body)|please|pls|plz|can you|could you) (?:please )?(?:call|ring|phone) (?:me|us)\b"
    r"(?=\W*$| (?:back|when|as|about|at|on|in|to|now|asap|later|today|tonight|tomorrow|so|because|please|if|for|before"
    r"|after)\b)"
    r"|\bfrom an? (?:(?:real|actual|live) )?(?:person|human|human being)\W*$"
    r"|\bput (?:\w+ )?your (?:boss|manager|supervisor)\b"
    r"|\b(?:some|any)(?:one|body) real\b|\b(?:one|some|any) of your people\b"
)
_COUNTED = 2  # digits of a number that only counts
_LONG = 9
_SHORT = 5
_REACH = 5  # so many words may stand between the verb and the name

_TOKEN = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_WHO_IS_THERE = re.compile(r"\b(?:are|is|r) (?:you|u|this|it|that)\b|\bam i (?:talking|speaking|chatting)\b")
_LONGEST = 5000
_SENTENCE = re.compile(r"[.!?;:\n]+")
_CLAUSE = re.compile(r"[.!?;:\n,]+")


def asks_for_person(message: str) -> bool:
    """Whether the message asks for a person."""
    text = message.lower().replace("’", "'").replace("w/", "with ")
    for phrase in _PHRASES:
        text = text.replace(phrase, "representative")
    if len(text) > _LONGEST:
        return False
    return any(_names_person(_TOKEN.findall(part)) for part in _sentences(text)) or any(
        _leads_to_person(_TOKEN.findall(part), part) for part in _CLAUSE.split(text)
    )


def _sentences(text: str) -> list[str]:
    """The sentences, and of each what follows its last comma: "not a robot, a human".

    Without those that ask who is there: "are you a bot or a human".
    """
    asked = [whole for whole in _SENTENCE.split(text) if not _WHO_IS_THERE.search(whole)]
    return [part for whole in asked for part in (whole, whole.rpartition(",")[2])]


def _names_person(said: list[str]) -> bool:
    """Whether the sentence is nothing but the name of a person and words without a subject."""
    staff = [word for word in said if _is_staff(word)]
    if not staff or not all(word in _FILLER or word in staff or _is_number(word) for word in said):
        return False
    # "no humans" turns them down, and "or a person" is the end of another question.
    return said[0] not in ("not", "no", "or")


def _is_number(word: str) -> bool:
    """Whether it is the number of an order or a case; "1 agent" is an entry of a list."""
    return any(map(str.isdigit, word)) and len(word) > _COUNTED


def _leads_to_person(said: list[str], clause: str) -> bool:
    """Whether a verb of contact in the clause leads to a person."""
    if _NOT_WANTED.search(clause):
        return False
    if _PLAINLY.search(clause):
        return True
    for place, word in enumerate(said):
        contact = word in _CONTACT
        if not contact and word not in _WANT and word not in _MAY:
            continue
        for at in range(place + 1, min(place + 2 + _REACH, len(said))):
            following = said[at]
            if _is_staff(following) or (contact and following in _ANYONE):
                # "put me through to" is a contact, "I need an agent" a wish: both end with the person, or what for.
                ends = at + 1 == len(said) or said[at + 1] in _AFTER or _is_staff(said[at + 1])
                if (word in _MOVES and _ME.isdisjoint(said[place + 1 : at])) or (
                    following in _PLENTY and _OURS.isdisjoint(said[place + 1 : at])
                ):
                    break
                helps = at + 1 < len(said) and said[at + 1] in _HELPS
                # "Can people see my data" and "can a person do that alone" are questions about others.
                if word in _MAY:
                    ends = helps and said[at - 1] in _ANY and _ALONE.isdisjoint(said)
                if ends or (helps and word not in _MAY):
                    return True
                break
            if following not in _BETWEEN and following not in _WANT and following not in _CONTACT:
                break
    return False


def _is_staff(word: str) -> bool:
    if word in _STAFF:
        return True
    if len(word) < _SHORT or word in _NO_SLIP or word in _AFTER or "-" in word or "'" in word:
        return False
    return any(
        word[0] == name[0] and _slips(word, name, 2 if len(name) >= _LONG else 1)
        for name in _STAFF
        if len(name) >= _SHORT and abs(len(name) - len(word)) <= 2
    )


def _slips(written: str, meant: str, most: int) -> bool:
    """Whether at most so many letters are wrong, missing, too many, or change places (Damerau 1964)."""
    from rapidfuzz.distance import OSA

    return OSA.distance(written, meant, score_cutoff=most) <= most
