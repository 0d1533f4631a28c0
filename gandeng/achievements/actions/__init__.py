"""What people do: record, agree, submit, confirm, withdraw, make a yearbook."""
