"""A checkpoint and a prompt to pieces of text, or a text to label probabilities.

In: a Model and a prompt. Out: Pieces as they are made.
"""
