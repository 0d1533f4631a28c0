"""Complaints and questions: taken in, answered by whoever is nearest, escalated when their time is over."""
