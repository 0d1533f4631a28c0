"""From where on something is a sign. All are proposals of this product, none is a rule of the programme.

They follow the threats M1, D5 and D6 and the patterns of fraud of docs/threats.md: copied evidence, invented visits, a
wrong clock, families nobody met. No source gives a number for any of them; each is chosen so that who works hard stays
below.
"""

PERIOD_DAYS = 366
"""How far back records are looked at."""

TRAVEL_KMH, TRAVEL_METRES = 100, 2_000
"""Faster than anybody rides between villages, over more than a place is wide."""

BURST_FAMILIES, BURST_MINUTES = 10, 10
"""A minute for a whole visit: nobody can have been in all of them."""

PLACE_FAMILIES = 30
"""At the grain phones keep: four decimals of a degree, about eleven metres."""
PLACE_VILLAGES, PLACE_VILLAGES_FAMILIES = 2, 3
"""One point for homes of several villages; three, for two may stand at a border."""

LOOK_BITS = 4
"""Pictures whose perceptual hashes differ by no more are alike."""
FLAT_BITS = 8
"""A hash with fewer ones, or fewer noughts, is of a picture without contours: alike says nothing there."""

CLOCK_SECONDS = 3_600
"""An hour: more than a wrong time zone's neighbour drifts between two deliveries."""

UNMET_DAYS = 365
"""A family is listed when there was no proof of life in a year."""
UNSEEN_SHARE, UNSEEN_LEAST, UNSEEN_SCORE = 100, 20, 75
"""Listed are one in a hundred paid families of a district, twenty at least, from this score on: people look at them."""

POINTS = {"UNMET": 40, "NEVER": 20, "ALWAYS_PAID": 15, "SILENT": 10, "UNCHANGED": 10, "MOVED": 5}
"""What each reason adds to the score of a family nobody met; their sum is 100."""
