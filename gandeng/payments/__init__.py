"""Payment cycles: lists, approvals by level, instruction files, the journal of money."""
