"""The read side: frozen dataclasses out of a constant number of statements."""
