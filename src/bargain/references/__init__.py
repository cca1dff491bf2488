"""The literature behind methods, and which of it a result used."""
