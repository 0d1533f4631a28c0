"""Signs that records may not be what they say: each a sentence with its rows, looked at and answered by people."""
