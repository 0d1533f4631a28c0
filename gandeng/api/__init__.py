"""The interface for machines of banks, post and auditors."""
