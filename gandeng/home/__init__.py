"""First pages: what waits for whom, sign-in of the try-out, public verification."""
