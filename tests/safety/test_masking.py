"""Masking on texts as customers write them, from many countries, and on what only looks like personal data."""

import pytest

from kit.errors import KitError
from kit.safety import Rules, Span, Vault, mask
from kit.safety.pii import names


def wide(text: str) -> str:
    """The text with full-width figures, as Japanese keyboards give them."""
    return "".join(chr(ord(char) + 0xFEE0) if char.isdecimal() else char for char in text)


PERSONAL = [
    # phone numbers from elsewhere, with and without words that name them
    ("call me on +44 20 7946 0958 please", "call me on <PHONE_1> please"),
    ("my number is 020 7946 0958", "my number is <PHONE_1>"),
    ("Tel: 030 901820", "Tel: <PHONE_1>"),
    ("Handy 0171 2345678, abends", "Handy <PHONE_1>, abends"),
    ("mon portable: 06 12 34 56 78", "mon portable: <PHONE_1>"),
    ("01 42 68 53 00 is the office", "<PHONE_1> is the office"),
    ("móvil 612 345 678", "móvil <PHONE_1>"),
    ("reach me at 022 555 0192 after six", "reach me at <PHONE_1> after six"),
    ("text 07700 900123", "text <PHONE_1>"),
    ("whatsapp +55 (11) 91234-5678", "whatsapp <PHONE_1>"),
    ("+81 3-1234-5678", "<PHONE_1>"),
    ("phone 00 41 44 668 18 00", "phone <PHONE_1>"),
    ("(415) 555-0142 ext. 12", "<PHONE_1>"),
    ("415.555.0142", "<PHONE_1>"),
    ("call 4155550142", "call <PHONE_1>"),
    ("+1-303-555-0142x204", "<PHONE_1>"),
    ("my fax: 08 123 45 67", "my fax: <PHONE_1>"),
    ("call (02) 9876 5432", "call <PHONE_1>"),
    ("☎ 5551 2098", "☎ <PHONE_1>"),
    # other scripts and signs
    (wide("card 4111 1111 1111 1111"), "card <CARD_1>"),
    ("card 4111\u20111111\u20111111\u20111111", "card <CARD_1>"),
    ("card 4111\u00a01111\u00a01111\u00a01111", "card <CARD_1>"),
    ("mail maria\u200b@example.com", "mail <EMAIL_1>"),
    ("maria (at) mail (dot) example", "<EMAIL_1>"),
    ("maria [at] mail.example", "<EMAIL_1>"),
    ("ssn 123\u201345\u20136789", "ssn <SSN_1>"),
    # cards
    ("maestro 6759 8410 3431", "maestro <CARD_1>"),
    ("3530111333300000", "<CARD_1>"),
    ("cvv is 123", "cvv is <CVV_1>"),
    ("Visa 4222222222222, CVC: 999", "Visa <CARD_1>, CVC: <CVV_1>"),
    # IBANs and addresses of machines
    ("FR14 2004 1010 0505 0001 3M02 606", "<IBAN_1>"),
    ("NL91-ABNA-0417-1643-00", "<IBAN_1>"),
    ("NO9386011117947", "<IBAN_1>"),
    ("::ffff:192.0.2.128", "<IP_1>"),
    ("2001:0db8:85a3:0000:0000:8a2e:0370:7334", "<IP_1>"),
    ("router 10.0.0.1/24", "router <IP_1>/24"),
    # ids
    ("social security number 123 45 6789", "social security number <SSN_1>"),
    ("SSN: 123456789", "SSN: <SSN_1>"),
    ("CPF 529.982.247-25", "CPF <ID_1>"),
    ("mi DNI es 12345678Z", "mi DNI es <ID_1>"),
    ("NIE X1234567L", "NIE <ID_1>"),
    ("codice fiscale RSSMRA85T10A562S", "codice fiscale <ID_1>"),
    ("Aadhaar 2341 2341 2346", "Aadhaar <ID_1>"),
    ("BSN 111222333", "BSN <ID_1>"),
    ("SIN 130 692 544", "SIN <ID_1>"),
    ("AHV 756.9217.0769.85", "AHV <ID_1>"),
    ("NI number QQ123456C, no: AB 12 34 56 C", "NI number QQ123456C, no: <ID_1>"),
    ("pesel 44051401359", "pesel <ID_1>"),
    ("personnummer 811218-9876", "personnummer <ID_1>"),
    ("my passport number is X1234567", "my passport number is <ID_1>"),
    ("driver's license D123-4567-8901", "driver's license <ID_1>"),
    # addresses
    ("send it to 12 Maple Street, Burlington, VT 05401 please", "send it to <ADDRESS_1> please"),
    ("I moved to 1200 N. Lake Shore Drive Apt. 4B", "I moved to <ADDRESS_1>"),
    ("PO Box 123", "<ADDRESS_1>"),
    ("10 Downing Street, London, SW1A 2AA", "<ADDRESS_1>"),
    ("Ich wohne Lindenstraße 12, 10969 Berlin", "Ich wohne <ADDRESS_1>"),
    ("12 rue de la Paix, 75002 Paris", "<ADDRESS_1>"),
    ("Via Roma 12", "<ADDRESS_1>"),
    ("mieszkam ul. Długa 5", "mieszkam <ADDRESS_1>"),
]  # fmt: skip

