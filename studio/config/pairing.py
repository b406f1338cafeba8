"""What a row of texts to search tells: a passage that fits, a candidate that is right or wrong, or a number.

In: nothing. Out: the type, named in the settings, the task, the judge.
"""

from __future__ import annotations

from typing import Literal

# passages: each row is a query with a passage that fits it. candidates: each row is one of several passages of a query,
# marked 1 or 0. scores: each row is two texts and a number for how alike they are.
Pairing = Literal["passages", "candidates", "scores"]
