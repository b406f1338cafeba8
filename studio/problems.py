"""What went wrong, in words a person can act on.

In: an exception from anywhere. Out: a Problem that says what happened, why, and what to do next.
Knows nothing of windows or terminals; both show the same four fields.
"""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Where:
    """The place a Problem points at: a file, and where known its 1-based line and its column name."""

    file: str = ""
    line: int | None = None
    column: str = ""

    def __str__(self) -> str:
        parts = [Path(self.file).name] if self.file else []
        if self.line is not None:
            parts.append(f"line {self.line:,}")
        if self.column:
            parts.append(f"column “{self.column}”")
        return ", ".join(parts)


class Problem(Exception):
    """Something that ended the work, told to the user in full sentences.

    `what` happened, `why`, and how to `fix` it; `where` if there is a place. `details` holds a traceback when
    the cause is not known; it is shown folded and never contains a cell of the user's data.
    """

    def __init__(self, what: str, why: str = "", fix: str = "", where: Where | None = None, details: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix
        self.where = where
        self.details = details

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.why, self.fix) if part)


def explain(error: BaseException) -> Problem:
    """Turn any exception into a Problem; a known cause gets its own words, an unknown one its traceback."""
    if isinstance(error, Problem):
        return error
    text = f"{type(error).__name__}: {error}".lower()
    told = ("out of memory", "can't allocate memory", "failed to map segment")  # the last one of a library's own code
    if isinstance(error, MemoryError) or any(words in text for words in told):
        return Problem(
            "There was not enough memory.",
            "The model and the texts of one step did not fit beside the other open programs.",
            "Close other programs and continue, or train anew with a lower length limit or fewer tokens at once.",
        )
    if isinstance(error, OSError):
        return _explain_os_error(error)
    if isinstance(error, UnicodeDecodeError):
        return Problem(
            "The file could not be read as text.",
            f"Its bytes do not fit the encoding {error.encoding}.",
            "Choose another encoding, or save the file again as UTF-8.",
        )
    frames = traceback.extract_tb(error.__traceback__)
    details = "\n".join(f"{Path(f.filename).name}:{f.lineno} in {f.name}" for f in frames)
    return Problem(
        "Something unexpected went wrong.",
        "This is a fault of the program, not of your data. What was saved before is kept: of a training run, all up to "
        "its last checkpoint, if there was one.",
        "Copy the details and report them, then try again.",
        details=f"{type(error).__name__}\n{details}",
    )


def _explain_os_error(error: OSError) -> Problem:
    where = Where(file=str(error.filename)) if error.filename else None
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return Problem(
                "The disk is full.",
                "Nothing more could be written; what was saved before is whole.",
                "Free some space or choose another folder, then continue.",
                where,
            )
        case errno.EFBIG:
            return Problem(
                "A file became larger than this disk takes.",
                "Nothing more could be written; what was saved before is whole.",
                "Choose a folder on another disk: many USB sticks take no file above 4 GB.",
                where,
            )
        case errno.ENOENT:
            return Problem(
                "A file or folder is missing.",
                "It was moved, renamed or deleted, or its name is mistyped.",
                "Check the name, or choose it again.",
                where,
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Problem(
                "A file or folder may not be opened.",
                "This account has no permission for it.",
                "Choose another place, or ask for access.",
                where,
            )
        case errno.ENETUNREACH | errno.ECONNREFUSED | errno.ETIMEDOUT | errno.EHOSTUNREACH:
            return Problem(
                "There is no network connection.",
                "The other side did not answer.",
                "Everything that is on this computer works without it; try again when you are connected.",
            )
        case _:
            return Problem(
                "A file could not be read or written.",
                f"The system said: {error.strerror or type(error).__name__}.",
                "Check that the disk is connected and healthy, then try again.",
                where,
            )
