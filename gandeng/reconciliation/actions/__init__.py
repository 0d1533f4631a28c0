"""Writes: one file per thing a person does."""
