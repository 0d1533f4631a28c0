"""Result areas, what was done, monthly reports and their review."""
