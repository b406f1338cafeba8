"""CSV and all its relatives: the dialect decided, each row read or set aside.

In: the bytes of a delimited file. Out: its plan (delimiter, quote, header, titles above) and its rows.
"""
