"""Tells which language a message is in, with a bias towards the company's own.

Most messages to support are short, full of product words, and misspelt, which is what language identification is worst
at (Baldwin & Lui 2010, "Language Identification: The Long and the Short of the Matter"). So another language needs
words that the company does not use, several of them, and a clear lead of that language in the identifier's eyes
(py3langid, after Lui & Baldwin 2012). Another script, or a short phrase from the table, is enough by itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from kit.assistant.languages.table import base, languages
from kit.knowledge import Build
from kit.text import STOPWORDS, content_words, words

__all__ = ["Detector"]

# Chosen on every other of the sentences of tests/assistant/languages.jsonl; the test reports on the rest.
LEAD = 6.0  # so many times as likely as the own language
LEAST = 0.2  # and at least so likely
UNKNOWN = 0.5  # share of the words that the company does not use
ENOUGH = 3  # words that count
NEAR = 3.0  # a language without words in the table has to be so many times as likely as one with

# No language: addresses, numbers, codes, masked values.
_NO_WORDS = re.compile(r"https?://\S+|\S+@\S+|<[A-Z]+_\d+>|\S*\d\S*")
_SCRIPTS: Mapping[str, str] = {
    "latin": r"A-Za-z\u00c0-\u024f\u1e00-\u1eff",
    "greek": r"Ͱ-Ͽἀ-῿",
    "cyrillic": r"Ѐ-ԯ",
    "hebrew": r"֐-׿",
    "arabic": r"؀-ۿݐ-ݿࢠ-ࣿ",
    "indic": r"ऀ-෿",
    "thai": r"฀-๿",
    "kana": r"぀-ヿ",
    "hangul": r"가-힣ᄀ-ᇿ",
    "han": r"一-鿿㐀-䶿",
}
_LETTERS = {name: re.compile(f"[{range}]") for name, range in _SCRIPTS.items()}
# Which languages are written in it; all others are written in Latin letters.
_WRITTEN: Mapping[str, tuple[str, ...]] = {
    "greek": ("el",),
    "cyrillic": ("ru", "uk", "bg", "sr", "mk", "be", "kk"),
    "hebrew": ("he",),
    "arabic": ("ar", "fa", "ur"),
    "indic": ("hi", "mr", "ne", "bn", "ta", "te", "gu", "pa", "kn", "ml", "si"),
    "thai": ("th",),
    "kana": ("ja",),
    "hangul": ("ko",),
    "han": ("zh", "ja"),
}
_LATIN = (
    "en", "es", "fr", "de", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "ro", "hu", "tr", "vi", "id",
    "sk", "hr", "lt", "lv", "et", "ca", "sl", "sq", "af", "tl", "sw",
)  # fmt: skip


@dataclass(frozen=True)
class Detector:
    """Tells languages from the company's own.

    Attributes:
        own: the code of the company's language.
        uses: whether the company's articles have a stem.
    """

    own: str
    uses: Callable[[str], bool]

    @classmethod
    def of(cls, language: str, build: Build) -> "Detector":
        """The detector of a company whose articles are these, in this language."""
        words = build.words["articles"]
        return cls(base(language), lambda stem: words.holding(stem) > 0)

    def language(self, message: str, *, before: str = "") -> str:
        """The code of the language that a message is in.

        Args:
            message: what the customer wrote.
            before: the language of the conversation so far, in which a message stays that does not tell.
        """
        return self._told(_NO_WORDS.sub(" ", message)) or before or self.own

    def _told(self, text: str) -> str:
        """The language; empty where the text does not tell."""
        counts = {name: len(letters.findall(text)) for name, letters in _LETTERS.items()}
        total = sum(counts.values())
        if total < 2:
            return ""
        if counts["kana"]:  # Japanese is written in both
            counts["kana"] += counts.pop("han")
        script = max(counts, key=lambda name: counts[name])
        # A Latin product name stands in many a foreign sentence, seldom the other way round.
        others = [name for name in counts if name != "latin" and counts[name] >= max(2, 0.3 * total)]
        script = others[0] if others else script
        if script != "latin":
            codes = _WRITTEN[script]
            return self.own if self.own in codes else _likeliest(text, codes)[0]
        return self._in_latin(text)

    def _in_latin(self, text: str) -> str:
        said = " ".join(words(text))
        if code := _phrases().get(said):
            return code
        told = _telling(text)
        unknown = [word for word in told if not self._is_own(word)]
        if len(unknown) < UNKNOWN * len(told):
            # A few words say nothing: "no", "me" and "a" are words of many languages.
            return self.own if len(told) >= ENOUGH else ""
        if len(told) < ENOUGH or len(unknown) < 2:
            return ""
        candidates = _LATIN if self.own in _LATIN else (*_LATIN, self.own)
        code, chance, own = _likeliest(said, candidates, self.own)
        if code == self.own:
            return self.own
        return code if chance >= max(LEAST, LEAD * own) else ""

    def _is_own(self, word: str) -> bool:
        if self.own == "en" and word in STOPWORDS:
            return True
        return any(map(self.uses, content_words(word)))


def _telling(text: str) -> list[str]:
    """The words that may tell a language: not what is written like a name in the midst of a sentence."""
    written = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text)
    if text.isupper() or not any(word[0].islower() for word in written):
        return words(text) if text.isupper() else []
    return [
        word.replace("’", "'").lower()
        for place, word in enumerate(written)
        if word[0].islower() or (place == 0 and len(written) > 1)
    ]


def _likeliest(text: str, codes: tuple[str, ...], own: str = "") -> tuple[str, float, float]:
    """The likeliest of these languages, its probability, and that of the own one."""
    if len(codes) == 1:  # the identifier takes most of a second to load
        return codes[0], 1.0, 0.0
    chances = {code: chance for code, chance in _identifier().rank(text.lower()) if code in codes}
    total = sum(chances.values())
    if not total:
        return own or codes[0], 0.0, 0.0
    # Where neighbours are hard to tell apart, the one that there are words for is understood by both.
    best = max(chances, key=lambda code: chances[code] * (NEAR if code in languages() else 1.0))
    return best, chances[best] / total, chances.get(own, 0.0) / total


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _phrases() -> Mapping[str, str]:
    """The table's phrases, by their words; one that two languages share is in neither."""
    found: dict[str, str] = {}
    for one in languages().values():
        for phrase in one.phrases:
            key = " ".join(words(phrase))
            found[key] = "" if found.get(key, one.code) != one.code else one.code
    return {key: code for key, code in found.items() if code}
