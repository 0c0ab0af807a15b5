"""Keys of nobody, with which the demonstration signs: specimens, trusted by none.

Their passphrase is that of the demonstration's accounts.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from accounts.models import Government

NAME = "SPESIMEN, bukan tanda tangan resmi"
_VALID = timedelta(days=3650)


def make_specimens() -> None:
    """Give each government a key file that has none, where keys are looked for."""
    if not settings.SIGNING_KEYS_DIR:
        return
    for government in Government.objects.order_by("pk"):
        folder = Path(settings.SIGNING_KEYS_DIR) / government.code
        file = folder / "spesimen.p12"
        if not file.exists():
            folder.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_bytes(_key_file(government))


def _key_file(government: Government) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, government.name[:64]),
            x509.NameAttribute(NameOID.COMMON_NAME, NAME),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .sign(key, hashes.SHA256())
    )
    secret = settings.DEMO_PASSWORD.encode()
    return pkcs12.serialize_key_and_certificates(
        b"spesimen",
        key,
        certificate,
        None,
        serialization.BestAvailableEncryption(secret),
    )
