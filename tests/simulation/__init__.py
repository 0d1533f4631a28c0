"""A cycle driven at random and cut short at random, held against plain Python that shares no code with the product."""
