"""The whole product: from a file with rows to a model that can be tried, judged and taken away.

In: a CSV. Out: a fine-tuned model and the proof of what it does. See ARCHITECTURE.md.
"""
