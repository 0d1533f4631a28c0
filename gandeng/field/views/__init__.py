"""The door of the app, and the pages of the office."""
