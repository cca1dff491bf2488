"""Why it pays: payoff terms and the multi-affine model that they add up to."""
