"""What is not known: marginal distributions, the space they span, and designs that draw from it."""
