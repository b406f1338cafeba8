from __future__ import annotations

import errno

import pytest

from studio.problems import Problem, Where, explain


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/x"), "The disk is full."),
        (OSError(errno.EDQUOT, "Quota exceeded", "/x"), "The disk is full."),
        (OSError(errno.EFBIG, "File too large", "/x"), "A file became larger than this disk takes."),
        (FileNotFoundError(errno.ENOENT, "No such file", "/x"), "A file or folder is missing."),
        (PermissionError(errno.EACCES, "denied", "/x"), "A file or folder may not be opened."),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "There is no network connection."),
        (ImportError("libtorch.so: failed to map segment from shared object"), "There was not enough memory."),
        (MemoryError(), "There was not enough memory."),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), "There was not enough memory."),
    ],
)
def test_known_causes_get_their_own_words(error: Exception, what: str) -> None:
    problem = explain(error)
    assert problem.what == what
    assert problem.fix


def test_an_unknown_cause_shows_where_it_happened_but_no_data() -> None:
    try:
        raise ValueError("Mrs. Miller's blood test")
    except ValueError as error:
        problem = explain(error)
    assert "ValueError" in problem.details
    assert "test_problems.py" in problem.details
    assert "Miller" not in str(problem) + problem.details
    assert "if there was one" in problem.why  # nothing is promised that may not be there


def test_a_problem_passes_through() -> None:
    problem = Problem("a", "b", "c", Where("x/reviews.csv", 41, "text"))
    assert explain(problem) is problem
    assert str(problem.where) == "reviews.csv, line 41, column “text”"
