"""Kinds of scenario: one file for each, and a table of all."""
