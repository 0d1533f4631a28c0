"""Who did what, why and on whose authority; identifiers sealed; guards of the database."""
