"""Pages: drawing, asking, and what came of it."""
