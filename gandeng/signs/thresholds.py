"""From where on something is a sign. All are proposals of this product, none is a rule of the programme.

They follow the threats and fraud patterns of the office's reliability plan (M1, D5, D6 and 3.3): a perceptual hash
distance of at most 4, one place for 30 homes, 250 verifications in 10 minutes, clock jumps, a score for families nobody
met. Where that plan names a pattern and no number, the number is ours, chosen so that who works hard stays below.
"""

PERIOD_DAYS = 366
"""How far back records are looked at."""

TRAVEL_KMH, TRAVEL_METRES = 100, 2_000
"""Faster than anybody rides between villages, over more than a place is wide. Ours."""

BURST_FAMILIES, BURST_MINUTES = 10, 10
"""A minute for a whole visit. The plan names 250 in 10 minutes; ours is where no person could have been."""

PLACE_FAMILIES = 30
"""As the plan says, at the grain phones keep: four decimals of a degree, about eleven metres."""
PLACE_VILLAGES, PLACE_VILLAGES_FAMILIES = 2, 3
"""One point for homes of several villages; three, for two may stand at a border. Ours."""

LOOK_BITS = 4
"""As the plan says: pictures whose perceptual hashes differ by no more are alike."""
FLAT_BITS = 8
"""A hash with fewer ones, or fewer noughts, is of a picture without contours: alike says nothing there. Ours."""

CLOCK_SECONDS = 3_600
"""An hour: more than a wrong time zone's neighbour drifts between two deliveries. Ours."""

UNMET_DAYS = 365
"""The plan wants two proofs of life a year; a family is listed when there was none. Ours, the milder one."""
UNSEEN_SHARE, UNSEEN_LEAST, UNSEEN_SCORE = 100, 20, 75
"""Listed are one in a hundred paid families of a district, twenty at least, from this score on: people look at them."""

POINTS = {"UNMET": 40, "NEVER": 20, "ALWAYS_PAID": 15, "SILENT": 10, "UNCHANGED": 10, "MOVED": 5}
"""What each reason adds to the score of a family nobody met; their sum is 100. Ours."""
