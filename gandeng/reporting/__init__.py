"""Indicators with one definition each, and the page of whoever heads an office."""
