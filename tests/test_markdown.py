from __future__ import annotations

import pytest

from studio.markdown import escaped


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Delivery is late.", "Delivery is late."),
        ("a\n\n# Forged heading", "a # Forged heading"),
        ("# Forged heading", "\\# Forged heading"),
        ("- a point", "\\- a point"),
        ("![x](http://a.example/p.png)", "!\\[x\\](http://a.example/p.png)"),
        ("<img src=x>", "&lt;img src=x&gt;"),
        ("&lt;b&gt;", "&amp;lt;b&amp;gt;"),
        ("a|b", "a\\|b"),
        ("*so* _so_ `so` ~so~ \\", "\\*so\\* \\_so\\_ \\`so\\` \\~so\\~ \\\\"),
        ("\u202egnirts\x1b[31m\x00", "gnirts \\[31m"),
        ("می\u200cخواهم 👩\u200d⚕️", "می\u200cخواهم 👩\u200d⚕️"),
        ("", ""),
    ],
)
def test_foreign_words_are_read_and_not_obeyed(given: str, shown: str) -> None:
    assert escaped(given) == shown
