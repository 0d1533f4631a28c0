"""Post-distribution monitoring: families drawn by chance are asked whether the money is in their hands."""
