"""What a look at the watching rows has to know.

In: nothing. Out: the type that every way of looking takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.config.config import Config
from studio.data.parts.dataset import Dataset
from studio.tasks.task import Task
from studio.tokens.encoded import Encoded
from studio.tokens.tokenizer import Tokenizer


@dataclass(frozen=True)
class Asked:
    """What is looked at: `watching` are the encoded watching rows, in the dataset's order; `prompts` the user's own
    texts; `config` has nothing left open."""

    task: Task
    tokenizer: Tokenizer
    dataset: Dataset
    watching: Sequence[Encoded]
    config: Config
    prompts: Sequence[str]
    should_stop: Callable[[], bool]

    @property
    def limit(self) -> int:
        """The length limit, in tokens."""
        assert self.config.task.max_tokens is not None
        return self.config.task.max_tokens

    @property
    def budget(self) -> int:
        """How many tokens are computed at once."""
        assert self.config.training.token_budget is not None
        return self.config.training.token_budget
