"""Lists that leave the office: few rows by one person, many only by two."""
