"""Nobody overwrites what they did not see, and the same again is saved already (rule 12)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubportal.kernel.versions import NewerVersion, check_version, is_to_be_saved

versions, texts = st.integers(0, 5), st.text(max_size=3)


@given(versions, versions)
def test_only_the_version_that_was_seen_may_be_saved_over(current: int, seen: int) -> None:
    if current == seen:
        check_version(current, seen)
    else:
        with pytest.raises(NewerVersion):
            check_version(current, seen)


@given(texts, versions, versions)
def test_the_same_content_is_saved_already_whatever_was_seen(text: str, current: int, seen: int) -> None:
    assert not is_to_be_saved(typed=text, kept=text, seen=seen, current=current)


@given(versions)
def test_other_content_is_saved_over_the_version_that_was_seen(version: int) -> None:
    assert is_to_be_saved(typed="a", kept="b", seen=version, current=version)
    with pytest.raises(NewerVersion):
        is_to_be_saved(typed="a", kept="b", seen=version, current=version + 1)


def test_an_empty_text_is_content_where_nothing_was_kept_yet() -> None:
    assert is_to_be_saved(typed="", kept=None, seen=0, current=0)
