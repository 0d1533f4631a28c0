"""Lists of pairs, one pair, and the list that can be taken away."""
