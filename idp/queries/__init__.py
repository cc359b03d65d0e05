"""The read side: frozen dataclasses made with a constant number of statements."""
