"""Courses, events and what happens at them."""
