"""Turns what a manual tells its agents into what a customer is told or asked."""

import re

__all__ = ["as_customer", "is_it_so", "question", "said", "spoken"]

# What stands for the customer becomes "you", and the agent, whom the manual calls "you", becomes "I".
_PERSONS = (
    (r"the customer's|customer's|their", "your"),
    (r"(?:the |a )?customer is|they are", "you are"),
    (r"(?:the |a )?customer was|they were", "you were"),
    (r"(?:the )?customer has", "you have"),
    (r"(?:the )?customer (?=would|will|can|cannot|must|may|made|chose)", "you "),
    (r"(?:the )?customer (\w+[^s\W])s(?= )", r"you \1"),
    (r"the customer|customers?|they|them", "you"),
    (r"you are", "I am"),
    (r"your", "my"),
    (r"you", "I"),
)
_OTHERS = re.compile(r"\b(?:department|team)\b", re.IGNORECASE)
_ANY = re.compile("|".join(rf"(?P<p{place}>\b(?:{form})\b)" for place, (form, _) in enumerate(_PERSONS)), re.IGNORECASE)
# "Tell them the result" says nothing that could be sent; what can be sent has a verb.
_VERB = r"\b(?:is|are|was|were|will|can|cannot|has|have|had|must|may|should|applies|shows|takes|means|needs)\b"
_TELL = re.compile(
    r"^(?:then )?(?:please )?(?:tell|ask) (?:the customer|them) to (?P<to>.+)$"
    r"|^(?:then |also |next )?(?:please |just )?(?:nicely )?(?:tell|let|assure|inform|explain to)\s"
    rf"(?:the customer|them)(?: know)?(?: nicely)?,?(?: that)? (?P<what>.*{_VERB}.*)$"
    rf"|^(?:then )?explain (?:to the customer )?that (?P<that>.*{_VERB}.*)$"
    r"|^(?:then |also )?(?:instruct|have) (?:the customer|them) (?:to )?(?P<do>.+)$",
    re.IGNORECASE,
)
# What is asked for stands at the end, behind why it is.
_PROVIDE = re.compile(r"\b(?:be able to provide|, ask for) (their .*)$", re.IGNORECASE)
_FIND_OUT = re.compile(
    r"^(?:start by |then |once again |again, )?(?:find out|decide|determine|get"
    r"|ask(?:ing)? (?:the customer |customer |them )?(?:for |about )?|you (?:only |will )?need|check)\b:? ?",
    re.IGNORECASE,
)


def spoken(text: str) -> str:
    """The text from the agent to the customer: "tell them you can …" is about what "I can" do."""

    def person(match: re.Match[str]) -> str:
        place = int((match.lastgroup or "p0")[1:])
        form, instead = _PERSONS[place]
        return re.sub(rf"(?i)\b(?:{form})\b", instead, match[0]) if "\\1" in instead else instead

    # Behind another party, "they" are that party and not the customer.
    plain = re.sub(r"\[([^]]*)\]", r"\1", text)
    other = _OTHERS.search(plain)
    ends = other.end() if other else len(plain)
    words = (_ANY.sub(person, plain[:ends]) + plain[ends:]).strip(" :")
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
    plain = re.sub(r",? *(?:\b(?:in|into|with|using|for) )?\[[^]]*\]|\([^)]*\)| - valid options.*$", "", text)
    found = _PROVIDE.search(plain)
    words = spoken(found[1] if found else _FIND_OUT.sub("", plain)).strip(" .:")
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
