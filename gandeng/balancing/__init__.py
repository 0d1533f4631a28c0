"""Caseload balancing: who accompanies which village, for even loads, short ways and few families that change hands."""
