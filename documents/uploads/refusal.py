from core.errors import DomainError


class UploadRefused(DomainError):
    """A file is not taken."""
