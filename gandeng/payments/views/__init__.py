"""Pages of cycles, lists, payments, instructions and the journal; one module per screen."""
