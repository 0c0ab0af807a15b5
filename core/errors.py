"""Refusals that a person can act on."""


class DomainError(Exception):
    """A rule said no. `message` tells the person what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
