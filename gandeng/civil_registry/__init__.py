"""What the civil registry answers about the NIKs of the people in our registry. See README.md."""
