"""Scanning of files by ClamAV itself, and a scanner that is away, slow or too small (rule 24)."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from pytest_django import Settings

from hubportal.documents.domain import scanning
from hubportal.documents.domain.scanning import (
    Scan,
    ScannerAway,
    TooLargeForScanner,
    answers,
    is_withheld,
    scan,
    scanned,
    version,
)
from hubportal.documents.domain.uploads import check_pdf
from hubportal.documents.enums import ScanState
from tests.factories.documents import letter_pdf
from tests.scanner import VIRUS, VIRUS_NAME, infected_pdf, running_clamd

CLEAN, INFECTED, UNCHECKED = ScanState.CLEAN, ScanState.INFECTED, ScanState.UNCHECKED


@contextmanager
def scanner_that(answer: Callable[[socket.socket], None], settings: Settings) -> Iterator[list[str]]:
    """Set up a scanner of TCP that does this with each connection; gives the connections that were made."""
    came: list[str] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            while True:
                try:
                    link, _address = server.accept()
                except OSError:
                    return
                with link:
                    came.append("connected")
                    answer(link)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        settings.CLAMAV = f"127.0.0.1:{server.getsockname()[1]}"
        yield came
        server.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)


@pytest.mark.usefixtures("clamav")
def test_clamav_finds_what_it_knows_and_lets_the_rest_through() -> None:
    assert scan(letter_pdf()) == Scan(CLEAN)
    assert scan(b"") == Scan(CLEAN)
    assert scan(infected_pdf()) == Scan(INFECTED, VIRUS_NAME)
    # In pieces as it is sent: across the border of two of them too.
    assert scan(bytes(64 * 1024 - 10) + VIRUS + bytes(900_000)) == Scan(INFECTED, VIRUS_NAME)
    assert answers()
    assert version().startswith("ClamAV 1.")


@pytest.mark.usefixtures("clamav")
def test_a_file_of_the_largest_size_is_scanned_to_its_end(settings: Settings) -> None:
    data = bytes(settings.UPLOAD_LIMIT_BYTES - len(VIRUS)) + VIRUS
    assert scan(data) == Scan(INFECTED, VIRUS_NAME)


def test_what_is_infected_is_a_sound_pdf_for_the_rest() -> None:
    from io import BytesIO

    check_pdf(BytesIO(infected_pdf()))


def test_a_scanner_that_takes_less_than_the_portal_is_named(settings: Settings) -> None:
    with running_clamd(most=1) as settings.CLAMAV:
        with pytest.raises(TooLargeForScanner):
            scan(bytes(9 * 1024 * 1024))
        assert scanned(bytes(9 * 1024 * 1024)) == Scan(UNCHECKED)


def test_without_a_scanner_nothing_is_asked_and_nothing_withheld(settings: Settings) -> None:
    settings.CLAMAV = ""
    assert scanned(infected_pdf()) == Scan(UNCHECKED)
    assert [is_withheld(each) for each in (UNCHECKED, CLEAN, INFECTED)] == [False, False, True]


def test_with_a_scanner_what_was_not_scanned_is_withheld(settings: Settings) -> None:
    settings.CLAMAV = "127.0.0.1:1"
    assert [is_withheld(each) for each in (UNCHECKED, CLEAN, INFECTED)] == [True, False, True]


@pytest.mark.parametrize("address", ["127.0.0.1:1", "[::1]:1", "/nergens/clamd.sock"])
def test_a_scanner_that_is_away_leaves_a_file_unchecked(settings: Settings, address: str) -> None:
    settings.CLAMAV = address
    with pytest.raises(ScannerAway):
        scan(b"x")
    assert scanned(b"x") == Scan(UNCHECKED)
    assert not answers()


def test_a_scanner_that_never_answers_ends_in_time_and_is_left_alone_by_the_next_upload(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "MAX_SECONDS", 0.2)
    hangs = threading.Event()
    with scanner_that(lambda _link: hangs.wait(5) and None, settings) as came:
        try:
            assert scanned(b"x") == Scan(UNCHECKED)
            assert scanned(b"x") == Scan(UNCHECKED)
            assert came == ["connected"]
        finally:
            hangs.set()


@pytest.mark.parametrize(
    "said", [b"", b"stream: OK", b"stream: Out of memory ERROR\0", b"UNKNOWN COMMAND\0", b"OK" * 5000]
)
def test_only_a_whole_answer_that_says_so_makes_a_file_clean(settings: Settings, said: bytes) -> None:
    def answer(link: socket.socket) -> None:
        while not link.recv(4096).endswith(bytes(4)):
            pass
        link.sendall(said)

    with scanner_that(answer, settings), pytest.raises(ScannerAway):
        scan(b"x")


def test_the_scanner_is_not_reached_where_it_is_a_file(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "clamd.sock").write_text("")
    settings.CLAMAV = str(tmp_path / "clamd.sock")
    assert not answers()
