"""Sections of a report on scenarios that are no payoff tables, one file each."""
