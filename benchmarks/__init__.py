"""Speed, measured as ratios to a yardstick of the same run: `python -m benchmarks`."""
