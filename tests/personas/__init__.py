"""Persona and question files: what is taken, and how a faulty one is refused."""
