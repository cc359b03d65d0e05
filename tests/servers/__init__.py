"""Real servers, started for the tests and thrown away with them."""
