"""Numbers that a state gives to a person, told by their form and their check digits.

In: a text. Out: where they stand. Where the form alone says too little, a word such as “tax number” must
stand before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import NamedTuple

_NEAR = 40  # characters before a number in which it is named


class _Number(NamedTuple):
    """`module` of python-stdnum checks it. `named` has to stand shortly before it; "" where form and check suffice."""

    module: str
    form: str
    named: str = ""


_NUMBERS = (
    _Number("fr.nir", r"[12378] ?\d\d ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d\d|2[ABab]) ?\d{3} ?\d{3} ?\d\d"),
    _Number("it.codicefiscale", r"[A-Za-z]{6}\d\d[A-EHLMPR-Ta-ehlmpr-t]\d\d[A-Za-z]\d{3}[A-Za-z]"),
    _Number("br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d\d"),
    _Number("br.cpf", r"\d{11}", r"\bcpf\b"),
    _Number("ch.ssn", r"756\.\d{4}\.\d{4}\.\d\d"),
    _Number("be.nn", r"\d\d\.(?:0\d|1[0-2])\.[0-3]\d-\d{3}\.\d\d"),
    _Number("cn.ric", r"[1-8]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d\d{3}[\dXx]"),
    _Number("fi.hetu", r"[0-3]\d(?:0\d|1[0-2])\d\d[+A-FU-Y-]\d{3}[0-9A-Y]"),
    _Number("mx.curp", r"[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d"),
    _Number("es.dni", r"\d{8}-?[A-Za-z]", r"\bdni\b|\bnif\b|identidad"),
    _Number("es.nie", r"[XYZxyz]-?\d{7}-?[A-Za-z]", r"\bnie\b|\bnif\b|identidad|extranjer"),
    _Number("de.idnr", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", r"steuer|tax|\bid-?nr\b|\btin\b"),
    _Number("at.vnr", r"\d{4} ?\d{6}", r"sozialversicherung|\bsvnr\b|\bsv-nr\b|versicherungsnummer"),
    _Number("dk.cpr", r"[0-3]\d(?:0\d|1[0-2])\d\d-?\d{4}", r"\bcpr\b|personnummer"),
    _Number("se.personnummer", r"(?:\d\d)?\d\d(?:0\d|1[0-2])[0-3]\d[-+]?\d{4}", r"personnummer|personal number"),
    _Number("no.fodselsnummer", r"\d{6} ?\d{5}", r"f[øo]dselsnummer|personnummer"),
    _Number("nl.bsn", r"\d{9}", r"\bbsn\b|burgerservice|sofinummer"),
    _Number("pl.pesel", r"\d{11}", r"\bpesel\b"),
    _Number("ro.cnp", r"[1-8]\d{12}", r"\bcnp\b"),
    _Number("cz.rc", r"\d{6}/\d{3,4}", r"rodn[ée]|\brč\b|\brc\b"),
    _Number("gb.nhs", r"\d{3} ?\d{3} ?\d{4}", r"\bnhs\b"),
    _Number("us.ssn", r"\d{3}-\d{2}-\d{4}|\d{9}", r"\bssn\b|social security|\bsocial\b"),
    _Number("ca.sin", r"\d{3}[ -]?\d{3}[ -]?\d{3}", r"\bsin\b|social insurance"),
    _Number("tr.tckimlik", r"[1-9]\d{10}", r"kimlik|\btc\b"),
    _Number("in_.aadhaar", r"[2-9]\d{3} ?\d{4} ?\d{4}", r"aadhaar|aadhar|आधार"),
    _Number("za.idnr", r"\d{13}", r"\bid\b|identity"),
)  # fmt: skip
_FORMS = [
    (number, re.compile(rf"(?<![\w.,/+-])(?:{number.form})(?![\w]|[-/.,]\d)"), re.compile(number.named, re.IGNORECASE))
    for number in _NUMBERS
]
_DIGITS = re.compile(r"\d")


def identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Tax, social security and identity numbers of some 25 countries. For the American one there are no check digits;
    its form and its name have to be there."""
    if not _DIGITS.search(text):
        return
    for number, form, named in _FORMS:
        if number.named and not named.search(text):
            continue
        for found in form.finditer(text):
            before = text[max(0, found.start() - _NEAR) : found.start()]
            if (not number.named or named.search(before)) and _is_valid(number.module, found[0]):
                yield found.span()


def _is_valid(module: str, text: str) -> bool:
    return bool(import_module(f"stdnum.{module}").is_valid(text))
