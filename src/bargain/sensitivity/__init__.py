"""What would have to change: how the outcome depends on single parameters and on several at once."""
