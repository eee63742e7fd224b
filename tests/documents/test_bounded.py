"""Files of strangers cost no more than they may, whatever is in them (rule 24)."""

import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hubportal.documents.domain import bounded
from hubportal.documents.domain.bounded import TooBusy, TooCostly, inspected
from hubportal.documents.domain.inspection import CostlyFile, unpacked_streams
from hubportal.documents.domain.uploads import RefusedFile, check_pdf
from hubportal.documents.domain.verification import Finding, verify_file
from hubportal.documents.enums import VerificationResult
from tests.factories.documents import letter_pdf

MIB = 1024 * 1024
# Deflate blocks that hold nothing: ten bits each, with the fixed Huffman code.
EMPTY_BLOCKS = bytes.fromhex("0208208000") * 200
BEGINNING = b"stream\n\x78\x9c"
# As the content of an outer stream, without being packed.
STORED_BEGINNING = (
    b"\0" + len(BEGINNING).to_bytes(2, "little") + (65535 - len(BEGINNING)).to_bytes(2, "little") + BEGINNING
)


def endless_starts(size: int) -> bytes:
    """Return streams that each begin in the one before, and hold next to nothing: read from each, the cost is the square."""
    return b"%PDF-1.7\n" + BEGINNING + (EMPTY_BLOCKS + STORED_BEGINNING) * (size // 1000)


def packed_twice(size: int) -> bytes:
    """Return a small PDF whose objects are packed twice, and take ``size`` bytes."""
    once = zlib.compress(bytes(size), 9)
    twice = zlib.compress(once, 9)
    head = (
        b"%%PDF-1.7\n1 0 obj\n<</Type/ObjStm/N 1/First 9/Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n"
    )
    body = head % len(twice) + twice + b"\nendstream\nendobj\n"
    place = len(body)
    rows = b"".join(
        bytes([kind]) + first.to_bytes(4, "big") + bytes([second])
        for kind, first, second in ((0, 0, 0), (1, 9, 0), (2, 1, 0), (1, place, 0))
    )
    packed = zlib.compress(rows)
    last = b"3 0 obj\n<</Type/XRef/W[1 4 1]/Size 4/Root 2 0 R/Filter/FlateDecode/Length %d>>stream\n" % len(
        packed
    )
    return body + last + packed + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % place


@pytest.fixture
def taken() -> Iterator[None]:
    """Take all slots, as other inspections do."""
    with ExitStack() as held:
        for number in (0, 1):
            slot = bounded._free_slot([number])
            assert slot is not None
            held.enter_context(slot)
        yield


@pytest.fixture(autouse=True)
def slots_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    """Share no slots with tests that run at the same time."""
    monkeypatch.setattr(bounded, "_folder", lambda: tmp_path)


def test_packed_bytes_are_read_a_bounded_number_of_times() -> None:
    with pytest.raises(CostlyFile):
        deque(unpacked_streams(endless_starts(400_000)), maxlen=0)


def test_an_ordinary_letter_is_read_whole() -> None:
    assert sum(map(len, unpacked_streams(letter_pdf()))) > len(letter_pdf())


@pytest.mark.django_db
def test_what_costs_much_to_search_is_unknown() -> None:
    assert verify_file(endless_starts(2 * MIB)) == Finding(VerificationResult.UNKNOWN)


def test_a_small_file_that_takes_much_memory_is_refused() -> None:
    data = packed_twice(600 * MIB)
    assert len(data) < 10_000
    with pytest.raises(RefusedFile):
        check_pdf(BytesIO(data))


@pytest.mark.parametrize("many", [b"[" + b"<</A 1>>" * 3_000 + b"]", b"[" + b"[]" * 6_000 + b"]"])
def test_a_file_of_countless_values_is_refused(many: bytes) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for _each in range(100):
            pdf.make_indirect(pikepdf.Object.parse(many))
        pdf.Root.Extra = pikepdf.Array(list(pdf.objects)[-100:])
        saved = BytesIO()
        pdf.save(saved, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pytest.raises(RefusedFile):
        check_pdf(saved)


def test_who_has_no_account_leaves_a_slot_to_those_who_have() -> None:
    slot = bounded._free_slot(bounded.SLOTS["codes"])
    assert slot is not None
    with slot:
        assert bounded._free_slot(bounded.SLOTS["codes"]) is None
        check_pdf(BytesIO(letter_pdf()))


def test_the_process_ends_that_takes_more_memory_than_it_may(monkeypatch, tmp_path) -> None:
    program = tmp_path / "program.py"
    source = bounded._PROGRAM
    program.write_text(
        f"import runpy\nrunpy.run_path({source!r})\n"
        f"import resource\nresource.setrlimit(resource.RLIMIT_AS, ({bounded._BOUNDS['RLIMIT_AS']},) * 2)\n"
        f"x = bytes({bounded._BOUNDS['RLIMIT_AS']})\n"
    )
    monkeypatch.setattr(bounded, "_PROGRAM", str(program))
    with pytest.raises(TooCostly):
        inspected("attachment", b"%PDF-", max_unpacked=1)


def test_the_log_says_how_a_process_ended_and_nothing_of_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    program = tmp_path / "broken.py"
    program.write_text("import sys\nraise LookupError(sys.stdin.read())\n", encoding="utf-8")
    monkeypatch.setattr(bounded, "_PROGRAM", str(program))
    with pytest.raises(TooCostly):
        inspected("codes", b"Wat iemand schreef")
    assert caplog.messages == ["broken codes ended with 1: LookupError"]


def test_the_process_ends_that_takes_more_time_than_it_may(monkeypatch, tmp_path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(bounded, "_PROGRAM", str(program))
    monkeypatch.setattr(bounded, "MAX_SECONDS", 0.5)
    with pytest.raises(TooCostly):
        inspected("attachment", b"%PDF-", max_unpacked=1)


def test_who_comes_while_all_slots_are_taken_is_asked_to_try_again(taken, monkeypatch) -> None:
    monkeypatch.setattr(bounded, "MAX_WAIT_SECONDS", 0.3)
    with pytest.raises(TooBusy):
        check_pdf(BytesIO(letter_pdf()))


def test_a_slot_that_becomes_free_is_taken() -> None:
    slots = [bounded._free_slot([0, 1]) for _each in range(2)]
    assert bounded._free_slot([0, 1]) is None
    for slot in slots:
        assert slot is not None
        slot.close()
    check_pdf(BytesIO(letter_pdf()))


@pytest.mark.django_db
def test_the_page_says_busy_and_other_pages_answer(client: Client, taken, monkeypatch) -> None:
    monkeypatch.setattr(bounded, "MAX_WAIT_SECONDS", 0.3)
    file = SimpleUploadedFile("brief.pdf", letter_pdf(), content_type="application/pdf")
    answer = client.post("/verificatie/", {"file": file})
    assert answer.status_code == 503
    assert "Probeer het over een minuut opnieuw" in answer.content.decode()
    assert client.get("/verificatie/").status_code == 200


def test_no_folder_of_somebody_else_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr("os.getuid", lambda: 4711)
    with pytest.raises(PermissionError):
        bounded._folder()
