"""Small parts that pages share: cards, buttons, charts, tables.

In: plain values. Out: widgets.
"""
