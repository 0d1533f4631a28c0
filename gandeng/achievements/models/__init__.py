"""Achievements, the consent that covers them, and the yearbooks that told of them."""

from gandeng.achievements.models.records import Achievement, Consent, Paper
from gandeng.achievements.models.yearbooks import Edition, EditionFile, Entry

__all__ = ["Achievement", "Consent", "Edition", "EditionFile", "Entry", "Paper"]
