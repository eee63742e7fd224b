"""Verification codes."""

import pytest

from hubportal.documents.domain.codes import ALPHABET, PRINTED, new_verification_code, read_code


def test_codes_are_printed_in_groups_and_differ() -> None:
    codes = {new_verification_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(PRINTED.fullmatch(code) for code in codes)


def test_no_sign_of_a_code_can_be_mistaken() -> None:
    assert not set(ALPHABET) & set("01AEIOULY")


@pytest.mark.parametrize(
    "typed",
    ["HP-7K2M-9QXT-4VNB", " hp-7k2m-9qxt-4vnb ", "HP7K2M9QXT4VNB", "7K2M 9QXT 4VNB", "HP 7K2M–9QXT–4VNB."],
)
def test_a_code_is_read_however_it_was_typed(typed: str) -> None:
    assert read_code(typed) == "HP-7K2M-9QXT-4VNB"


@pytest.mark.parametrize(
    "typed", ["", "HP", "HP-7K2M-9QXT", "HP-7K2M-9QXT-4VN0", "x" * 10_000, "' OR 1=1 --", "\x00"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
