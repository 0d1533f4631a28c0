"""Tests of what the civil registry answers."""
