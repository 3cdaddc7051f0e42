"""Sentences that claim that something was done for the customer, or promise that it will be.

An answer from articles did nothing: only the steps of a playbook do, and say so in their own words. So where an answer
holds such a sentence, it is not sent.
"""

import re

__all__ = ["claims_action"]

_DONE = (
    "refunded|reimbursed|credited|cancell?ed|changed|updated|corrected|replaced|shipped|sent|dispatched|issued"
    "|processed"
    "|approved|confirmed|unlocked|reset|deleted|removed|closed|reopened|upgraded|downgraded|extended|applied|waived"
    "|escalated|scheduled|booked|reserved|ordered|submitted|filed|activated|deactivated|verified|charged|transferred"
    "|forwarded|notified|contacted|registered|renewed|resolved|fixed|completed|arranged|initiated|granted|added"
)
_WILL = (
    "refund|reimburse|credit|cancel|change|update|correct|replace|ship|send|dispatch|issue|process|approve|unlock|reset"
    "|delete|remove|close|upgrade|extend|waive|escalate|schedule|book|order|submit|file|activate|transfer|forward"
    "|notify|call|arrange|grant|compensate"
)
# "cancelling", "shipping", "changing"
_DOING = "|".join(rf"{word.removesuffix('e')}{word[-1]}?ing" for word in _WILL.split("|"))
_THING = (
    "refund|order|account|plan|subscription|request|claim|return|replacement|payment|address|password|ticket|case"
    "|credit"
    "|appointment|warranty|money|card|invoice|booking|discount"
)
_ADVERB = r"(?:\s+(?:now|just|already|also|successfully|been|hereby|gladly|immediately|today|happily))*"
_CLAIMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:I|we)(?:\s+have|['’]ve)?{_ADVERB}\s+(?:{_DONE})\s+(?:your|you)\b",
        rf"\bI(?:\s+have|['’]ve)?{_ADVERB}\s+(?:{_DONE})\s+(?:this|that|the|it|a|an)\b",
        rf"\b(?:I|we)(?:\s+will|['’]ll|\s+am|['’]m|\s+are"
        rf"|['’]re)(?:\s+going\s+to)?{_ADVERB}\s+(?:{_WILL}|{_DOING})\s+(?:your|you)\b",
        rf"\byour\s+(?:\w+\s+)?(?:{_THING})(?:\s+\S+)?\s+(?:(?:has|have)(?:\s+now)?\s+been|was|were|is\s+(?:now"
        rf"|hereby))(?:\s+been)?{_ADVERB}\s+(?:{_DONE})\b",
        r"\b(?:I|we)\s+(?:hereby\s+)?(?:promise|guarantee)\s+(?:you|that|a|to|your)\b",
        r"\b(?:all\s+done|consider\s+it\s+done)\b",
    )
)
# "Once your refund has been issued", "if we have shipped it": what may be, and no claim that it is.
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|once|after|until|till|before|unless|whether|as\s+soon\s+as|as\s+long\s+as|while|where"
    r"|that|which|who"
    r"|in\s+case|says?|means?|shows?|reads?|e-?mail|message|notification)\b[^.;!?]*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"‘«][^”\"’»]*[”\"’»]")


def claims_action(text: str) -> bool:
    """Whether the text says that something was or will be done for this customer."""
    plain = _QUOTED.sub(" ", text)
    return any(
        not _CONDITION.search(plain, max(0, match.start() - 120), match.start())
        for pattern in _CLAIMS
        for match in pattern.finditer(plain)
    )
