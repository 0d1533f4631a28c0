"""What a person does, and what a phone sends."""
