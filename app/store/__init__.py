"""Tables and the only queries on them; SQLite by default, PostgreSQL by URL."""
