"""Who carries the money: five banks and the post."""

BANKS = ("BRI", "BNI", "MANDIRI", "BTN", "BSI")
POST = "POS"
CHANNELS = (*BANKS, POST)
