"""What the model saw in texts before it learned. (torch)

In: a Subject and texts. Out: progress, and one vector a text, or None when stopped.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from studio.evaluation.subject import Subject
from studio.events import Event, Progressed
from studio.generation.labels import vectors
from studio.models.load import load_base

_EVERY = 64  # texts between two signs of progress


def untouched_vectors(subject: Subject, texts: Sequence[str]) -> Generator[Event, None, list[list[float]] | None]:
    """The mean of the last hidden states of the base model as it came, over each text's tokens."""
    base = load_base(subject.model.base, kind=subject.model.kind, device=subject.model.device)
    found: list[list[float]] = []
    for vector in vectors(base, subject.tokenizer, texts, max_tokens=subject.max_tokens):
        if subject.should_stop():
            return None
        found.append(vector)
        if len(found) % _EVERY == 0:
            yield Progressed("Asking the untouched model", len(found), len(texts))
    return found
