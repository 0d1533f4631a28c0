"""Synthetic families, and the answers of banks and post to a payment list. No real person's data, ever."""
