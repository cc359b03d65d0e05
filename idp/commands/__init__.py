"""The commands of `idp`, one module a feature."""
