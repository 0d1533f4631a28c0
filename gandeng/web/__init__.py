"""What all screens share: look, components, words for numbers, scopes."""
