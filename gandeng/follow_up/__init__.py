"""What facilitators find out about money that did not reach a family, and what follows from it."""
