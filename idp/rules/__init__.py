"""What the organisation's rules say, in plain Python: no database, no web, no queue."""
