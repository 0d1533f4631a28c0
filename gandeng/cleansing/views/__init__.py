"""What wants putting right, one record, what was found right, and the list that can be taken away."""
