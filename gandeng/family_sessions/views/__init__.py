"""Pages of family sessions."""
