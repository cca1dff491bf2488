"""Scenarios: a dispute as a file, with its players, payoffs, dated settings and evidence."""
