"""Phone numbers in a text.

In: a text and the regions in whose way numbers may be written. Out: where they stand. Numbers with a country code
are found anywhere, others where they are valid and grouped as in their region, or where a word such as “phone” stands
before them; order numbers, dates, prices and times are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# The regions to think of for the language of the texts (ISO 639-1 → ISO 3166).
REGIONS: dict[str, tuple[str, ...]] = {
    "en": ("US", "GB"), "de": ("DE", "AT", "CH"), "fr": ("FR", "BE"), "es": ("ES", "MX"), "it": ("IT",), "nl": ("NL",),
    "pt": ("BR", "PT"), "zh": ("CN",), "ja": ("JP",), "ko": ("KR",), "pl": ("PL",), "sv": ("SE",), "da": ("DK",),
    "no": ("NO",), "fi": ("FI",), "cs": ("CZ",), "ru": ("RU",), "tr": ("TR",), "hi": ("IN",), "el": ("GR",),
}  # fmt: skip
_BLANK = r"[ \t\u00a0\u2011]"
_CANDIDATE = re.compile(
    rf"(?<![\w.,/#%&=$€£-])(?:\+{_BLANK}?|\()?\d(?:{_BLANK}?[().\-/]?{_BLANK}?\d){{5,16}}(?![\w%€$£]|[.,:/-]\d|{_BLANK}?[€$£%])"
)
_PHONE = re.compile(
    r"(?:tel|phone|telephone|fone|call|text|ring|dial|whats ?app|fax|mobile?|cell|cellphone|contact|hotline|sms"
    r"|telefon\w*|ruf\w*|handy\w*|durchwahl|erreich\w*|anruf\w*|t[ée]l[ée]phone|portable|appelez|joindre"
    r"|tel[ée]fono|m[óo]vil|celular|ll[áa]m\w*|telefone|cellulare|chiam\w*|bel|电话|手机|電話)\W{0,3}"
    r"(?:(?:me|us|him|her|is|are|at|on|no|number|nummer|nr|num[ée]ro|n[úu]mero|unter|mich|uns|ist|lautet|die|der|my|the"
    r"|al|au|est|es|moi|nous|now|back|to|or|under|mobil|direct|home|work|office|your|our|for)\W{1,3}){0,5}$",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"(?:order|ticket|invoice|tracking|parcel|serial|reference|ref|case|item|customer|account|transaction|article|isbn|issn"
    r"|bestell\w*|auftrag\w*|rechnung\w*|sendung\w*|kunden\w*|vorgang\w*|artikel\w*|konto\w*|aktenzeichen|commande|facture"
    r"|pedido|factura|id|pmid|doi|nct|no|nr|#)\.?:?\W{0,3}(?:(?:number|nummer|no|nr|id|is|ist|lautet)\W{1,3}){0,3}$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)\d\d([ ./-])(?:0?\d|1[0-2])\1[0-3]?\d(?:\D.*)?|[0-3]?\d([ ./-])[0-3]?\d\2(?:19|20)?\d\d(?:\D.*)?"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)?\d\d(?:\D.*)?|(?:19|20)\d{6}(?:\d{4,6})?"
)
_DECIMALS = re.compile(r"\d{1,3}(?:[. ]\d{3})+|\d+\.\d+|\d+ ?[-/] ?\d+")  # a price, a number, a range
_UNTIED = re.compile(r"[ ().\-/\u00a0\u2011\t]+")
_LONGEST = 15  # digits of an international number (E.164)


def phone_numbers(text: str, regions: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Where phone numbers stand in the text."""
    for found in _CANDIDATE.finditer(text):
        number = found[0]
        digits = sum(character.isdigit() for character in number)
        if digits > _LONGEST + 2 or _DATE.fullmatch(number):
            continue
        start = found.start() + (number.startswith("(") and ")" not in number)
        before = text[max(0, found.start() - 48) : found.start()]
        is_named = bool(_PHONE.search(before))
        if _is_international(number, before) or (
            _is_named_number(number, digits, regions) if is_named else _is_regional(number, before, regions)
        ):
            yield start, found.end()


def _is_international(number: str, before: str) -> bool:
    import phonenumbers

    plain = "+" + number[2:] if number.startswith("00") else number
    if not plain.startswith("+"):
        return False
    try:
        parsed = phonenumbers.parse(plain, None)
    except phonenumbers.NumberParseException:
        return False
    is_surely = number.startswith("+") and not before.rstrip()[-1:].isdigit()
    check = phonenumbers.is_possible_number if is_surely else phonenumbers.is_valid_number
    return bool(check(parsed))


def _is_named_number(number: str, digits: int, regions: Sequence[str]) -> bool:
    """After a word such as “phone” a number only has to be one that can be dialled."""
    if digits < 7 or digits > _LONGEST:
        return False
    import phonenumbers

    for region in regions or ("US", "GB", "DE", "FR", "ES", "IT"):
        try:
            if phonenumbers.is_possible_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            continue
    groups = [group for group in _UNTIED.split(number) if group]
    return len(groups) > 1


def _is_regional(number: str, before: str, regions: Sequence[str]) -> bool:
    """A number without a country code that is valid in one of the regions and grouped as there."""
    groups = [group for group in _UNTIED.split(number) if group]
    if _OTHERWISE.search(before) or (_DECIMALS.fullmatch(number) and not number.startswith("0")):
        return False
    import phonenumbers

    for region in regions:
        if len(groups) == 1 and not _stands_alone(number, region):
            continue
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number_for_region(parsed, region) and _is_grouped(parsed, groups, region):
            return True
    return False


def _stands_alone(number: str, region: str) -> bool:
    """Whether a number without a blank in it may be one: with its leading 0, or a Chinese mobile number."""
    return len(number) == 11 if region == "CN" else number.startswith("0") and len(number) >= 10


def _is_grouped(parsed: PhoneNumber, groups: Sequence[str], region: str) -> bool:
    import phonenumbers

    usual = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    if len(groups) == 1 or region == "CN" or groups == [group for group in _UNTIED.split(usual) if group]:
        return True
    # Many write a German or French number as they like, but the area code with its 0 by itself.
    area = phonenumbers.length_of_national_destination_code(parsed)
    return groups[0].startswith("0") and area > 0 and len(groups[0]) == area + 1 and len(groups) <= 6
