"""Gandeng runs a conditional cash-transfer programme in the field; the map of the packages is in README.md."""

__version__ = "0.1.0"
