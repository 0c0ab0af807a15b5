"""Which providers this portal offers, by its settings."""

from dataclasses import dataclass

from django.conf import settings

from documents.signing.keyfile import KeyFileProvider
from documents.signing.provider import SigningProvider
from documents.signing.service import ServiceProvider


@dataclass(frozen=True)
class Offer:
    """One way to sign, as a choice of the form; `value` names it there."""

    provider: SigningProvider
    key: str
    label: str

    @property
    def value(self) -> str:
        return f"{self.provider.name}:{self.key}"


def offers(government_code: str) -> list[Offer]:
    """Give the ways to sign papers of a government, the certified one first."""
    found: list[Offer] = []
    if settings.SIGNING_SERVICE_URL:
        service = ServiceProvider()
        found.append(Offer(service, "", str(service.label)))
    local = KeyFileProvider()
    found.extend(
        Offer(local, f"{government_code}/{stem}", f"{local.label}: {stem}")
        for stem in local.stems(government_code)
    )
    return found
