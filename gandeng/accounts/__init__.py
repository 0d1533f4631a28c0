"""People who log in, their roles with territory and dates, and what each role may do."""
