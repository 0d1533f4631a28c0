"""The command line: `gandeng <what an office does>`, one module per command."""
