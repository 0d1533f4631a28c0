"""How things are computed: pure functions and SQL steps, no framework."""
