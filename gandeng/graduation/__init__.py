"""Families that leave the programme: who could, what was prepared, decided, told, and what became of them."""
