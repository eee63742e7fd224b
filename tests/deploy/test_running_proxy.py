"""The proxy of ``deploy/`` at work: what it refuses, limits, compresses and hands on, asked of nginx itself."""

import gzip
import http.client
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import CertificateBuilder, Name, NameAttribute, random_serial_number
from cryptography.x509.oid import NameOID
from django.conf import settings

from hubportal.kernel.clock import AMSTERDAM
from hubportal.kernel.one_time import new_secret
from tests.architecture.sources import ROOT

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/opt/homebrew/bin")
pytestmark = pytest.mark.skipif(NGINX is None, reason="needs nginx (Debian: apt-get install nginx-light)")

DEPLOY = ROOT / "deploy"
MAIN = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{
    default_type application/octet-stream;
    types {{ text/html html; }}
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
SECRET = "BXzo6zjyPIMC8x8HxBBPvFuB3ERFIs1d2qjPPU7ZpxQ"
PAGE = b"<!DOCTYPE html><title>Een pagina</title>" + b"<p>Een lange pagina." * 200


class Answer(NamedTuple):
    """What the proxy answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def heading(self) -> str:
        """Return the first heading of the page."""
        found = re.search(r"<h1>(.*?)</h1>", self.body.decode())
        return found[1] if found else ""


class Proxy(NamedTuple):
    """A running proxy: its ports, for HTTP and HTTPS."""

    plain: int
    secure: int

    def connection(self) -> http.client.HTTPSConnection:
        """Open a connection that believes the certificate, which is nobody's."""
        return http.client.HTTPSConnection(
            "127.0.0.1", self.secure, timeout=10, context=ssl._create_unverified_context()
        )

    def get(self, path: str, **headers: str) -> Answer:
        """Ask a page."""
        connection = self.connection()
        connection.request(
            "GET", path, headers={name.replace("_", "-"): each for name, each in headers.items()}
        )
        return read(connection)


def read(connection: http.client.HTTPConnection) -> Answer:
    response = connection.getresponse()
    answer = Answer(response.status, response.headers, response.read())
    connection.close()
    return answer


class Portal(BaseHTTPRequestHandler):
    """Stands where the web server stands, and keeps what reached it."""

    seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        """Answer with a page."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append(dict(self.headers))
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE)))
        self.end_headers()
        self.wfile.write(PAGE)

    do_POST = do_GET  # noqa: N815 -- the name is the server's

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 -- the name is the server's
        """Say nothing."""


@pytest.fixture
def portal() -> Iterator[int]:
    """Run what stands behind the proxy, and give its port."""
    Portal.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Portal) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def proxy_before(tmp_path: Path) -> Iterator[Callable[[int], Proxy]]:
    """Return a function that runs the proxy before what answers at a port."""
    running: list[subprocess.Popen[bytes]] = []

    def start(port: int) -> Proxy:
        found = Proxy(free_port(), free_port())
        write_configuration(tmp_path, found, port)
        assert NGINX is not None
        running.append(
            subprocess.Popen(
                [NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.PIPE
            )
        )
        wait_for(found.secure, running[-1])
        return found

    yield start
    for each in running:
        each.terminate()
        each.wait(timeout=10)
        assert each.stderr is not None
        each.stderr.close()


def write_configuration(folder: Path, proxy: Proxy, port: int) -> None:
    """Write the configuration of ``deploy/`` with the addresses and folders of this machine."""
    write_certificate(folder / "tls")
    replaced = {
        "listen 8080": f"listen 127.0.0.1:{proxy.plain}",
        "listen 8443": f"listen 127.0.0.1:{proxy.secure}",
        "http://web:8000": f"http://127.0.0.1:{port}",
        "/etc/nginx/tls": str(folder / "tls"),
        "/etc/nginx/portal.conf": str(folder / "portal.conf"),
        "root /etc/nginx/pages": f"root {DEPLOY / 'pages'}",
        "/var/log/nginx": str(folder),
    }
    for name, new in (("nginx.conf", "site.conf"), ("portal.conf", "portal.conf")):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        for before, after in replaced.items():
            text = text.replace(before, after)
        if version() < (1, 25, 1):
            # The same, as older ones spell it.
            text = text.replace("    http2 on;\n", "").replace(
                f"{proxy.secure} ssl;", f"{proxy.secure} ssl http2;"
            )
        (folder / new).write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder), encoding="utf-8")


def version() -> tuple[int, ...]:
    assert NGINX is not None
    said = subprocess.run([NGINX, "-v"], capture_output=True, text=True, check=True).stderr
    found = re.search(r"nginx/([\d.]+)", said)
    assert found is not None
    return tuple(map(int, found[1].split(".")))


def write_certificate(folder: Path) -> None:
    folder.mkdir()
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        Name([NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    )
    now = datetime.now(AMSTERDAM)
    builder = CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    signed = dated.serial_number(random_serial_number()).sign(key, SHA256())
    (folder / "fullchain.pem").write_bytes(signed.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "privkey.pem").write_bytes(private)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the port answers; fail with its words when the process ended."""
    ends = time.monotonic() + 10
    while time.monotonic() < ends:
        if process.poll() is not None:
            assert process.stderr is not None
            pytest.fail(process.stderr.read().decode())
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("nginx did not answer")


@pytest.fixture
def proxy(portal: int, proxy_before: Callable[[int], Proxy]) -> Proxy:
    """Run the proxy before a portal."""
    return proxy_before(portal)


def test_what_is_too_large_is_refused_in_our_words_before_it_is_sent(proxy: Proxy) -> None:
    connection = proxy.connection()
    connection.putrequest("POST", "/aanvragen/")
    connection.putheader("Content-Length", str(settings.UPLOAD_LIMIT_BYTES + 1024**2 + 1))
    connection.endheaders()
    answer = read(connection)
    assert (answer.status, answer.heading) == (413, "Dit bestand is te groot")
    assert answer.headers["Cache-Control"] == "no-store"
    assert Portal.seen == []


def test_who_asks_too_often_is_refused_in_our_words(proxy: Proxy) -> None:
    # Thirty a minute and twenty at once: two seconds would have to pass before another is answered.
    answers = [proxy.get("/verificatie/") for _turn in range(30)]
    statuses = [each.status for each in answers]
    assert statuses[:21] == [200] * 21
    assert 429 in statuses[21:]
    assert {each.heading for each in answers if each.status == 429} == {"Wacht even"}
    assert proxy.get("/").status == 200


def test_what_does_not_answer_is_said_in_our_words(proxy_before: Callable[[int], Proxy]) -> None:
    answer = proxy_before(free_port()).get("/")
    assert (answer.status, answer.heading) == (502, "Het portaal antwoordt niet")


def test_pages_are_compressed_for_who_can_read_that(proxy: Proxy) -> None:
    packed, plain = proxy.get("/", Accept_Encoding="gzip"), proxy.get("/")
    assert (packed.headers["Content-Encoding"], plain.headers["Content-Encoding"]) == ("gzip", None)
    assert (gzip.decompress(packed.body), plain.body) == (PAGE, PAGE)
    assert packed.headers["Vary"] == "Accept-Encoding"


def test_the_portal_sees_what_the_proxy_saw_and_not_what_a_visitor_says(proxy: Proxy) -> None:
    before = time.time()
    proxy.get(
        "/",
        X_Forwarded_For="203.0.113.9",
        X_Forwarded_Proto="http",
        X_Request_Start="t=1.000",
        Host="hub.example",
    )
    (seen,) = Portal.seen
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"], seen["Host"]) == (
        *("127.0.0.1", "https"),
        "hub.example",
    )
    began = float(seen["X-Request-Start"].removeprefix("t="))
    assert before - 0.001 <= began <= time.time()


