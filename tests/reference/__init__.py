"""Slow readable twins of fast code: nested loops over what the definition says."""
