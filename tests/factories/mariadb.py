"""A real MariaDB of Debian's, for one test session: its own folder and port, ended at the end."""

import datetime as dt
import ipaddress
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pymysql
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM
NEEDS_MARIADB = "needs Debian's mariadb-server"


@dataclass
class MariaDb:
    """A server that listens on loopback; `root` may do everything there, `lin` what is granted."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def run(self, *statements: str) -> None:
        with pymysql.connect(
            host="127.0.0.1", port=self.port, user="root", charset="utf8mb4", autocommit=True
        ) as connection:
            for statement in statements:
                connection.cursor().execute(statement)

    def url(self, table: str = "", *, account: str = "root", database: str = "hall") -> str:
        named = f"?table={table}" if table else ""
        return f"mysql://{account}@127.0.0.1:{self.port}/{database}{named}"

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Within the block the server is there and does not answer."""
        os.kill(self.process.pid, 19)
        try:
            yield
        finally:
            os.kill(self.process.pid, 18)


@contextmanager
def mariadb_server() -> Iterator[MariaDb]:
    if not shutil.which("mariadbd") or not shutil.which("mariadb-install-db"):
        pytest.skip(NEEDS_MARIADB)
    folder = Path(tempfile.mkdtemp(prefix="yitong-mariadb-", dir="/var/tmp"))
    user = ["--user=root"] if os.geteuid() == 0 else []
    try:
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={folder / 'data'}", "--skip-test-db",
             "--auth-root-authentication-method=normal", *user],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        certificates(folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                ["mariadbd", "--no-defaults", f"--datadir={folder / 'data'}", f"--port={port}",
                 "--bind-address=127.0.0.1", f"--socket={folder / 's'}", "--skip-name-resolve",
                 f"--ssl-ca={folder / 'ca.pem'}", f"--ssl-cert={folder / 'server.pem'}",
                 f"--ssl-key={folder / 'server.key'}",
                 "--innodb-buffer-pool-size=32M", "--innodb-flush-log-at-trx-commit=0", *user],
                stdout=log, stderr=log,
            )  # fmt: skip
        try:
            server = MariaDb(port, folder, process)
            _wait(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def certificates(folder: Path) -> None:
    """An authority of our own, the server's certificate for 127.0.0.1, and another authority that signed nothing."""
    own = _authority(folder / "ca.pem", "Office CA")
    _authority(folder / "other.pem", "Other CA")
    key = ec.generate_private_key(ec.SECP256R1())
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        _described("db", "Office CA", key)
        .add_extension(address, critical=False)
        .sign(own, hashes.SHA256())
    )
    (folder / "server.pem").write_bytes(certificate.public_bytes(PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _authority(path: Path, name: str) -> ec.EllipticCurvePrivateKey:
    key = ec.generate_private_key(ec.SECP256R1())
    described = _described(name, name, key).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    path.write_bytes(described.sign(key, hashes.SHA256()).public_bytes(PEM))
    return key


def _described(
    subject: str, issuer: str, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    def name(words: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])

    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
    )


def _wait(server: MariaDb) -> None:
    for _ in range(300):
        try:
            server.run("select 1")
        except pymysql.OperationalError:
            assert server.process.poll() is None, (server.folder / "log").read_text()
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(server.port)
