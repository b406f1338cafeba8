"""One file of any kind to rows of text: what it is, how it is read, and what cannot be.

In: a file or a folder as people have it, and what they know better about it. Out: a Source: column names, every row
as text, and the rows set aside with their reasons.
"""
