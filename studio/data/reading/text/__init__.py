"""Bytes as text: which encoding, and prose read as rows.

In: bytes of a file. Out: its encoding with a confidence, decoded lines, passages.
"""
