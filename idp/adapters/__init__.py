"""Everything that touches the world outside the database: mail, queue, PDF, storage, the clock."""
