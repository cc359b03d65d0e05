"""Benchmarks: `.venv/bin/python -m tests.bench NAME` prints a table and a ratio. Nothing here is a test."""
