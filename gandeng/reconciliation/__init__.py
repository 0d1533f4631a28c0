"""Results of banks and post: outcomes, exceptions, sign-off from district to ministry."""
