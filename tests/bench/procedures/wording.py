"""Turns what a manual tells its agents into what a customer is told or asked."""

import re

__all__ = ["as_customer", "is_it_so", "question", "said", "spoken"]

# What stands for the customer becomes "you", and the agent, whom the manual calls "you", becomes "I".
_PERSONS = (
    (r"the customer's|customer's|their", "your"),
    (r"(?:the |a )?customer (?:is|was)|they (?:are|were)", "you are"),
    (r"(?:the )?customer has", "you have"),
    (r"(?:the )?customer (?=would|will|can|cannot|must|may|made|chose)", "you "),
    (r"(?:the )?customer (\w+[^s\W])s(?= )", r"you \1"),
    (r"the customer|customers?|they|them", "you"),
    (r"you are", "I am"),
    (r"your", "my"),
    (r"you", "I"),
)
_ANY = re.compile("|".join(rf"(?P<p{place}>\b(?:{form})\b)" for place, (form, _) in enumerate(_PERSONS)), re.IGNORECASE)
_TELL = re.compile(
    r"^(?:then |also |next )?(?:please |just )?(?:nicely )?(?:tell|let|assure|inform|explain to)\s"
    r"(?:the customer|them)(?: know)?(?: nicely)?,?(?: that)? (?P<what>.+)$"
    r"|^(?:then )?explain (?:to the customer )?that (?P<that>.+)$"
    r"|^(?:then )?(?:instruct|have|also instruct) (?:the customer|them) (?:to )?(?P<do>.+)$"
    r"|^(?:then )?(?:tell|ask) (?:the customer|them) to (?P<to>.+)$",
    re.IGNORECASE,
)
_FIND_OUT = re.compile(
    r"^(?:start by |then |once again |again, )?(?:find out|decide|determine|ask(?:ing)? (?:the customer |customer |them )?"
    r"(?:for |about )?|get|you (?:only |will )?need|check)\b:? ?",
    re.IGNORECASE,
)


def spoken(text: str) -> str:
    """The text from the agent to the customer: "tell them you can …" is about what "I can" do."""

    def person(match: re.Match[str]) -> str:
        place = int((match.lastgroup or "p0")[1:])
        form, instead = _PERSONS[place]
        return re.sub(rf"(?i)\b(?:{form})\b", instead, match[0]) if "\\1" in instead else instead

    words = _ANY.sub(person, re.sub(r"\[([^]]*)\]", r"\1", text)).strip(" :")
    return words[:1].upper() + words[1:]


def said(sentence: str) -> str:
    """What the customer hears where a sentence has the agent tell them something; empty where it does not."""
    found = _TELL.match(sentence)
    if found is None:
        return ""
    if what := found["do"] or found["to"]:
        return f"Please {spoken(what)[:1].lower()}{spoken(what)[1:]}".rstrip(".") + "."
    return spoken(found["what"] or found["that"]).rstrip(".") + "."


def question(text: str) -> str:
    """A sentence that has the agent find something out, as a question."""
    words = spoken(_FIND_OUT.sub("", text)).strip(" .:")
    return f"Please tell me {words[:1].lower()}{words[1:]}"


def is_it_so(words: str) -> str:
    """A condition that only the customer can tell about, as a question."""
    plain = spoken(words).rstrip(".")
    return f"Is it so that {plain if plain.startswith('I ') else plain[:1].lower() + plain[1:]}?"


def as_customer(sentence: str) -> str:
    """A sentence about what the customer wants, as the customer would write it; empty where it is none."""
    found = re.match(r"(?:the )?customers? (.*?)[.]?$", sentence, re.IGNORECASE)
    if found is None:
        return ""
    words = re.sub(r"\b(?:their|the customer's)\b", "my", found[1])
    words = re.sub(r"\b(?:they|the customer)\b", "I", words)
    words = re.sub(r"^is\b", "am", re.sub(r"^has\b", "have", words))
    words = re.sub(r"^((?!is|has|was|did)\w+[^s\W])s\b", r"\1", words)
    return f"I {words}".replace("I didn't", "I did not")