def test_a_request_began_when_its_headers_were_in_however_late_its_body(proxy: Proxy) -> None:
    """Rule 2."""
    connection = proxy.connection()
    connection.putrequest("POST", "/aanvragen/")
    connection.putheader("Content-Length", "4")
    connection.putheader("Expect", "100-continue")
    connection.endheaders()
    assert connection.sock is not None
    # The proxy asks for the body: by now it has read the headers.
    assert connection.sock.recv(100).startswith(b"HTTP/1.1 100 ")
    asked = time.time()
    while time.time() < asked + 0.05:
        pass
    connection.send(b"a=b&")
    assert read(connection).status == 200
    (seen,) = Portal.seen
    assert float(seen["X-Request-Start"].removeprefix("t=")) <= asked


def test_who_comes_without_encryption_is_sent_to_the_same_page_with_it(proxy: Proxy) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    connection.request("GET", "/regio/utrecht/?q=1", headers={"Host": "hub.example"})
    answer = read(connection)
    assert (answer.status, answer.headers["Location"]) == (301, "https://hub.example/regio/utrecht/?q=1")


@pytest.mark.parametrize(
    ("address", "logged"),
    [
        ("/regios/arnhem/", "/regios/arnhem/"),
        ("/regio-zoeken/?zoek=6811AA", "/regio-zoeken/"),
        ("/?zoek=%2Fbericht%2F", "/"),
        (f"/bericht/bevestigen/{SECRET}/", "/bericht/bevestigen/-"),
        (f"/en/aanvragen/instemmen/{SECRET}/bijlagen/7/?a=b", "/en/aanvragen/instemmen/-"),
        (f"/account/password/reset/key/1a-{SECRET}/", "/account/password/reset/key/-"),
        (f"/account/confirm-email/MQ:1tXyZ0:{SECRET}/", "/account/confirm-email/-"),
    ],
)
def test_the_log_has_no_secret_and_nothing_that_was_searched(
    proxy: Proxy, tmp_path: Path, address: str, logged: str
) -> None:
    """The privacy page: what is typed in a search is used for that search alone; and a link is its reader's (rule 27)."""
    proxy.get(address, Referer=f"https://localhost{address}")
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    connection.request("GET", address)
    read(connection)
    lines = logged_lines(tmp_path / "access.log", 2)
    assert [line.split()[2:5] for line in lines] == [["GET", logged, "HTTP/1.1"]] * 2
    assert not [line for line in lines if SECRET in line or "zoek=" in line]
    assert len(SECRET) == len(new_secret())


def logged_lines(log: Path, number: int) -> list[str]:
    """Return the lines of the log once there are so many: nginx writes one after it has answered."""
    ends = time.monotonic() + 5
    while len(lines := log.read_text(encoding="utf-8").splitlines()) < number and time.monotonic() < ends:
        time.sleep(0.05)
    return lines
