"""Read the catalogue of development actions: the library's, and what an organisation made of it."""
