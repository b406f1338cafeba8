"""A conversation in a terminal: every message is read with what was said before it, by each side its own.

In: typed lines, how a message is put, and who answers. Out: printed answers. “/new” begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from studio.cli.terminal import harmless, tell
from studio.problems import Problem
from studio.tasks.answer import continued
from studio.tasks.example import Example, Turn

if TYPE_CHECKING:
    from studio.generation.answer import Piece

NEW = "/new"
Ask = Callable[[Sequence[Turn]], "Iterable[Piece]"]


def converse(typed: Iterable[str], prompt: Callable[[str], Example], sides: Sequence[tuple[str, Ask]]) -> None:
    """Let each of the `sides` (what is printed before its answers, and what answers) answer every message after what it
    said itself before. `prompt` puts a message as in training. An answer that a Problem prevents is told, and the
    conversation is as it was before it."""
    print(f"Each message is read with those before it. {NEW} begins a new conversation, an empty line ends.")
    said: dict[str, tuple[Turn, ...]] = {}
    for message in typed:
        if message.strip() == NEW:
            said = {}
            print("A new conversation.")
            continue
        for who, ask in sides:
            asked = continued(said.get(who, ()), prompt(message).turns)
            try:
                text, _ = say(who, ask(asked))
            except Problem as problem:
                print()
                tell(problem)
                continue
            said[who] = (*asked, Turn("assistant", text.strip()))


def say(who: str, pieces: Iterable[Piece]) -> tuple[str, list[int]]:
    """Print what is written, as it comes; returns it, and its tokens, its end aside."""
    print(who, end="", flush=True)
    text, tokens = "", list[int]()
    for piece in pieces:
        print(harmless(piece.text), end="", flush=True)
        text += piece.text
        if piece.token >= 0 and piece.end != "end":
            tokens.append(piece.token)
    print()
    return text, tokens
