"""The instruction that a model brings along: its chat template writes one where a conversation has none.

In: a Template and the turns of a conversation. Out: the instruction, or "".
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.problems import Problem
from studio.tasks.example import Turn
from studio.tokens.template import Template

_MARK = "Zq0"  # stands for an instruction


def own_instruction(template: Template, turns: Sequence[Turn]) -> str:
    """The instruction that a chat template writes of its own accord where these turns have none; "" where it writes
    none. It is what stands where one that was given would."""
    if not turns or any(turn.role == "system" for turn in turns):
        return ""
    first = Turn("user", _MARK[::-1])
    try:
        bare = template.render([first], for_answer=False)
        given = template.render([Turn("system", _MARK), first], for_answer=False)
    except Problem:  # it takes no instruction, or none such conversation
        return ""
    before, _, after = given.partition(_MARK)
    after = after.partition(first.text)[0]
    head = bare.partition(first.text)[0]
    if not head.startswith(before) or not head.endswith(after) or len(head) < len(before) + len(after):
        return ""
    return head[len(before) : len(head) - len(after)].strip()
