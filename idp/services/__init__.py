"""One verb per function. A service loads, checks and acts; the commit belongs to the entry point that
called it."""
