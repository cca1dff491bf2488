"""Pictures: one figure, one file; each draws in the `Axes` it is given and returns it."""
