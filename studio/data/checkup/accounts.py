"""Bank account and card numbers in a text, told by their check digits.

In: a text. Out: where they stand. A number that only looks like one is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_IBAN = re.compile(r"(?<![^\W_])[A-Za-z]{2}\d{2}(?:[ \u00a0-]?[A-Za-z0-9]){11,30}(?![^\W_])")
_SEPARATORS = re.compile(r"[ \u00a0.-]")
_CARD = re.compile(r"(?<![\w.,+/#-])\d(?:[ \u00a0-]?\d){12,18}(?![\w/]|[.,-]\d)")
_GROUPED = re.compile(
    r"\d{4}([ \u00a0-])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ \u00a0-])\d{6}\2\d{4,5}"
)  # how numbers stand on cards
# Issuer's first digits and how long such numbers are (ISO/IEC 7812): Visa, Mastercard, American Express, Diners Club,
# Discover, JCB, UnionPay.
_ISSUERS = re.compile(
    r"4\d{12}(?:\d{3}(?:\d{3})?)?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
_NAMED = re.compile(
    r"card|credit|debit|visa|master|amex|american express|maestro|karte|kredit|carte|tarjeta|carta|cartão|kaart|卡",
    re.IGNORECASE,
)
_OTHERWISE = re.compile(
    r"(?:order|ticket|invoice|tracking|parcel|serial|reference|ref|case|item|customer|account id|transaction|imei|isbn"
    r"|bestell\w*|auftrag\w*|rechnung\w*|sendung\w*|kunden\w*|vorgang\w*|artikel\w*|commande|facture|pedido|factura"
    r"|id|no|nr|num|#)\.?\W{0,3}(?:\w{1,8}\W{1,2}){0,2}$",
    re.IGNORECASE,
)  # fmt: skip


def ibans(text: str) -> Iterator[tuple[int, int]]:
    """International bank account numbers with the right length for their country and right check digits (ISO 13616)."""
    from stdnum import iban

    at = 0
    while found := _IBAN.search(text, at):
        at = found.end()
        ends = [found.start() + place.end() for place in re.finditer(r"[A-Za-z0-9](?![A-Za-z0-9])", found[0])]
        for end in reversed(ends):
            if end - found.start() >= 15 and iban.is_valid(_SEPARATORS.sub("", text[found.start() : end])):
                yield found.start(), end
                at = end
                break
        else:
            at = found.start() + 2


def card_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Payment card numbers: an issuer's first digits, its length, and a right last digit (Luhn). One number in ten has
    such a last digit by chance, so that one that is not grouped as on a card, or said to be a card's, must not be
    said to be something else."""
    from stdnum import luhn

    for found in _CARD.finditer(text):
        digits = _SEPARATORS.sub("", found[0])
        if len(set(digits)) < 2 or not _ISSUERS.fullmatch(digits) or not luhn.is_valid(digits):
            continue
        before = text[max(0, found.start() - 40) : found.start()]
        if _GROUPED.fullmatch(found[0]) or _NAMED.search(before) or not _OTHERWISE.search(before):
            yield found.span()
