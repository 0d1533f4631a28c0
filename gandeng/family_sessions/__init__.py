"""Family development sessions (P2K2): groups, the year's plan, meetings, who came, who was told afterwards."""
