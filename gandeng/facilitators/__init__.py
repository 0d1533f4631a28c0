"""Facilitators and coordinators: posts, caseload and its balancing, equipment."""
