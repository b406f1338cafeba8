"""Files in which some lines are UTF-8 and others are in an older encoding, as when two exports were put together.

In: an encoding of one byte a letter. Out: the name of a codec that reads UTF-8, and every byte that is none in that
encoding. Importing this makes the names known to Python's codecs.
"""

from __future__ import annotations

import codecs
from functools import partial

_PREFIX = "utf8_or_"


def mixed_with(name: str) -> str:
    """The codec for UTF-8 mixed with the encoding `name`."""
    return _PREFIX + name


def other_of(name: str) -> str:
    """The encoding that a codec from `mixed_with` falls back to; "" for any other codec."""
    return name.removeprefix(_PREFIX) if name.startswith(_PREFIX) else ""


def _other(name: str, error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode(name, "surrogateescape"), error.end


class _Decoder(codecs.BufferedIncrementalDecoder):
    """Decodes in pieces. What does not fit is never left to the caller's `errors`."""

    def __init__(self, handler: str) -> None:
        super().__init__()
        self._handler = handler

    def _buffer_decode(self, input: bytes, errors: str, final: bool) -> tuple[str, int]:  # type: ignore[override]
        return codecs.utf_8_decode(input, self._handler, final)


def _find(wanted: str) -> codecs.CodecInfo | None:
    name = other_of(wanted)
    if not name:
        return None
    handler = f"studio.{wanted}"
    codecs.register_error(handler, partial(_other, codecs.lookup(name).name))
    return codecs.CodecInfo(
        name=wanted,
        encode=codecs.utf_8_encode,
        decode=lambda data, errors="strict": codecs.utf_8_decode(data, handler, True),
        incrementalencoder=codecs.getincrementalencoder("utf-8"),
        incrementaldecoder=lambda errors="strict": _Decoder(handler),
        streamreader=codecs.getreader("utf-8"),
        streamwriter=codecs.getwriter("utf-8"),
    )


codecs.register(_find)
