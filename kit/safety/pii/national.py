"""National ids: US social security numbers by their form, others by their check digits or by the word beside them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any

from kit.safety.pii.spans import Span, near

__all__ = ["find_ids", "find_ssns"]

_SSN = re.compile(r"(?<![\w-])(?!000|666)\d{3}(?P<gap>[- ]?)(?!00)\d{2}(?P=gap)(?!0000)\d{4}(?![\w-])")
_SSN_WORDS = re.compile(
    r"\b(?:ssn|itin|social(?: security)?(?: (?:number|no\.?|#))?|last four|taxpayer id\w*)\b", re.IGNORECASE
)


def find_ssns(text: str) -> Iterator[Span]:
    """US social security and individual taxpayer numbers: written 3-2-4 with dashes, or named as such."""
    for match in _SSN.finditer(text):
        dashed, nine = match["gap"] == "-", match.group().startswith("9")
        if (dashed and not nine) or near(_SSN_WORDS, text, match.start()):
            yield Span("SSN", match.start(), match.end())


@dataclass(frozen=True)
class _Id:
    """A country's id: the module of python-stdnum that checks it, its written form, and the words that name it.

    Without words the form with its check digits is enough; with them one of the words has to stand before it.
    """

    module: str
    form: re.Pattern[str]
    words: re.Pattern[str] | None = None


def _id(module: str, form: str, words: str = "") -> _Id:
    named = re.compile(rf"\b(?:{words})\b", re.IGNORECASE) if words else None
    return _Id(module, re.compile(rf"(?<![\w-])(?:{form})(?![\w-])", re.IGNORECASE), named)


_TAX = r"tax(?:payer)?(?: file)?(?: id\w*)?(?: (?:number|no\.?))?|national id\w*|id (?:card|number)|identity"
# Forms in which letters or separators stand at fixed places, with one or two check digits.
_IDS = (
    _id("ar.cuit", r"\d{2}-\d{8}-\d"),
    _id("be.nn", r"\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}"),
    _id("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
    _id("br.cnpj", r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}"),
    _id("ch.ssn", r"756[. ]\d{4}[. ]\d{4}[. ]\d{2}|756\d{10}"),
    _id("cl.rut", r"\d{1,2}\.\d{3}\.\d{3}-[\dK]"),
    _id("cn.ric", r"\d{17}[\dX]"),
    _id("cz.rc", r"\d{6}/\d{3,4}"),
    _id("es.dni", r"\d{8}[ -]?[A-Z]"),
    _id("es.nie", r"[XYZ][ -]?\d{7}[ -]?[A-Z]"),
    _id("fi.hetu", r"\d{6}[-+A-FU-Y]\d{3}[\dA-Y]"),
    _id("fr.nir", r"[12] ?\d{2} ?[01]\d ?[\dAB]{2} ?\d{3} ?\d{3} ?\d{2}"),
    _id("ie.pps", r"\d{7}[A-W][A-IW]?"),
    _id("in_.aadhaar", r"[2-9]\d{3}[ -]\d{4}[ -]\d{4}"),
    _id("in_.pan", r"[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]"),
    _id("it.codicefiscale", r"[A-Z]{6} ?\d{2} ?[A-EHLMPRST]\d{2} ?[A-Z]\d{3}[A-Z]"),
    _id("kr.rrn", r"\d{6}-[1-8]\d{6}"),
    _id("mx.curp", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z\d]\d"),
    _id("se.personnummer", r"(?:\d{2})?\d{6}[-+]\d{4}"),
    _id("za.idnr", r"\d{6} ?\d{4} ?[01][89]\d", ""),
    # Figures alone: the check digits leave one in ten of any numbers, so the text has to name them.
    _id("au.tfn", r"\d{3} ?\d{3} ?\d{2,3}", rf"tfn|{_TAX}"),
    _id("at.vnr", r"\d{4} ?\d{6}", rf"svnr|sozialversicherung\w*|{_TAX}"),
    _id("ca.sin", r"\d{3}[ -]?\d{3}[ -]?\d{3}", rf"sin|social insurance(?: number)?|{_TAX}"),
    _id("de.idnr", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", rf"steuer\w*|idnr|{_TAX}"),
    _id("dk.cpr", r"\d{6}-?\d{4}", rf"cpr\w*|personnummer|{_TAX}"),
    _id("gb.nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}", r"nhs(?: (?:number|no\.?))?"),
    _id("in_.aadhaar", r"[2-9]\d{11}", rf"aadha+r|uid|{_TAX}"),
    _id("jp.in_", r"\d{4} ?\d{4} ?\d{4}", rf"my number|{_TAX}"),
    _id("nl.bsn", r"\d{3}\.?\d{3}\.?\d{3}|\d{4}\.?\d{2}\.?\d{3}", rf"bsn|burgerservice\w*|sofi\w*|{_TAX}"),
    _id("no.fodselsnummer", r"\d{6} ?\d{5}", rf"f[oø]dsels\w*|personnummer|{_TAX}"),
    _id("pl.pesel", r"\d{11}", rf"pesel|{_TAX}"),
    _id("pt.nif", r"\d{3} ?\d{3} ?\d{3}", rf"nif|contribuinte|{_TAX}"),
    _id("br.cpf", r"\d{11}", rf"cpf|{_TAX}"),
    _id("tr.tckimlik", r"\d{11}", rf"tc(?: ?kimlik)?|kimlik\w*|{_TAX}"),
)
# No check digits, but letters at fixed places: British national insurance numbers, ids of Singapore and Hong Kong.
_FORMED = re.compile(
    r"(?<![\w-])(?:(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"(?P<gap> ?)\d{2}(?P=gap)\d{2}(?P=gap)\d{2}(?P=gap)[A-D]|[STFGM]\d{7}[A-Z]|[A-Z]{1,2}\d{6}\([\dA]\))(?!\w)"
)
# What has a name before it and no form of its own: passports, driving licences.
_NAMED = re.compile(
    r"\b(?:passport|driv(?:er|ing)(?:'?s|s'|’s)? licen[cs]e|dl|reisepass|pasaporte|passeport|f[uü]hrerschein)"
    r"(?:\s+(?:card|number|no\.?|nr\.?|num|#|id))?(?:\s*(?:is|:|=|#|,|-)\s*|\s+)(?:number\s+|no\.?\s+)?"
    r"(?P<value>(?=[A-Z-]{0,4}\d)[A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{2,9}){1,4})(?![\w-])",
    re.IGNORECASE,
)


def find_ids(text: str) -> Iterator[Span]:
    """Ids of some thirty countries, and passport and driving licence numbers that are named as such."""
    if not any(char.isdigit() for char in text):
        return
    for id in _IDS:
        for match in id.form.finditer(text):
            if id.words is not None and not near(id.words, text, match.start()):
                continue
            if _checker(id.module).is_valid(match.group()):
                yield Span("ID", match.start(), match.end())
    for match in _FORMED.finditer(text):
        yield Span("ID", match.start(), match.end())
    for match in _NAMED.finditer(text):
        value = match["value"]
        if sum(char.isdigit() for char in value) >= 4:
            yield Span("ID", *match.span("value"))


@lru_cache
def _checker(module: str) -> Any:
    return import_module(f"stdnum.{module}")
