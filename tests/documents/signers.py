"""Keys and certificates of invented people, made anew by each run of the tests."""

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASSPHRASE = "kata-sandi-rahasia-9182"
NIK = "3376010101800001"
PEM = serialization.Encoding.PEM


class Person:
    """A key with its certificate."""

    def __init__(self, key, certificate, issuer=None):
        self.key = key
        self.certificate = certificate
        self.issuer = issuer

    def p12(self, passphrase=PASSPHRASE):
        chain = [self.issuer.certificate] if self.issuer else []
        return pkcs12.serialize_key_and_certificates(
            b"kunci",
            self.key,
            self.certificate,
            chain,
            serialization.BestAvailableEncryption(passphrase.encode()),
        )

    def pem(self):
        return self.certificate.public_bytes(PEM)


def _name(common_name):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Balai Uji"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(**allowed):
    names = (
        *("digital_signature", "content_commitment", "key_encipherment"),
        *("data_encipherment", "key_agreement", "key_cert_sign", "crl_sign"),
        *("encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: allowed.get(name, False) for name in names})


def _certificate(common_name, key, issuer, days, extensions):
    now = datetime.now(UTC)
    begin, end = days
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common_name))
        .issuer_name(issuer.certificate.subject if issuer else _name(common_name))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begin))
        .not_valid_after(now + timedelta(days=end))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    return builder.sign(issuer.key if issuer else key, hashes.SHA256())


def authority():
    return authority_called("CA Uji")


@cache
def authority_called(common_name):
    key = ec.generate_private_key(ec.SECP256R1())
    extensions = [
        x509.BasicConstraints(ca=True, path_length=None),
        _usage(key_cert_sign=True, crl_sign=True),
    ]
    return Person(key, _certificate(common_name, key, None, (-1000, 1000), extensions))


@cache
def signer(common_name="H. Fulan, S.H.", *, by="CA Uji", days=(-500, 500)):
    issuer = authority_called(by)
    key = ec.generate_private_key(ec.SECP256R1())
    usage = _usage(digital_signature=True, content_commitment=True)
    return Person(key, _certificate(common_name, key, issuer, days, [usage]), issuer)


@cache
def time_keeper():
    issuer = authority()
    key = rsa.generate_private_key(65537, 2048)  # its double signs with RSA only
    extensions = [
        _usage(digital_signature=True),
        x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]),
    ]
    certificate = _certificate("Penanda waktu", key, issuer, (-500, 500), extensions)
    return Person(key, certificate, issuer)
