"""Which models there are, whether they fit and are safe, and loading them.

In: a name or folder. Out: a loaded Model. Only device, load, head and adapters import torch.
"""
