"""What a file is, and what is in it: archives and compression, within bounds.

In: a file. Out: the Given bytes and their Kind, or a Problem for what cannot be read.
"""
