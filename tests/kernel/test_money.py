"""Money is decimal, in euro cents, typed and shown as the language of the reader writes it (rule 6)."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from hubportal.kernel.money import (
    HIGHEST,
    NotAnAmount,
    dutch_amount,
    dutch_euros,
    dutch_hours,
    euros,
    parse_amount,
    plain_amount,
    plain_hours,
)

amounts = st.decimals(min_value=0, max_value=HIGHEST, places=2)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("50.000,00", "50000.00"),
        ("50000.00", "50000.00"),
        ("50000,00", "50000.00"),
        ("50000", "50000.00"),
        ("50.000", "50000.00"),
        ("1.000", "1000.00"),
        ("1.000.000", "1000000.00"),
        ("12,5", "12.50"),
        ("12.5", "12.50"),
        ("12,-", "12.00"),
        ("12,--", "12.00"),
        ("€ 12.500,50", "12500.50"),
        ("€\u00a012.500,50", "12500.50"),
        ("EUR 12.500,50", "12500.50"),
        (" 50 000,00 ", "50000.00"),
        ("0", "0.00"),
        ("0,01", "0.01"),
        ("9999999999,99", "9999999999.99"),
        ("50,000.00", "50000.00"),
        ("€12,500.5", "12500.50"),
        ("1,000,000", "1000000.00"),
    ],
)
def test_an_amount_is_read_in_dutch_in_english_and_in_plain_notation(typed: str, amount: str) -> None:
    read = parse_amount(typed)
    assert (read, str(read)) == (Decimal(amount), amount)


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "€", "1e9", "1E9", "-5", "+5", "5-", "abc", "12,345", "12.3456", "1.00.000", "1.0000",
        "50.000.00", "50,00.00", "1,000,00", "1,0000.00", ",50", ".50", "5,", "5.", "NaN", "Infinity", "0x10", "1_000",
        "10000000000", "9" * 400, "1;DROP", "½", "²",
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(NotAnAmount) as refusal:
        parse_amount(typed)
    assert str(refusal.value)


def test_a_comma_before_three_digits_is_a_thousand_where_one_reads_english_and_a_slip_elsewhere() -> None:
    with translation.override("en"):
        assert parse_amount("12,345") == Decimal("12345.00")
    with pytest.raises(NotAnAmount):
        parse_amount("12,345")


@given(amounts)
def test_every_amount_survives_being_shown_and_typed_again(amount: Decimal) -> None:
    plain = f"{amount:.2f}"
    with translation.override("en"):
        english = [euros(amount), plain_amount(amount)]
    for shown in (dutch_amount(amount), euros(amount), *english, plain, plain.replace(".", ",")):
        # Also on a page in the other language: what stood in a form goes along.
        assert parse_amount(shown) == amount
        with translation.override("en"):
            assert parse_amount(shown) == amount


@given(st.text(max_size=40))
def test_any_text_is_an_amount_of_whole_cents_or_refused(typed: str) -> None:
    try:
        amount = parse_amount(typed)
    except NotAnAmount:
        return
    assert 0 <= amount <= HIGHEST
    assert amount.as_tuple().exponent == -2


def test_amounts_are_shown_with_points_comma_and_a_space_that_does_not_break() -> None:
    assert euros(Decimal("1234567.8")) == "€\u00a01.234.567,80"
    assert (dutch_amount(Decimal(0)), plain_amount(Decimal(0))) == ("0,00", "0,00")


def test_amounts_are_shown_in_the_language_of_the_page_and_in_letters_in_dutch() -> None:
    with translation.override("en"):
        assert euros(Decimal("1234567.8")) == "€1,234,567.80"
        assert plain_amount(Decimal("1234567.8")) == "1,234,567.80"
        assert dutch_euros(Decimal("1234567.8")) == "€\u00a01.234.567,80"


@pytest.mark.parametrize(
    ("hours", "dutch", "english"),
    [("12.50", "12,5", "12.5"), ("1250.00", "1.250", "1,250"), ("100", "100", "100")],
)
def test_hours_are_shown_without_zeros_that_say_nothing(hours: str, dutch: str, english: str) -> None:
    with translation.override("en"):
        assert (dutch_hours(Decimal(hours)), plain_hours(Decimal(hours))) == (dutch, english)
    assert plain_hours(Decimal(hours)) == dutch
