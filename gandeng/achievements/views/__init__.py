"""Screens: records, consents, the yearbook."""
