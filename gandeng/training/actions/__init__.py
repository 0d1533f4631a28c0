"""One act each, with its right and its line in the log."""
