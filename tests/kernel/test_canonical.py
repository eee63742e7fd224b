"""Bytes that are hashed say one content in one way (rule 4)."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubportal.kernel.canonical import canonical_bytes, digest
from hubportal.kernel.clock import AMSTERDAM

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
contents = st.dictionaries(st.text(), plain, max_size=6)


@given(contents)
def test_the_bytes_hold_the_whole_content(content: dict[str, Any]) -> None:
    assert json.loads(canonical_bytes(content)) == content


@given(contents, st.randoms())
def test_the_order_in_which_keys_were_written_changes_nothing(content: dict[str, Any], chance: Any) -> None:
    keys = list(content)
    chance.shuffle(keys)
    assert canonical_bytes({key: content[key] for key in keys}) == canonical_bytes(content)


@given(contents, contents)
def test_different_contents_have_different_bytes(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (canonical_bytes(one) == canonical_bytes(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


def test_the_form_is_fixed_to_the_byte() -> None:
    content = {
        "z": Decimal(50000),
        "a": [date(2024, 5, 14), datetime(2024, 5, 14, 14, 0, tzinfo=AMSTERDAM), None, True, 3],
        "ë": "Łukasz’ “plan”\n",
    }
    expected = (
        '{"a":["2024-05-14","2024-05-14T12:00:00.000000+00:00",null,true,3],'
        '"z":"50000.00","ë":"Łukasz’ “plan”\\n"}'
    ).encode()
    assert canonical_bytes(content) == expected
    assert digest(expected) == hashlib.sha256(expected).hexdigest()


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_moment_has_one_form_whatever_its_zone(moment: datetime) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(hours=-7)))
    assert canonical_bytes({"at": moment}) == canonical_bytes({"at": elsewhere})


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        [1.5],
        {"deep": [{"er": 0.1}]},
        float("nan"),
        {1, 2},
        b"bytes",
        object(),
        Decimal("0.005"),
        Decimal("NaN"),
        datetime.fromisoformat("2024-05-14"),
    ],
)
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical_bytes({"value": value})
