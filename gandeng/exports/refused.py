"""Why an export is not done."""


class Refused(Exception):
    """The message, in Indonesian, says why and what to do."""
