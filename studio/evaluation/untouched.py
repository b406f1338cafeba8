"""What the model saw in texts before it learned. (torch)

In: a Subject and texts. Out: progress, and one vector a text, or None when stopped.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from studio.evaluation.subject import Subject
from studio.events import Event
from studio.generation.labels import vectors
from studio.models.load import load_base


def untouched_vectors(subject: Subject, texts: Sequence[str]) -> Generator[Event, None, list[list[float]] | None]:
    """The mean of the last hidden states of the base model as it came, over each text's tokens."""
    base = load_base(subject.model.base, kind=subject.model.kind, device=subject.model.device)
    found = vectors(base, subject.tokenizer, texts, max_tokens=subject.max_tokens)
    return (yield from subject.gathered("Asking the untouched model", found, len(texts)))
