"""What points to a person in a text, and the text with it masked.

In: a text and the regions whose phone numbers are written without a country code. Out: Spans, and the text with a mask
in place of each; everything else in it stays byte for byte. What was found is nowhere written or logged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from ipaddress import AddressValueError, IPv4Address
from typing import Literal, NamedTuple

from studio.data.checkup.accounts import card_numbers, ibans
from studio.data.checkup.identities import identity_numbers
from studio.data.checkup.phones import phone_numbers
from studio.data.checkup.scan import around

Kind = Literal["iban", "card", "identity", "email", "phone", "ip"]
MASKS: dict[Kind, str] = {
    "iban": "[IBAN]", "card": "[card number]", "identity": "[identity number]", "email": "[e-mail]",
    "phone": "[phone]", "ip": "[IP address]",
}  # fmt: skip
WORDS: dict[Kind, tuple[str, str]] = {
    "iban": ("bank account number (IBAN)", "bank account numbers (IBAN)"),
    "card": ("card number", "card numbers"),
    "identity": ("personal identity number", "personal identity numbers"),
    "email": ("e-mail address", "e-mail addresses"),
    "phone": ("phone number", "phone numbers"),
    "ip": ("internet address (IP)", "internet addresses (IP)"),
}
# What any of them needs to be looked for at all: an @, six digits that are near each other, an address of four numbers,
# or the beginning of an Italian tax code.
WORTH_A_LOOK = re.compile(
    r"@|[\[(](?:at|ät)[\])]|\d(?:[ \t\u00a0().\-/]{0,3}\d){5}|\d\.\d{1,3}\.\d{1,3}\.\d"
    r"|\b[A-Za-z]{6}\d\d[A-EHLMPR-Ta-ehlmpr-t]\d\d"
)
_EMAIL = re.compile(
    r"(?<![\w.+%'-])[\w+%'-](?:[\w.+%'-]{0,62}[\w+%-])?@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_]{2,24}(?![\w@])"
)
_SPELLED_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w.+%-]{1,63} ?[\[(](?:at|ät)[\])] ?(?:[\w-]{1,63}(?:\.| ?[\[(](?:dot|punkt)[\])] ?)){1,4}"
    r"[a-z]{2,24}\b",
    re.IGNORECASE,
)
_AT = re.compile("@")
_SPELLED_AT = re.compile(r"[\[(](?:at|ät)[\])]", re.IGNORECASE)
_LOCAL, _DOMAIN = 70, 480  # characters before and after it that an address takes at the most, in either way of writing
_IP = re.compile(r"(?<![\w.\-/])(?:\d{1,3}\.){3}\d{1,3}(?![\w\-]|\.\d|/\d)")
_VERSION = re.compile(
    r"(?:\bv|version|release|firmware|build|section|abschnitt|kapitel|chapter|§)\W{0,3}$", re.IGNORECASE
)
_SMALL = 30  # four numbers that are all smaller are more likely a version or a section than an address


class Span(NamedTuple):
    """Characters [start, end) of a text that are of one kind."""

    start: int
    end: int
    kind: Kind


def find_personal(
    text: str, regions: Sequence[str] = (), should_stop: Callable[[], bool] = lambda: False
) -> list[Span]:
    """Everything in the text that points to a person, in order; what two kinds claim goes to the surer one. `regions`
    are ISO country codes in whose way phone numbers may be written. After a stop it is not everything."""
    found: list[Span] = []
    for kind, finder in _finders(regions):
        if should_stop():
            break
        for start, end in finder(text):
            if all(end <= other.start or start >= other.end for other in found):
                found.append(Span(start, end, kind))
    return sorted(found)


def masked(text: str, spans: Sequence[Span]) -> str:
    """The text with each span's mask in its place."""
    pieces: list[str] = []
    at = 0
    for span in sorted(spans):
        pieces += [text[at : span.start], MASKS[span.kind]]
        at = span.end
    return "".join([*pieces, text[at:]])


def in_words(spans: Sequence[Span]) -> str:
    """How many there are of each kind: “2 e-mail addresses, 1 phone number”."""
    counts = Counter(span.kind for span in spans)
    return ", ".join(f"{counts[kind]:,} {WORDS[kind][counts[kind] != 1]}" for kind in MASKS if counts[kind])


def _finders(regions: Sequence[str]) -> Iterator[tuple[Kind, Callable[[str], Iterator[tuple[int, int]]]]]:
    """The kinds, the surest first."""
    yield "email", _emails
    yield "iban", ibans
    yield "card", card_numbers
    yield "identity", identity_numbers
    yield "ip", _addresses
    yield "phone", lambda text: phone_numbers(text, regions)


def _emails(text: str) -> Iterator[tuple[int, int]]:
    for sign, address in ((_AT, _EMAIL), (_SPELLED_AT, _SPELLED_EMAIL)):
        for start, end in around((found.span() for found in sign.finditer(text)), _LOCAL, _DOMAIN):
            yield from (found.span() for found in address.finditer(text, start, end))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """IPv4 addresses of the open internet; those of a local network point to nobody."""
    for found in _IP.finditer(text):
        try:
            address = IPv4Address(found[0])
        except AddressValueError:
            continue
        is_version = all(part < _SMALL for part in address.packed) or _VERSION.search(text[: found.start()][-20:])
        if address.is_global and not is_version:
            yield found.span()
