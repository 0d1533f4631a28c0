"""Families and their members: intake of lists, changes with two people, the story of a family."""
