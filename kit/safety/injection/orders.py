"""How orders to a model read: those that name the reply or the model, and tasks that any chat model would take.

Word lists, and patterns made from them; lists of stems say so: "includ" is include and including.
"""

import re
from functools import lru_cache
from typing import Literal

from kit.text import content_words

__all__ = ["ANYWHERE", "BEGINS", "addresses_the_model", "is_order", "is_task"]

_COURTESY_WORDS = (
    "please|also|now|then|first|next|finally|always|never|and|but|so|just|simply|instead|additionally|importantly|note"
    "|important|ps|p\\.s\\.|make sure (?:to|you)|be sure to|remember to|do not forget to|you (?:must|should|will"
    "|have to)"
    "|i want you to|can you|could you|would you|will you|kindly"
)
_COURTESY = rf"(?:(?:{_COURTESY_WORDS})\b[\s,:]*)*"

# What can be done with a reply (stems), and what the reply is called.
_WRITE_STEMS = (
    "add includ insert append prepend integrat incorporat augment enhanc modif adjust alter chang edit rewrit begin "
    "start "
    "end finish conclud clos open provid giv render format phras present express return produc writ craft us employ "
    "replac convert substitut transform scrambl jumbl rearrang misspell shuffl revers group combin introduc mention "
    "suggest teas promot offer encourag invit highlight emphasis emphasiz stress translat encod repeat limit embed "
    "sprinkl weav sign pepper slip plac put make respond reply answer anagram omit remov capitalis capitaliz spell "
    "keep "
    "deliver compos link point direct redirect refer recommend advertis advis urg warn claim stat say hint"
)
_MANGLE_STEMS = (
    "leav strip us employ replac convert substitut scrambl jumbl rearrang misspell shuffl revers group combin "
    "introduc provid render "
    "writ anagram remov capitalis capitaliz spell encod translat respond reply answer express swap insert add turn "
    "chang"
)
_ENDING = "(?:e|es|ed|ing|y|ies|fy|t|ly)?"
_WRITE = f"(?:{'|'.join(_WRITE_STEMS.split())}){_ENDING}"
_MANGLE = f"(?:{'|'.join(_MANGLE_STEMS.split())}){_ENDING}"
_REPLY = (
    r"(?:the\s+|(?:your|this|each|every|any|all)\s+(?:\w+\s+){0,2}?)"
    r"(?:answers?|repl(?:y|ies)|responses?|outputs?|completions?|generations?)(?:['’]s?)?\b"
)
_YOURS = r"\b(?:your|this) (?:answers?|repl(?:y|ies)|responses?|messages?|outputs?|text|words|sentences?)\b"
# What nobody asks of a customer: to play with letters.
_MANGLED = (
    r"\bvowels?\b|\bconsonants?\b|\banagram\w*|\bhomophon\w+|\bmisspell\w*|\btypos?\b|\balphanumeric substitution"
    r"|\b(?:every|each|all|the) (?:\w+ )?(?:letters?|characters?) (?:of|in|with|by)\b"
    r"|\b(?:letters?|words?) (?:of|in) your (?:words?|answers?|repl\w+|messages?|responses?|text|output)\b"
    r"|\bevery (?:second|third|fourth|fifth|other|\w+th) (?:word|letter)|\breplace letters?\b"
    r"|\bcorresponding keyboard symbols"
    r"|\b(?:words?|letters?|reply|answer|text|message|sentences?) (?:\w+ ){0,4}without (?:any )?spaces?\b"
    r"|\bspaces? (?:\w+ ){0,2}?(?:from|of|in|between) (?:your|the|each|every|all) (?:\w+ )?"
    r"(?:answers?|repl(?:y|ies)|responses?|output|words)\b"
    r"|\b(?:pig latin|leet ?speak|morse code|rot-?13|base64|caesar cipher)\b"
)
_MODEL = r"(?:ai|llm|gpt|chatgpt|claude|gemini|copilot|language model|chat ?bot|(?:ai |virtual |support )?assistant)"
_A_MODEL = r"(?:an?|the) (?:ai|llm|(?:large )?language model|chat ?bot|(?:helpful |ai |virtual |support )*assistant)\b"
_TO_THIRD = "tell inform advise ask instruct direct send refer urge convince persuade remind encourage notify warn get"
_LANGUAGES = (
    "french|german|spanish|italian|portuguese|dutch|russian|chinese|japanese|korean|arabic|hindi|latin|greek|polish"
    "|turkish|english|swedish"
)

