"""Runs on files: files in, a calculation, a folder out that appears whole."""
