"""Vectors of many texts for judging, with progress. (torch)

In: a Subject, texts as Examples. Out: vectors, by the tuned model or as it was before it learned.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from studio.evaluation.subject import Subject
from studio.events import Event
from studio.generation.search import Vectors, told, vectors_of
from studio.models.load import Model
from studio.tasks.example import Example


def read_texts(
    subject: Subject, model: Model, examples: Sequence[Example], what: str, *, untouched: bool
) -> Generator[Event, None, Vectors | None]:
    """The vectors of texts, with progress; None where it was stopped."""
    reading = vectors_of(
        model,
        subject.tokenizer,
        examples,
        max_tokens=subject.max_tokens,
        untouched=untouched,
        should_stop=subject.should_stop,
    )
    return (yield from told(reading, what, len(examples)))
