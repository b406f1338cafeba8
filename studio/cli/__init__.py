"""The flow for a terminal: the same names as in the window, one file a command.

In: arguments. Out: lines on stdout (progress on a terminal, plain lines into a pipe, JSON on request) and an exit code:
0 done, 1 a Problem (told on stderr), 2 wrong usage, 130 stopped by the user.
"""
