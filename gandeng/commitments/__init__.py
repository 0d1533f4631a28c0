"""What members of families did at school and clinic in a quarter, verdicts, and decisions on them."""
