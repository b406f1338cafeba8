"""How often the encoding of a file is found, beside charset-normalizer alone.

    python -m tests.benchmarks.encodings [--tries 3] [--texts FILE.json]

Sentences in many languages are written in every encoding that fits them, in files of 20 to 20,000 bytes of such text,
alone or as one line among a hundred plain ones. A file counts as found if its decoded text is right, whatever the
encoding is called. `--texts` takes other sentences: a JSON object of language (as in sentences.py) to list of texts.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from charset_normalizer import from_bytes

from studio.data.reading.text.encoding import find_encoding
from studio.problems import Problem
from tests.benchmarks.sentences import SENTENCES

SIZES = (20, 200, 2_000, 20_000)
PLAIN = "order {0},the parcel was sent on time and the customer is happy with it,ok\n"
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WIDE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


def as_1258(text: str) -> str:
    """Vietnamese as Windows-1258 writes it: tones are characters of their own."""
    found = ""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        tones = "".join(part for part in parts if part in _TONES)
        base = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
        found += base + tones
    return found


def texts(sentences: list[str], encoding: str, size: int, chance: random.Random) -> str:
    """About `size` bytes of sentences in the encoding, cut at a word where one is longer."""
    found = ""
    while len(found.encode(encoding, "ignore")) < size:
        sentence = chance.choice(sentences)
        words = sentence.split(" ")
        if size < 100 and len(words) > 3:
            start = chance.randrange(len(words) - 2)
            sentence = " ".join(words[start:])
        found += sentence + "\n"
    while len(found.encode(encoding, "ignore")) > size * 1.1 and len(found) > 2:
        found = found[:-1]
    return found.rstrip("\n") + "\n"


def cases(given: dict[str, list[str]], tries: int) -> Iterator[tuple[str, str, int, bool, str]]:
    """Language, encoding, size, whether the text stands among plain lines, and the whole text."""
    chance = random.Random(11)
    for language, sentences in given.items():
        for encoding in (*SENTENCES[language][0].split(), *_WIDE):
            ready = [as_1258(sentence) if encoding == "cp1258" else sentence for sentence in sentences]
            ready = [sentence.encode(encoding, "ignore").decode(encoding) for sentence in ready]
            for size in SIZES:
                for _ in range(tries if size < 2_000 and encoding not in _WIDE else 1):
                    text = texts(ready, encoding, size, chance)
                    if text.isascii():
                        continue
                    yield language, encoding, size, False, text
                    lines = text.splitlines(keepends=True)
                    among = "".join(
                        line + "".join(PLAIN.format(chance.randrange(10**6)) for _ in range(99)) for line in lines[:20]
                    )
                    yield language, encoding, size, True, among


def ours(file: Path) -> tuple[str, float]:
    """The name and how certain it is."""
    try:
        found = find_encoding(file)
    except Problem:
        return "refused", 0.0
    return found.name, found.certain


def charset_normalizer(file: Path) -> tuple[str, float]:
    """What the library says by itself."""
    best = from_bytes(file.read_bytes()).best()
    return (best.encoding if best else "ascii"), 1.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tries", type=int, default=3)
    parser.add_argument("--texts", type=Path)
    options = parser.parse_args()
    given = {name: list(sentences) for name, (_, sentences) in SENTENCES.items()}
    if options.texts:
        given = json.loads(options.texts.read_text(encoding="utf-8"))
    finders: dict[str, Callable[[Path], tuple[str, float]]] = {"studio": ours, "charset-normalizer": charset_normalizer}
    right: dict[tuple[str, str], list[bool]] = defaultdict(list)
    sure: dict[int, list[bool]] = defaultdict(list)
    wrong: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.csv"
        for language, encoding, size, is_among, text in cases(given, options.tries):
            file.write_bytes(text.encode(encoding))
            group = "UTF" if encoding in _WIDE else f"{size:>6,} bytes, {'1 line in 100' if is_among else 'all lines'}"
            for name, find in finders.items():
                start = time.perf_counter()
                found, certain = find(file)
                seconds[name] += time.perf_counter() - start
                is_right = (
                    found != "refused" and file.read_bytes().decode(found, "replace").removeprefix("\ufeff") == text
                )
                right[name, group].append(is_right)
                if name == "studio" and encoding not in _WIDE:
                    sure[min(9, int(certain * 10))].append(is_right)
                if name == "studio" and not is_right and (size >= 200 or encoding in _WIDE):
                    wrong[f"{language}, {encoding} read as {found}"] += 1
    print(f"{'':28}" + "".join(f"{name:>20}" for name in finders))
    for group in sorted({group for _, group in right}):
        shares = [f"{100 * sum(found) / len(found):18.1f} %" for name in finders for found in [right[name, group]]]
        print(f"{group:28}" + "".join(shares) + f"   of {len(right['studio', group]):,}")
    count = sum(len(found) for (name, _), found in right.items() if name == "studio")
    print(f"{'milliseconds a file':28}" + "".join(f"{1000 * seconds[name] / count:20.1f}" for name in finders))
    print("\nHow certain, and how many of these are right (UTF aside):")
    for tenth, results in sorted(sure.items()):
        share = 100 * sum(results) / len(results)
        print(f"  {tenth / 10:.1f}-{(tenth + 1) / 10:.1f}  {share:5.1f} %  of {len(results):,}")
    print("\nWrong from 200 bytes on:")
    for what, times in sorted(wrong.items(), key=lambda item: -item[1])[:20]:
        print(f"  {times:3} x {what}")


if __name__ == "__main__":
    main()
