"""The answer to a scenario's question in one place: tables, pictures."""
