"""Filters about people and what they act on."""
