"""An organisation's own part of the catalogue of development actions.

The library's actions are shared and nobody edits them; an organisation writes its own, adapts the library's
into copies, and leaves out what it does not want to propose. A published action never changes: editing makes
the next number of the same key, and publishing that retires the one before it, which old plans and
suggestions keep.
"""
