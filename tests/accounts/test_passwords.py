"""Passwords that are guessed first are refused."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError


@pytest.mark.parametrize(
    "typed", ["wachtwoord1234", "Hubportaal2026!", "aaaaaaaaaaaa", "abcabcabcabcd", "Welkom-2026-!!"]
)
def test_a_password_that_is_guessed_first_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        validate_password(typed)
    assert (
        "Dit wachtwoord is makkelijk te raden. Kies een paar woorden die niet bij elkaar horen."
        in refusal.value.messages
    )


@pytest.mark.parametrize(
    "typed", ["fiets kaas wolk trein", "een lang wachtwoord voor de proef", "Xq7!vb29Lm#p"]
)
def test_words_that_do_not_belong_together_are_taken(typed: str) -> None:
    validate_password(typed)
