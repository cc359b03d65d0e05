"""`idp serve`: the web, the background worker, the beat and a private Redis as one process tree."""
