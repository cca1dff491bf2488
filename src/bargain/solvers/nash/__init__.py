"""All Nash equilibria by number of players: the parts that `bargain.AllNash` chooses between."""
