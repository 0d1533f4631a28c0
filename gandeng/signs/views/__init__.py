"""Lists of signs, one sign, and the list that can be taken away."""
