"""Numbers that a state gives to a person, told by their form and their check digits.

In: a text. Out: where they stand. Where the form alone says too little, a word such as “tax number” must
stand before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

from studio.data.checkup.scan import around

_NEAR = 40  # characters before a number in which it is named


class _Number(NamedTuple):
    """`module` of python-stdnum checks it. One of the words `named`, in lower case, has to stand shortly before it,
    where form and check do not suffice; longer words also as the beginning of one."""

    module: str
    form: str
    named: tuple[str, ...] = ()


_NUMBERS = (
    _Number("fr.nir", r"[12378] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[ABab]) ?\d{3} ?\d{3} ?\d\d"),
    _Number("it.codicefiscale", r"[A-Za-z]{6}\d\d[A-EHLMPR-Ta-ehlmpr-t]\d\d[A-Za-z]\d{3}[A-Za-z]"),
    _Number("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d\d"),
    _Number("ch.ssn", r"756\.\d{4}\.\d{4}\.\d\d"),
    _Number("be.nn", r"\d\d\.(?:0\d|1[0-2])\.[0-3]\d-\d{3}\.\d\d"),
    _Number("cn.ric", r"[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d\d{3}[\dXx]"),
    _Number("fi.hetu", r"[0-3]\d(?:0\d|1[0-2])\d\d[+A-FU-Y-]\d{3}[0-9A-Y]"),
    _Number("mx.curp", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d"),
    _Number("br.cpf", r"\d{11}", ("cpf",)),
    _Number("es.dni", r"\d{8}-?[A-Za-z]", ("dni", "nif", "identidad")),
    _Number("es.nie", r"[XYZxyz]-?\d{7}-?[A-Za-z]", ("nie", "nif", "identidad", "extranjer")),
    _Number("de.idnr", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", ("steuer", "tax", "idnr", "tin")),
    _Number("at.vnr", r"\d{4} ?\d{6}", ("sozialversicherung", "svnr", "sv-nr", "versicherungsnummer")),
    _Number("dk.cpr", r"[0-3]\d(?:0\d|1[0-2])\d\d-?\d{4}", ("cpr", "personnummer")),
    _Number("se.personnummer", r"(?:\d\d)?\d\d(?:0\d|1[0-2])[0-3]\d[-+]?\d{4}", ("personnummer", "personal number")),
    _Number("no.fodselsnummer", r"\d{6} ?\d{5}", ("fødselsnummer", "fodselsnummer", "personnummer")),
    _Number("nl.bsn", r"\d{9}", ("bsn", "burgerservice", "sofinummer")),
    _Number("pl.pesel", r"\d{11}", ("pesel",)),
    _Number("ro.cnp", r"[1-8]\d{12}", ("cnp",)),
    _Number("cz.rc", r"\d{6}/\d{3,4}", ("rodné", "rodne", "rč", "rc")),
    _Number("gb.nhs", r"\d{3} ?\d{3} ?\d{4}", ("nhs",)),
    _Number("us.ssn", r"\d{3}-\d{2}-\d{4}|\d{9}", ("ssn", "social security", "social")),
    _Number("ca.sin", r"\d{3}[ -]?\d{3}[ -]?\d{3}", ("sin", "social insurance")),
    _Number("tr.tckimlik", r"[1-9]\d{10}", ("kimlik", "tc")),
    _Number("in_.aadhaar", r"[2-9]\d{3} ?\d{4} ?\d{4}", ("aadhaar", "aadhar", "आधार")),
    _Number("za.idnr", r"\d{13}", ("id", "identity")),
)
_SHORT = 4  # letters: such a word counts only whole, as “sin” in “since” names nothing


# Digits as near each other as in any of these numbers. It begins with a digit, so that all other text is passed over
# quickly; _BEFORE and _AFTER are the most characters of a number that may stand on either side, and what is looked at
# beyond its end.
_DIGITS = re.compile(r"\d(?:(?:[ .+A-Za-z/-]{0,2}\d){6,}|\d{5}[HM][A-Z]{5})")
_BEFORE, _AFTER = 8, 12
_LONGEST = 24  # characters, with what is looked at beyond its end
_SURE = re.compile("|".join(rf"(?<![\w.,/+-])(?:{number.form})" for number in _NUMBERS if not number.named))
_FORMS = [(number, re.compile(rf"(?<![\w.,/+-])(?:{number.form})(?![\w]|[-/.,]\d)")) for number in _NUMBERS]


def identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Tax, social security and identity numbers of some 25 countries. For the American one there are no check digits;
    its form and its name have to be there."""
    pieces = list(around((found.span() for found in _DIGITS.finditer(text)), _BEFORE, _AFTER))
    if not pieces:
        return
    lower = text.lower()
    if len(lower) != len(text):  # a few capitals become two characters
        lower = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    pieces = [piece for piece in pieces if _SURE.search(text, *piece)]
    for number, form in _FORMS:
        if number.named:
            if not any(word in lower for word in number.named):
                continue  # nearly always, and five times as fast as to begin the search
            for named in _named(lower, number.named):
                found = form.search(text, named[1], named[0] + _NEAR + _LONGEST)
                while found and found.start() <= named[0] + _NEAR:
                    if _is_valid(number.module, found[0]):
                        yield found.span()
                    found = form.search(text, found.end(), named[0] + _NEAR + _LONGEST)
        else:
            for start, end in pieces:
                yield from (f.span() for f in form.finditer(text, start, end) if _is_valid(number.module, f[0]))


def _named(lower: str, words: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where one of the words stands, as a whole or as the beginning of a longer one."""
    for word in words:
        at = lower.find(word)
        while at >= 0:
            end = at + len(word)
            begins = not at or not _is_letter(lower[at - 1])
            if begins and (len(word) > _SHORT or not _is_letter(lower[end : end + 1])):
                yield at, end
            at = lower.find(word, end)


def _is_letter(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _is_valid(module: str, text: str) -> bool:
    return bool(import_module(f"stdnum.{module}").is_valid(text))
