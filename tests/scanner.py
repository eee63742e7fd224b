"""A real ClamAV that knows one virus of ours, on a socket of its own; nothing of the machine's own scanner is touched."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from tests.skipping import NEEDS

CLAMD = shutil.which("clamd", path="/usr/sbin:/usr/local/sbin:/usr/local/bin:/usr/bin:/opt/homebrew/sbin")
LACKS = f"{NEEDS}clamd, the scanner itself (Debian: apt-get install clamav-daemon)"
# Harmless, and what no scanner in the world takes for a virus: this file can stand anywhere.
VIRUS = b"Dit is het namaakvirus van het Hubportaal."
VIRUS_NAME = "Hubportaal.Namaak.UNOFFICIAL"
# It would load what the whole world knows, for a minute, from the internet.
_CONFIGURATION = """
Foreground yes
LocalSocket {folder}/clamd.sock
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
LogFile {folder}/clamd.log
StreamMaxLength {most}M
ConcurrentDatabaseReload no
ExitOnOOM yes
"""
_STARTS_WITHIN_SECONDS = 60


@contextmanager
def running_clamd(*, most: int = 25) -> Iterator[str]:
    """Run clamd, which takes files of ``most`` MB, and give the path of its socket."""
    if CLAMD is None:
        pytest.skip(LACKS)
    # The path of a socket is short.
    folder = Path(tempfile.mkdtemp(prefix="hubportal-clamd-"))
    (folder / "signatures").mkdir()
    signature = f"{VIRUS_NAME.removesuffix('.UNOFFICIAL')}:0:*:{VIRUS.hex()}\n"
    (folder / "signatures" / "own.ndb").write_text(signature)
    (folder / "clamd.conf").write_text(_CONFIGURATION.format(folder=folder, most=most))
    process = subprocess.Popen(
        [CLAMD, "--config-file", str(folder / "clamd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        ends = time.monotonic() + _STARTS_WITHIN_SECONDS
        while not _takes_connections(folder / "clamd.sock"):
            assert process.poll() is None, (folder / "clamd.log").read_text()
            assert time.monotonic() < ends, "clamd did not start"
            time.sleep(0.02)
        yield str(folder / "clamd.sock")
    finally:
        process.terminate()
        process.wait(timeout=30)
        shutil.rmtree(folder)


def _takes_connections(path: Path) -> bool:
    """Tell whether the scanner listens: its socket is there a moment before, and refuses until then."""
    with socket.socket(socket.AF_UNIX) as link:
        return link.connect_ex(str(path)) == 0


@pytest.fixture(scope="session")
def own_clamd() -> Iterator[str]:
    """The path of the socket of a scanner that runs, once for all tests of a process."""
    with running_clamd() as address:
        yield address


@pytest.fixture
def clamav(own_clamd: str, settings: pytest.FixtureRequest) -> str:
    """Set the portal up with a scanner."""
    settings.CLAMAV = own_clamd  # type: ignore[attr-defined]
    return own_clamd


def infected_pdf() -> bytes:
    """Return a sound PDF with the virus in it."""
    saved = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"% " + VIRUS + b"\n")
        pdf.save(saved, compress_streams=False)
    return saved.getvalue()
