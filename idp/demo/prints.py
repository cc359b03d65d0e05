"""The printed forms of the demonstration."""
