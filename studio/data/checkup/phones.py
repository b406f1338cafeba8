"""Phone numbers in a text.

In: a text and the regions in whose way numbers may be written. Out: where they stand. Numbers with a country code
are found anywhere, others where they are valid and grouped as in their region, or where a word such as “phone” stands
before them; order numbers, dates, prices and times are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
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
# Words after which a number is a phone number, those after which it is another one (as the beginning of a word), and
# those that may stand between.
_PHONE = (
    "phone", "fone", "call", "ring", "dial", "whatsapp", "fax", "mobile", "cell", "contact", "hotline", "sms",
    "freephone", "telef", "telep", "ruf", "handy", "durchwahl", "erreich", "anruf", "télép", "portable", "appel",
    "joindre", "teléfono", "movil", "móvil", "celular", "llam", "llám", "cellulare", "chiam",
)  # fmt: skip
_PHONE_WHOLE = frozenset({"tel", "tél", "bel", "text", "txt", "tty", "mob", "ph", "tlf"})
_OTHER = (
    "order", "ticket", "invoice", "tracking", "parcel", "serial", "reference", "case", "item", "customer", "account",
    "transaction", "article", "isbn", "issn", "bestell", "auftrag", "rechnung", "sendung", "kunden", "vorgang",
    "artikel", "konto", "aktenzeichen", "commande", "facture", "pedido", "factura", "pmid", "doi",
)  # fmt: skip
_OTHER_WHOLE = frozenset({"id", "ref", "nct", "no", "nr"})
_BETWEEN = frozenset({
    "me", "us", "him", "her", "is", "are", "at", "on", "no", "number", "nummer", "nr", "numéro", "número", "numero",
    "unter", "mich", "uns", "ist", "lautet", "die", "der", "my", "the", "al", "au", "est", "es", "moi", "nous", "now",
    "back", "to", "or", "under", "mobil", "direct", "home", "work", "office", "your", "our", "for", "free", "from",
    "landline",
})  # fmt: skip
_CHINESE = ("电话", "手机", "電話", "手機", "热线", "电话是")  # written without blanks, after other words
_WORDS = re.compile(r"\w+")
_DAY = (
    r"(?:(?:19|20)\d\d([./-])(?:0?\d|1[0-2])\1[0-3]?\d|[0-3]?\d([./-])[0-3]?\d\2(?:19|20)?\d\d"
    r"|[0-3]?\d (?:0?\d|1[0-2]) (?:19|20)\d\d)"
)
_SECOND_DAY = _DAY.replace(r"\1", r"\3").replace(r"\2", r"\4")
_DATE = re.compile(  # a day, with an hour or up to another day; years; a day or a moment without any marks
    rf"{_DAY}(?:[ ./-]{{1,3}}(?:{_SECOND_DAY}|\d{{1,2}}))?"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)?\d\d|(?:19|20)\d{6}(?:\d{4,6})?"
)
_DECIMALS = re.compile(r"\d{1,3}(?:[. ]\d{3})+|\d+\.\d+|\d+ ?[-/] ?\d+")  # a price, a number, a range
_NO_DIGIT = re.compile(r"\D+")
_UNTIED = re.compile(r"[ ().\-/\u00a0\u2011\t]+")
_NEAR = 48  # characters before a number in which it is named
_LONGEST = 15  # digits of an international number (E.164)


def phone_numbers(text: str, regions: Sequence[str] = ()) -> Iterator[tuple[int, int]]:
    """Where phone numbers stand in the text."""
    for found in _CANDIDATE.finditer(text):
        number = found[0]
        digits = len(_NO_DIGIT.sub("", number))
        if _DATE.fullmatch(number):
            continue
        start = found.start() + (number.startswith("(") and ")" not in number)
        before = text[max(0, found.start() - _NEAR) : found.start()]
        words = _WORDS.findall(before.lower())
        is_named = _says_phone(words)
        if _is_international(number, before) or (
            _is_named_number(number, digits, regions) if is_named else _is_regional(number, words, before, regions)
        ):
            yield start, found.end()


def _says_phone(words: Sequence[str]) -> bool:
    """Whether the last word that matters before a number says that it is a phone number."""
    for word in reversed(words[-6:]):
        if word.startswith(_PHONE) or word in _PHONE_WHOLE or word.endswith(_CHINESE):
            return True
        if word not in _BETWEEN:
            return False
    return False


def _says_other(words: Sequence[str], before: str) -> bool:
    """Whether it says that it is some other number."""
    if before.rstrip()[-1:] == "#":
        return True
    for word in reversed(words[-4:]):
        if word.startswith(_OTHER) or word in _OTHER_WHOLE:
            return True
        if word not in _BETWEEN:
            return False
    return False


def _is_international(number: str, before: str) -> bool:
    plain = "+" + number[2:] if number.startswith("00") else number
    if not plain.startswith("+"):
        return False
    digits = _NO_DIGIT.sub("", plain)
    is_surely = number.startswith("+") and not before.rstrip()[-1:].isdigit()
    return _has_length(digits[:6], len(digits)) if is_surely else _is_valid(plain)


@lru_cache(maxsize=10_000)
def _has_length(start: str, length: int) -> bool:
    """Whether a number with this country code can be so long: all that makes a number possible."""
    import phonenumbers

    try:
        return phonenumbers.is_possible_number(phonenumbers.parse("+" + start + "1" * (length - len(start)), None))
    except phonenumbers.NumberParseException:
        return False


def _is_valid(number: str) -> bool:
    import phonenumbers

    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False


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


def _is_regional(number: str, words: Sequence[str], before: str, regions: Sequence[str]) -> bool:
    """A number without a country code that is valid in one of the regions and grouped as there."""
    groups = [group for group in _UNTIED.split(number) if group]
    if _says_other(words, before) or (_DECIMALS.fullmatch(number) and not number.startswith("0")):
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
