"""What the law on personal data asks of the office: a register, reports to families, an end to what was kept."""
