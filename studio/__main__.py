"""The one entry: the window without arguments or with a file to open, the command line with a command.

In: the command line. Out: an exit code.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from studio.offline import stay_offline


def main() -> int:
    """`python -m studio`: open the window where nothing is asked for, else do what is asked."""
    stay_offline()
    sys.excepthook = unforeseen
    return run(sys.argv[1:])


def unforeseen(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of what nobody foresaw as of any other Problem; the exit code is then 1 (or 130 where Ctrl+C ended it)."""
    if not issubclass(kind, Exception):
        sys.stderr.write("Ended at once.\n")
        return
    from studio.cli.terminal import tell
    from studio.problems import explain

    tell(explain(error))


def run(argv: list[str]) -> int:
    """What `main` does, with the arguments given."""
    if argv and not _is_place(argv):
        from studio.cli.main import main

        return main(argv)
    return window(argv)


def _is_place(argv: list[str]) -> bool:
    """Whether this is what a desktop says to “open with”: one table or one project's folder, and no command."""
    if len(argv) != 1:
        return False
    path = Path(argv[0])
    return path.is_file() or (path.is_absolute() and path.is_dir())


def window(argv: Sequence[str] = ()) -> int:
    """Open the window, with the file or project that `argv` may name."""
    if sys.platform == "win32":  # torch's libraries do not load any more once Qt's have been
        import torch  # noqa: F401
    try:
        from studio.gui import app
    except ImportError as error:
        if "PySide6" not in str(error) and "lib" not in str(error):
            raise
        sys.stderr.write(
            f"The window cannot open, because a library is missing: {error}.\n"
            "Everything works without it: python -m studio --help shows the commands.\n"
        )
        return 1
    return app.main(argv)


if __name__ == "__main__":
    raise SystemExit(main())