HARMLESS = [
    "call me about BL-104233 or AB/10423355",
    "order BL-104233 from 2026-11-23, paid $1,189.00",
    "order 4155 5501 423",
    "invoice number 2026-11873",
    "tracking number 9400 1000 0000 0000 0000 00",
    "parcel 1Z999AA10123456784",
    "serial 356938035643809",
    "IMEI 490154203237518",
    "Dial serial BD2-7KQ4M2XA, firmware 4.8.2.10, version 10.0.0.1",
    "between 11/23/2026 and 12.24.2026 at 10:15:30",
    "in 2024-2025 and 2023 - 2024",
    "set it to 68 72 75 and 21.5 22.5",
    "it costs 1 299 000 kr or 12 345 678 €",
    "100 000 000 steps, 5000 mAh, 230 V, 1000000 kWh",
    "error 0x80070005 and error 30 05 12 99",
    "1. one 2. two 3. three 4. four 5. five 6. six",
    "model 2024 2025 2026",
    "my PIN has 4 digits and my code has 6",
    "I waited 20 30 40 minutes on 3 calls",
    "call me at 5 or 6 pm",
    "the gap is 3-4-5 cm, the ratio 16:9, the time 12:30",
    "room 12 on floor 3, unit 5 not unit 3",
    "I drive a car and live on a quiet street",
    "St 12 and Main",
    "0000 0000 0000 0000",
    "http://192.example/a?b=1234567",
    "bug 12345678 was fixed in build 20261123",
    "the barcode says 4006381333931",
    "batch 2424 and SKU 00417",
    "the passport app and my driver's license, number please",
    "section 12.3.4.5 is not in v1.2.3.4",
    "account 1007",
    "reply within 30 days of 12 December 2026",
]


@pytest.mark.parametrize(("text", "masked"), PERSONAL)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_like_personal_data_stays(text: str) -> None:
    assert mask(text).text == text


def test_places_are_those_of_the_original_text_even_where_signs_are_hidden() -> None:
    text = "😀 a\u200bb@x\u200b.example und " + wide("4111111111111111")
    spans = mask(text).spans
    assert spans == (Span("EMAIL", 2, 16), Span("CARD", 21, 37))
    assert text[2:16] == "a\u200bb@x\u200b.example"


def test_one_value_has_one_token_however_it_is_written() -> None:
    vault = Vault()
    assert mask("4111-1111-1111-1111", vault=vault).text == "<CARD_1>"
    assert mask(wide("4111") + " 1111 1111 1111", vault=vault).text == "<CARD_1>"
    assert vault.restore("<CARD_1>") == "4111-1111-1111-1111"


def test_a_value_that_looks_like_a_token_is_restored_once() -> None:
    vault = Vault()
    first, second = vault.token("NOTE", "<NOTE_2>"), vault.token("NOTE", "x")
    assert vault.restore(f"{first} {second}") == "<NOTE_2> x"


def test_the_companys_own_numbers_are_masked_as_it_says() -> None:
    rules = Rules(patterns={"ORDER": r"\bBL-[0-9]{6}\b", "SERIAL": r"\bBD2-[0-9A-Z]{8}\b"})
    text = "BL-104233 and BL-104234, dial BD2-7KQ4M2XA, mail a@b.example"
    assert mask(text, rules=rules).text == "<ORDER_1> and <ORDER_2>, dial <SERIAL_1>, mail <EMAIL_1>"
    assert mask(text).text == "BL-104233 and BL-104234, dial BD2-7KQ4M2XA, mail <EMAIL_1>"


def test_the_companys_own_pattern_wins_over_what_else_a_number_may_be() -> None:
    assert mask("415-555-0142", rules=Rules(patterns={"ACCOUNT": r"\d{3}-\d{3}-\d{4}"})).text == "<ACCOUNT_1>"


@pytest.mark.parametrize(("region", "masked"), [("US", "9472 7916"), ("SG", "<PHONE_1>")])
def test_a_number_of_the_companys_own_region_needs_no_words(region: str, masked: str) -> None:
    assert mask("9472 7916", rules=Rules(region=region)).text == masked


def test_names_need_the_extra_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    names._analyzer.cache_clear()
    monkeypatch.setitem(__import__("sys").modules, "presidio_analyzer", None)
    with pytest.raises(KitError) as caught:
        mask("I am Maria Lopez", rules=Rules(names=True))
    assert "`pip install 'support-kit[presidio]'`" in str(caught.value)
    assert "`python -m spacy download en_core_web_lg`" in str(caught.value)
    assert mask("I am Maria Lopez").text == "I am Maria Lopez"


@pytest.mark.parametrize(
    "unit", ["12 Main ", "Via A ", "A-", "call 555 123 ", "a (at) ", "passport ", "ssn 123 ", "+1 "]
)
def test_no_text_is_too_long_to_be_masked(unit: str) -> None:
    # A pattern that backtracks would run into the time limit that pytest sets for each test.
    text = unit * (40_000 // len(unit))
    masked = mask(text)
    assert masked.spans or masked.text == text
