"""Three provinces through stages of two years, with life between any two steps, and what plain Python says of it."""