_ORDERS = (
    # Add … to your reply; in your response, …; replace vowels with …; jumble your words
    rf"^{_COURTESY}{_WRITE}\b.{{0,300}}?\b{_REPLY}",
    rf"^{_COURTESY}(?:in|within|to|throughout|before|after|at the (?:end|start|beginning) of)\s+{_REPLY},?\s",
    rf"^{_COURTESY}when (?:writing|giving|composing)\s+{_REPLY},?\s",
    rf"^{_COURTESY}{_MANGLE}\b.{{0,200}}?(?:{_MANGLED})",
    rf"^{_COURTESY}(?:render|jumble|scramble|encode|translate|reverse|rearrange|shuffle|garble)\b.{{0,80}}?{_YOURS}",
    rf"^{_COURTESY}translate\b.{{0,80}}?\b(?:to|into) (?:{_LANGUAGES})\b",
    # Tell the customer to …; when asked, say …
    rf"^{_COURTESY}(?:{'|'.join(_TO_THIRD.split())}) (?:the |any |all |every |each |our |your )?"
    r"(?:customers?|users?|readers?|visitors?|clients?|callers?)\b",
    r"\bwhen (?:answering|replying|responding|asked|summari[sz]ing|you (?:answer|reply|respond|summari[sz]e))\b.{0,80}"
    r"\b(?:say|tell|add|include|mention|recommend|link|ignore|reply|answer|respond|always|never)\b",
)
_ADDRESSES = (
    r"\b(?:notes?|instructions?|messages?|attention|hints?|memo|orders?|directives?) (?:to|for) "
    rf"(?:the |any |all |our )?(?:{_MODEL}|models?|bots?)s?\b",
    rf"^(?:dear |hey |hello |attention,? )?(?:{_MODEL}|system)s?(?: model| assistant)?\s*[:,!]",
    rf"\b(?:if|since|as|when) (?:you are|you're|being) {_A_MODEL}|\byou are (?:now )?{_A_MODEL}",
    r"\b(?:ai|llm|language model|chat ?bot|virtual assistant|the assistant)s?(?: \w+){0,3}? "
    r"(?:must|should|shall|has to|have to|needs? to|is to|are to|will)\b",
)
_TASK = (
    rf"^{_COURTESY}(?:write(?! (?:down|to|us|in)\b)|draft|compose|develop|generate|provide|explain(?! to\b)|describe"
    rf"|discuss|translate|summari[sz]e"
    r"|break down|outline|define|calculate|solve|give me|recite|imagine|pretend|invent|sing|teach|(?:tell|show) me)\b"
)
# A question that asks for more than a yes or no.
_ASKS = (
    r"^(?:what(?:['’]s)?|who|whom|whose|when|where|why|how|which|(?:can|could|would|will) you|tell me)\b[^?]*\?"
    r"[\"')\]”’*_]*$"
)
_GENRE = (
    rf"^{_COURTESY}(?:write|create|make|draft|compose|tell|give|provide|sing|recite|generate)\b.{{0,40}}"
    r"\b(?:poems?|essays?|short stor(?:y|ies)|haikus?|limericks?|songs?|jokes?|lyrics|sonnets?|fairy tales?)\b"
)
# Words that point to the article, the company or the customer: such a sentence is at home where it stands.
_POINTS = r"\b(?:your|yours|us|our|ours|we|it|its|them|their|this|these|those|above|below)\b"

# Words with which an order begins that is slipped into the middle of a sentence.
BEGINS = (
    "Add|Includ|Insert|Append|Integrat|Incorporat|Augment|Enhanc|Modif|Adjust|Alter|Rewrit|Provid|Render|Write|Replac"
    "|Convert|Substitut|Transform|Scrambl|Jumbl|Rearrang|Misspell|Shuffl|Revers|Group|Combin|Introduc|Translat|Anagram"
    "|Remov|Explain|Describ|Draft|Compos|Develop|Break|Ignor|Disregard|Forget|In your|Use|Respond|Reply|Answer|What|Who"
    "|How|Why|When|Where|Can you|Could you|Tell|Always|Never"
)
# Words of tasks and of questions, which are at home anywhere.
ANYWHERE = frozenset(
    content_words(
        "write draft compose develop create generate provide explain describe discuss translate summarize summarise "
        "break "
        "outline define calculate solve compare list name give show tell recite imagine find search teach help example "
        "following sentence simple terms step main primary difference function word words way ways time work first"
    )
)


@lru_cache
def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in patterns)


def is_order(sentence: str) -> bool:
    """Whether a sentence tells somebody what to put into a reply."""
    return any(pattern.search(sentence) for pattern in _compiled(*_ORDERS))


def addresses_the_model(sentence: str) -> bool:
    """Whether a sentence is addressed to a model by name."""
    return any(pattern.search(sentence) for pattern in _compiled(*_ADDRESSES))


def is_task(sentence: str) -> Literal["always", "elsewhere", "no"]:
    """Whether a sentence is a task or a question: in any article, or only in one that is about something else."""
    task, asks, genre, points, you = _compiled(_TASK, _ASKS, _GENRE, _POINTS, r"\byou\b")
    if genre.search(sentence):
        return "always"
    # "How do you say … in Russian?" points to nobody.
    asked = bool(asks.search(sentence)) or (bool(task.search(sentence)) and not you.search(sentence))
    return "elsewhere" if asked and not points.search(sentence) else "no"
