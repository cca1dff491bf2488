"""Agreements, and what stands behind them: axioms, offers, threats and coalitions."""
