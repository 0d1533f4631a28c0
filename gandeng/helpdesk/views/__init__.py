"""The desk, and the pages that are open to everybody."""
