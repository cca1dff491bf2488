"""What is played: labels, games, profiles. Games know no solver."""
