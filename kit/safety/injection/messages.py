"""Flags messages that talk to the model instead of to the company."""

import re

from kit.safety.injection.reading import readings

__all__ = ["looks_like_injection"]

# Each pattern is one known way to address the model. The flag is recorded and keeps the message away from playbooks'
# tools; it is not what protects the customer: an article's or a message's text is never followed, whatever it says.
_ENGLISH = (
    r"\b(ignore|disregard|forget|override|bypass)\b(?! my\b).{0,40}"
    r"\b(previous|prior|above|all|your|earlier|system)\b.{0,20}\b(instruction|prompt|rule|guideline|direction"
    r"|message)s?\b",
    r"\b(forget|disregard|ignore) (everything|anything|all) (above|before|prior|previous|you (were|have been|know))\b",
    r"\b(reveal|print|show|repeat|output|paste|tell me|give me|translate|display|dump|leak)\b.{0,40}"
    r"\b(system prompt|hidden prompt|initial prompt|your (own |internal |hidden |secret |original )?(instructions"
    r"|prompt|configuration))\b",
    r"\brepeat\b.{0,30}\b(text|words?|everything|all|lines?) (above|before this)\b",
    r"\bwhat (is|are|were) your (system |initial |hidden |original |secret )+(prompt|instructions?|rules)\b",
    r"\byou are (now|no longer)\b.{0,60}\b(dan|assistant|ai|\w*bot|unrestricted|developer|admin)\b",
    r"\bfrom (?:now|here|this point) on(?:wards?)?,? (?:you (?:are|will|must|answer|only|always|reply|act)"
    r"|(?:always |only )?(?:answer|reply|respond|act|approve|grant))\b",
    r"\b(act|behave|respond) as (if you (are|were|had)|an? )\b.{0,40}"
    r"\b(unrestricted|jailbroken|developer|admin|root|no (rules|limits|restrictions|filters?))\b",
    r"\b(developer|debug|god|admin|jailbreak|dan|sudo) mode\b",
    r"\b(decode|decrypt|decipher|base64|rot13|hex)\b.{0,60}\b(do|follow|execute|obey|run|carry out) (what )?(it|as it"
    r"|the)\b",
    r"<\s*(?:/\s*)?(system|assistant|instructions?)\s*>|\[/?(inst|system)\]|<\|im_(start|end)\|>|<\|?(end"
    r"|start)_?of_?\w+\|?>",
    r"(?:^|[\[({<\"'`*|]|\n)\s*(system|assistant|ai|model|chatbot)(?: (?:note|message|prompt|instruction))?\s*:\s",
    r"\b(end|append|finish|begin|start|prefix) (your|every|each|all) (answers?|repl(y|ies)|responses?"
    r"|messages?) with\b",
)
# The word that is asked for stands in capitals.
_SHOUTED = re.compile(
    r"(?i:\b(?:reply|answer|respond|say)\b.{0,20}\b(?:only|just|nothing but|exclusively)\b.{0,30}?)\b[A-Z]{5,}\b",
    re.DOTALL,
)
# "Ignore all previous instructions" and "show me your system prompt", as they are said elsewhere.
_ELSEWHERE = (
    r"\b(ignorier\w*|vergiss|vergesse\w*|missachte\w*)\b.{0,40}\b(anweisung|regel|instruktion|vorgabe|befehl)\w*",
    # With a word of theirs between, as "ignore the instructions" is what a device may do in English too.
    r"\b(ignor[ae]\w*|olvid[ae]\w*|descarta\w*)\b.{0,40}\b(las?|los?|tus?|sus?|todas?|todos?|as|os|suas?|mis?|estas?)\b.{0,25}"
    r"\b(instrucci|instru[cç]|regla|regra|[oó]rden|ordens)\w*",
    r"\b(ignor\w*|oubli\w*)\b.{0,40}\b(les|tes|vos|ces|mes|toutes?|tous|pr[eé]c[eé]dentes?)\b.{0,25}"
    r"\b(instructions?|consignes?|r[eè]gles?|directives?)\b",
    r"\b(ignora\w*|dimentica\w*)\b.{0,40}\b(istruzion|regol|indicazion)\w*",
    r"\b(negeer|vergeet)\b.{0,40}\b(instructies?|regels?|opdrachten)\b",
    r"\b(zignoruj|ignoruj|zapomnij)\w*\b.{0,40}\b(instrukcj|polece|zasad)\w*",
    r"\b(игнорир\w*|забуд\w*|проигнорир\w*)\b.{0,40}(инструкц|указани|правил|команд)\w*",
    r"(忽略|无视|忘记|忽視|無視して?|無視).{0,20}(指令|指示|规则|規則|提示|命令|说明)|(指示|指令|命令|ルール).{0,12}無視",
    r"(이전|모든|위의).{0,12}(지시|명령|규칙).{0,10}(무시|잊)",
    r"(تجاهل|انس|تجاوز).{0,30}(تعليمات|التعليمات|القواعد|الأوامر)",
    r"(पिछले|सभी|पहले).{0,20}(निर्देश|नियम).{0,20}(अनदेखा|भूल|नजरअंदाज)",
    r"\b([oö]nceki|t[uü]m)\b.{0,30}\b(talimat|kural|komut)\w*.{0,20}\b(yok say|unut|g[oö]rmezden)",
    r"\b(system|sistem|syst[eè]m)\w*[ -]?prompt\w*\b.{0,30}\b(zeig|gib|nenn|verrat|dime|muestra|montre|donne|mostra)\w*"
    r"|\b(zeig\w*|gib|nenne?|verrat\w*|dime|dame|mu[eé]stra\w*|montre|donne|dis|mostra\w*"
    r"|d[ií]game)\b.{0,40}\bprompt\b",
)
_PATTERNS = (
    *(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in (*_ENGLISH, *_ELSEWHERE)),
    _SHOUTED,
)


def looks_like_injection(text: str) -> bool:
    """Whether the message contains a known form of instruction to the model, in disguise or not."""
    return any(pattern.search(reading) for reading in readings(text) for pattern in _PATTERNS)
