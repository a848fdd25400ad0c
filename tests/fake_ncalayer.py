"""NCALayer as far as the page speaks to it: greets, signs with the keys of the tests, over TLS."""

import base64
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from websockets.sync.server import ServerConnection, serve

from signing_makers import house, signed

PORT = 13579


def sign(asked: dict[str, Any]) -> dict[str, Any]:
    """A GOST signature over the data, PEM, as the module kz.gov.pki.knca.basics answers."""
    cast = house()
    content = base64.b64decode(asked["args"]["data"], validate=True)
    made = signed(content, cast.person, cast.centre, at=datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=1))
    return {"status": True, "body": {"result": [pem.armor("CMS", made).decode()]}}


@contextmanager
def running(folder: Path, answer: Callable[[dict[str, Any]], dict[str, Any]] = sign) -> Iterator[list[dict[str, Any]]]:
    """Listens where NCALayer does; gives the requests that came. Raises OSError where the place is taken."""
    asked: list[dict[str, Any]] = []

    def talk(connection: ServerConnection) -> None:
        connection.send(json.dumps({"result": {"version": "1.4"}}))
        for message in connection:
            asked.append(json.loads(message))
            connection.send(json.dumps(answer(asked[-1])))

    with serve(talk, "127.0.0.1", PORT, ssl=_context(folder), max_size=100_000_000) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield asked
        finally:
            server.shutdown()
            thread.join(5)


def _context(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(9))
    own = builder.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False).sign(key, hashes.SHA256())
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "tls.pem").write_bytes(secret + own.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "tls.pem")
    return context
