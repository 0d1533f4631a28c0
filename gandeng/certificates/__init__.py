"""Skills of staff and the certificates that show them."""
