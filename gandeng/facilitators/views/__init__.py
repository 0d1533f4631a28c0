"""Pages about staff and their families."""
