"""Choosing the next token from the model's scores. (torch)

In: scores of one position. Out: a token id; the same seed gives the same choices. The rules are transformers' own.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor
from transformers.generation.logits_process import (
    LogitsProcessorList,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from studio.config.generation import GenerationConfig


class Sampler:
    """Draws the tokens of one answer as `config` wants them; temperature 0 always takes the likeliest one."""

    def __init__(self, config: GenerationConfig, device: torch.device) -> None:
        self._greedy = config.temperature == 0
        self._rules = _rules(config)
        self._dice = torch.Generator(device)
        if config.seed is None:
            self._dice.seed()
        else:
            self._dice.manual_seed(config.seed)

    def choose(self, scores: Tensor, said: Tensor) -> int:
        """The next token, from `scores` (1, words) and the answer so far, `said` (1, tokens)."""
        scores = self._rules(cast(torch.LongTensor, said), cast(torch.FloatTensor, scores.float()))
        if self._greedy:
            return int(scores.argmax())
        return int(torch.multinomial(scores.softmax(-1), 1, generator=self._dice))


def _rules(config: GenerationConfig) -> LogitsProcessorList:
    # The penalty sees the answer alone: words of the message may be needed in it, and the end-of-turn that closes
    # the message must stay as likely as it is.
    rules = LogitsProcessorList()
    if config.repetition_penalty != 1:
        rules.append(RepetitionPenaltyLogitsProcessor(config.repetition_penalty))
    if config.temperature > 0:
        if config.temperature != 1:
            rules.append(TemperatureLogitsWarper(config.temperature))
        if config.top_k > 0:
            rules.append(TopKLogitsWarper(config.top_k))
        if config.top_p < 1:
            rules.append(TopPLogitsWarper(config.top_p))
    return rules
