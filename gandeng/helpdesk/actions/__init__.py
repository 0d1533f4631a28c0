"""What people do with a case, what the public does, and what the clock does."""
