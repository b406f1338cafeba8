"""The typed description of a run: every choice, once. Each of its parts has a file that is called as the part is.

In: values from a form, `--set` flags or a run file. Out: a frozen Config. `None` means automatic: automatic.py
gives the value and the reason.
"""

from __future__ import annotations

from studio.config.data import DataConfig
from studio.config.generation import GenerationConfig
from studio.config.model import ModelConfig
from studio.config.setting import Settings
from studio.config.task import TaskConfig
from studio.config.training import TrainingConfig

SCHEMA_VERSION = 1


class Config(Settings):
    """Everything that a run depends on."""

    data: DataConfig = DataConfig()
    task: TaskConfig = TaskConfig()
    model: ModelConfig = ModelConfig()
    training: TrainingConfig = TrainingConfig()
    generation: GenerationConfig = GenerationConfig()
