"""Errors that a person can mend."""


class UserError(Exception):
    """Bad usage or bad input: one clear line that says what to do. The command line prints it and exits with 2."""
