"""Provinces to villages by home-affairs code, their successors, BPS codes and time zones."""
