"""What people do: set targets, write and hand in a report, review it."""
