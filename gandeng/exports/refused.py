"""Why an export is not done."""


class Refused(Exception):
    """The message, in the language of the page, says why and what to do."""
