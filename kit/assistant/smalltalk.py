"""Recognises what people say beside their questions: courtesy, praise, a word about the assistant itself.

Only whole sentences of a few fixed shapes count, so that nothing that may be a question is taken for small talk. A
message of several sentences is read sentence by sentence; what is left beside the courtesy is what it is about.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

from kit.text import sentences, squash

__all__ = ["Courtesy", "SmallTalk", "courtesy"]

SmallTalk = Literal[
    "greeting", "how", "who", "able", "compliment", "failed", "thanks", "glad", "nothing", "noted", "remark", "bye"
]

_GOOD = (
    "good|great|awesome|amazing|perfect|excellent|fantastic|wonderful|brilliant|lovely|nice|cool|sweet|super|helpful"
    "|the best|kind|friendly|smart|clever|quick|fast|useful|a star|a life ?saver|a legend"
)
_VERY = "(?:so |very |really |pretty |super |actually |just |quite |extremely |incredibly )*"
_NAME = "(?: (?:there|all|everyone|guys|team|bot|support|folks|again|mate|bright))?"
_THANKS = (
    "(?:(?:ok|okay|great|perfect|awesome|cool|alright|super|brilliant|lovely|nice|all good|right|ah|oh)[,.! ]+)*"
    "(?:many |much |big |ok )?(?:thanks?|thank ?(?:you|u|s)|thx|tnx|ty|tysm|tyvm|cheers|much appreciated|appreciated"
    "|i appreciate (?:it|that|your help|you)|ta)"
    "(?:[,. ]+(?:so much|very much|a lot|a bunch|a million|again|anyway|anyways|indeed|all|mate|man|guys|you|bot"
    "|kindly"
    "|in advance|for (?:(?:the|your|all|all the|all your|that|this|everything|it|answering|explaining|helping)"
    "(?: (?:quick|fast|great|kind|lovely))?(?: (?:help|time|answer|reply|response|info|information|support"
    "|patience|tip"
    "|explanation|me))?)))*"
)
# Later shapes take what the earlier ones left; each has to fit a whole sentence.
_SHAPES: Final[tuple[tuple[SmallTalk, str], ...]] = (
    (
        "bye",
        r"(?:ok(?:ay)?[, ]+)?(?:good ?bye|bye(?: bye)?|bye for now|see (?:you|ya)(?: later| soon)?|take care"
        r"|have a (?:good|great|nice|lovely) (?:one|day|evening|night|weekend|afternoon)|good ?night|cya|ttyl)"
        r"(?: now| then| all)?",
    ),
    (
        "greeting",
        rf"(?:hi+|hello+|hey+(?: hey)?|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|morning|dear "
        rf"(?:team|support|sir|madam|sir or madam|all)|g['’]?day){_NAME}",
    ),
    (
        "how",
        r"(?:and )?(?:how are you(?: doing)?(?: today)?|how['’]?s it going|how are things|how do you do"
        r"|what['’]?s up|sup"
        r"|how is your day(?: going)?|how['’]?s your day(?: going)?|are you (?:ok|okay|well)|how have you been)",
    ),
    (
        "who",
        r"(?:so |wait |sorry )?(?:are|r) (?:you|u) (?:a |an |really a |really an |actually a "
        r"|just a )?(?:\w+ )?(?:ro)?"
        r"(?:bot|human|person|real|machine|computer|ai|a\.i\.|chat ?gpt|chatbot|gpt|program|alive|man|woman)"
        r"(?: or (?:a |an )?(?:\w+ )?(?:(?:ro)?bot|human|person|real|machine|computer|ai))?"
        r"|am i (?:talking|speaking|chatting) (?:to|with) (?:a |an )?(?:\w+ )?(?:(?:ro)?bot|human|person|machine"
        r"|computer"
        r"|ai|somebody real|someone real)(?: or (?:a |an )?(?:\w+ )?(?:(?:ro)?bot|human|person|machine|computer|ai))?"
        r"|(?:who|what) (?:are|r) (?:you|u)|who (?:is|am i talking to)|what(?:['’]?s| is) your name"
        r"|do you have a name"
        r"|is this (?:a |an )?(?:\w+ )?(?:(?:ro)?bot|human|person|machine|ai|real)",
    ),
    (
        "able",
        r"(?:so )?(?:what (?:can|do) you (?:do|help(?: me)? with|know)(?: for me)?|how (?:can|do) you help(?: me)?"
        r"|what can i ask(?: you)?|how does this work|what (?:is|are) (?:this|you) for|(?:can|could"
        r"|will) you help(?: me)?"
        r"(?: please)?|(?:please )?help(?: me)?(?: please)?|i need (?:some |your )?help|i have a question"
        r"|quick question"
        r"|(?:can|may|could) i ask (?:you )?(?:a question|something)(?: please)?|i need support)",
    ),
    (
        "compliment",
        rf"(?:you['’]?re|you are|ur|u are|u r|this is|this was|that was|that is|that['’]?s|it['’]?s|this chat is"
        rf"|this bot is)"
        rf"(?: (?:a|an|such a|such an|the))? ?{_VERY}(?:{_GOOD})(?: (?:bot|help|assistant|service|answer|at this"
        rf"|thanks?|job"
        rf"|support|one|at your job|robot))?"
        rf"|{_VERY}(?:{_GOOD})(?:[ -](?:bot|job|work|stuff|service|help|support|answer|one|robot|going))"
        r"|well done|(?:i )?(?:love|like) (?:it|this|you|this bot|your service)|you rock|you(?:['’]re| are) the best"
        r"|(?:great|good|nice) to (?:hear|know)|impressive|i(?:['’]m| am) impressed|kudos|bravo|5 stars|five stars",
    ),
    (
        "failed",
        r"(?:(?:no|nope|nah|sorry|hm+|ok|well|but|unfortunately|still|ugh|argh|sadly)[,.! ]+)*"
        r"(?:(?:that|this|it|the steps?|your (?:answer|suggestion|advice|steps?)|none of (?:that|this|it|these))"
        r"(?: (?:still|just|really|also))?(?: (?:did|does|do|has|is|was|are)(?:n['’]?t| not))(?: (?:really|even"
        r"|at all))?"
        r" (?:work(?:ing|ed)?|help(?:ing|ed|ful)?|solve(?:d)? (?:it|anything|the problem|my problem)"
        r"|fix(?:ed)? (?:it|anything)"
        r"|do anything|do it|change anything|make a difference|it|what i asked(?: for)?|what i (?:meant|mean"
        r"|need|want(?:ed)?)"
        r"|an? answer|my question|right|enough|the problem|any good)(?: (?:for me|at all|either|yet))?"
        r"|(?:it(?:['’]?s| is) )?still (?:not working|broken|the same(?: problem| issue)?|does(?:n['’]?t"
        r"| not) work|no luck"
        r"|nothing|fails|failing|happening|happens|offline|blank|dead)|not working(?: (?:either|at all))?|no luck"
        r"|(?:same|the same) (?:problem|issue|thing|error|result)(?: again| as before)?|no (?:change|difference"
        r"|effect)"
        r"|(?:i(?:['’]ve| have)? )?(?:already )?(?:did|tried|done) (?:all )?(?:that|this|it|those"
        r"|these)(?: (?:already|before"
        r"|twice|too|all))?|none of (?:that|this|it|these) (?:helped|worked|works|helps)|that['’]?s no help"
        r"|wrong answer"
        r"|that['’]?s not (?:it|right|what i (?:asked(?: for)?|meant|mean|need))|useless|not helpful|unhelpful)",
    ),
    (
        "glad",
        r"(?:(?:yes|yep|ok|great|perfect|awesome|oh|wow|good)[,.! ]+)*(?:that|it|this)(?:['’]?s| is"
        r"| has)?(?: all)? (?:now )?"
        r"(?:worked|works(?: now| again)?|helped|helps|did it|did the trick|solved it|fixed(?: it)?|fixes it"
        r"|solves it"
        r"|works perfectly|sorted|working(?: again| now)?|solved|answers? (?:it|my question))(?: (?:great"
        r"|perfectly|fine))?"
        r"|(?:all|problem|issue) (?:good|sorted|solved|fixed)(?: now)?|that answers (?:it|my question)",
    ),
    (
        "nothing",
        r"(?:no|nope|nah)(?:[, ]+(?:thanks|thank you|thx|ty|cheers)\b.{0,20}|[, ]+(?:that['’]?s (?:all|it)"
        r"|nothing else|all good|i['’]?m (?:good|fine)|not right now))?"
        r"|(?:no[, ]+)?(?:that(?:['’]?s| is| will be) (?:all|it)|nothing(?: else| more)?|i['’]?m (?:good|all set"
        r"|done|fine))"
        r"(?: (?:for now|then|today|i need|i needed))?|never ?mind|nvm",
    ),
    ("thanks", _THANKS),
    (
        "noted",
        r"(?:ah |oh |hm+ )?(?:ok+|okay+|k|kk|alright|all right|got it|understood|i see|makes sense|gotcha|right"
        r"|sure|fine"
        rf"|good|noted|fair enough|will do|i(?:['’]ll| will) try(?: it| that)?(?: now)?|let me try(?: it| that)?"
        rf"|one moment"
        rf"|(?:{_GOOD}))(?: then| now)?",
    ),
    (
        "remark",
        r"(?:(?:lol|lmao|rofl|ha(?:ha)+|hehe+|wow|omg|oh|oh my|oh no|hm+|ugh+|argh+|whoa|sigh|geez|jeez|yikes|huh|meh"
        r"|interesting|really|wtf|ffs|smh|oops|damn|sorry|my bad|good grief|what|test(?:ing)?|ping)[,.! ]*)+",
    ),
)
_COMPILED: Final = tuple((name, re.compile(rf"(?:{shape})", re.IGNORECASE)) for name, shape in _SHAPES)
# What a message of several is answered by first.
_ORDER: Final[tuple[SmallTalk, ...]] = (
    "failed", "who", "able", "how", "bye", "nothing", "glad", "thanks", "compliment", "greeting", "remark", "noted",
)  # fmt: skip
# These may answer something that was asked.
_ANSWERS: Final[frozenset[SmallTalk]] = frozenset(("nothing", "noted"))
_HEAD = re.compile(r"\s*([^,;–—]{1,40}?)\s*(?:[,;–—]|\s-)\s*(?:but\s+|and\s+|now\s+)?(?=\S)")
_EDGES = " \t\n.,!?;:…-–—'\"()*~^<3☺️🙂😀😊👍🙏❤️"


@dataclass(frozen=True)
class Courtesy:
    """The courtesy of a message, each kind once and the one to reply to first, and what the message says beside it."""

    kinds: tuple[SmallTalk, ...]
    rest: str


def courtesy(message: str) -> Courtesy:
    """Take the courtesy off a message."""
    kinds: list[SmallTalk] = []
    left: list[str] = []
    answers: list[tuple[int, str]] = []
    for sentence in _sentences(message):
        found, rest = _taken(sentence)
        kinds += found
        if rest:
            left.append(rest)
        elif set(found) & _ANSWERS:
            answers.append((len(left), sentence))
    # "No. I did that already": where something is said beside it, a no is part of that.
    if left:
        for place, sentence in reversed(answers):
            left.insert(place, sentence)
        kinds = [kind for kind in kinds if kind not in _ANSWERS]
    return Courtesy(tuple(kind for kind in _ORDER if kind in kinds), "\n".join(left).strip())


def _taken(sentence: str) -> tuple[list[SmallTalk], str]:
    """The courtesy of a sentence, and what is left of it."""
    if kind := _kind(sentence):
        return [kind], ""
    kinds: list[SmallTalk] = []
    # What stands before its first commas or dashes: "hi, thanks, but how do I …".
    while (found := _HEAD.match(sentence)) and (kind := _kind(found[1])) and kind not in _ANSWERS:
        kinds.append(kind)
        sentence = sentence[found.end() :]
        if rest := _kind(sentence):
            return [*kinds, rest], ""
    return kinds, sentence.strip()


def _sentences(message: str) -> list[str]:
    """The sentences, also of those who begin none with a capital."""
    parts = [part for one in sentences(message) for part in re.split(r"(?<=[.!?])\s+(?=\D)", one)]
    return [part for part in parts if part.strip()]


def _kind(sentence: str) -> SmallTalk | None:
    text = squash(sentence).strip(_EDGES)
    if not text:
        return "noted" if re.search("[👍👌]", sentence) else "thanks" if "🙏" in sentence else None
    if len(text) > 100:
        return None
    return next((name for name, shape in _COMPILED if shape.fullmatch(text)), None)
