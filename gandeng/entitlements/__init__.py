"""What each family is due in a cycle: frozen inputs, amounts, and why."""
