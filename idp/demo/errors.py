"""What the demonstration answers when it cannot be built."""


class DemonstrationError(Exception):
    """One line for the person at the command line; nothing was left half built."""
