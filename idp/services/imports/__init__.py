"""One way for every kind of file of rows: handed in, read by a worker, shown as a dry run, let in on a click.

A new kind of file is one class (`kind.ImportKind`) in one module of `kinds`; nothing else changes.
"""
