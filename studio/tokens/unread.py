"""Signs that a model cannot read: its vocabulary lacks them, and in their place it sees one and the same mark.

In: a Tokenizer, Examples. Out: the number of that mark, and a Finding with the share of the characters. Knows no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice

from studio.counting import counted
from studio.data.checkup.finding import Finding, finding
from studio.stopping import never
from studio.tasks.example import Example
from studio.tokens.tokenizer import Tokenizer

LOOKED_AT = 2_000  # rows that say enough
MUCH = 0.05  # of the characters, from which on the model is the wrong one
_RARE = "\U00013001", "\U00012003"  # a hieroglyph and a cuneiform sign, whose bytes end differently
_AT_ONCE = 200  # rows between two questions whether to stop


@lru_cache(maxsize=8)
def unknown_id(tokenizer: Tokenizer) -> int | None:
    """What two signs become that hardly a vocabulary has; None where they stay apart, as with models that read any text
    by its bytes."""
    one, other = (tokenizer.backend.encode(sign, add_special_tokens=False).ids for sign in _RARE)
    return one[-1] if one and other and one[-1] == other[-1] else None


def unread_findings(
    examples: Iterable[Example], tokenizer: Tokenizer, *, should_stop: Callable[[], bool] = never
) -> tuple[Finding, ...]:
    """Rows with signs that the model cannot read, among the first LOOKED_AT; nothing where it reads everything."""
    unknown = unknown_id(tokenizer)
    if unknown is None:
        return ()
    notes: dict[int, str] = {}
    unread = characters = 0
    waiting = islice(examples, LOOKED_AT)
    while some := list(islice(waiting, _AT_ONCE)):
        if should_stop():
            return ()
        texts = ["\n".join(turn.text for one in (row, *row.beside) for turn in one.turns) for row in some]
        for row, text, found in zip(
            some, texts, tokenizer.backend.encode_batch(texts, add_special_tokens=False), strict=True
        ):
            ids, offsets = found.ids, found.offsets  # each look at them copies them whole
            lost = ["".join(text[a:b].split()) for token, (a, b) in zip(ids, offsets, strict=True) if token == unknown]
            characters += len("".join(text.split()))
            unread += sum(map(len, lost))
            if any(lost):
                notes[row.row] = f"cannot read: {' '.join(dict.fromkeys(filter(None, lost)))[:60]}"
    share = unread / max(1, characters)
    if not notes:
        return ()
    told = "less than 1 %" if share < 0.01 else f"{share:.0%}".replace("%", " %")
    return (
        finding(
            "unread", notes, "wrong" if share >= MUCH else "look",
            lambda n: f"This model cannot read {told} of your characters, in "
            + counted(n, "1 training row", "{} training rows"),
            "", "Its vocabulary lacks these signs, and all of them look the same to it. Choose a model that was made "
            "for your language.",
            notes=notes,
        ),
    )  # fmt: skip
