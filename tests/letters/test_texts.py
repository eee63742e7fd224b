"""Kinds are rows, and texts of a call come into force on a day; a letter keeps the version it was composed from."""

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from calls.models import Call
from hubportal.kernel.errors import RuleViolation
from letters.domain.composing import NoText, text_for
from letters.domain.placeholders import UnknownPlaceholder
from letters.domain.setup import (
    NoObjectionClause,
    UnknownKind,
    known_names,
    put_in_force,
    set_up_call_with_letters,
    set_up_kinds,
)
from letters.models import LetterKind, LetterText, LetterTextSection
from letters.queries import texts_in_force
from tests.factories.calls import CallFactory, call_2024_spec, letter_kinds
from tests.factories.moments import AT, CALL_OPENS
from tests.letters.letters import CLAUSE, KIND, OBJECTED, SECTIONS, call_with, matter, release
from tests.refusals import refused_by

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
OPENS = CALL_OPENS.date()


def set_up(spec: dict[str, Any]) -> Call:
    return set_up_call_with_letters(spec, kinds=letter_kinds(), at=AT)


def test_the_call_of_2024_has_a_text_for_each_kind_from_the_day_it_opens() -> None:
    call = set_up(call_2024_spec())
    texts = call.letter_texts.values_list("kind__key", "version", "valid_from", "valid_until")
    assert sorted(texts) == [
        (key, 1, OPENS, None) for key in ("decision_granted", "decision_partly_granted", "decision_rejected")
    ]


def test_setting_up_twice_keeps_what_is_there() -> None:
    call = set_up(call_2024_spec())
    LetterKind.objects.filter(key="decision_granted").update(title="Door het bureau gewijzigd")
    assert set_up(call_2024_spec()) == call
    assert (LetterText.objects.count(), LetterKind.objects.get(key="decision_granted").title) == (
        3,
        "Door het bureau gewijzigd",
    )


@pytest.mark.parametrize(
    ("kind", "sections", "refusal"),
    [
        ("decision_granted", [{"body": "Beste {naam}, tot {objection_deadline}"}], UnknownPlaceholder),
        # Of a rejection only.
        ("decision_granted", [{"body": "{ground} {objection_deadline}"}], UnknownPlaceholder),
        ("decision_rejected", [{"body": "U krijgt niets."}], NoObjectionClause),
        ("onbekend", [{"body": "Wat?"}], UnknownKind),
    ],
)
def test_data_with_a_letter_that_cannot_be_composed_is_refused_whole(
    kind: str, sections: list[dict[str, str]], refusal: type[RuleViolation]
) -> None:
    spec = copy.deepcopy(call_2024_spec())
    spec["letters"][kind] = sections
    with pytest.raises(refusal):
        set_up(spec)
    assert not Call.objects.exists()


@pytest.mark.parametrize("field", ["subject", "mail_subject", "mail_text", "copy_subject", "copy_text"])
def test_a_kind_whose_own_words_name_what_it_does_not_know_is_refused(field: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        set_up_kinds([{**KIND, field: "Aan {naam}"}])
    assert not LetterKind.objects.exists()


def test_a_kind_without_a_term_to_object_cannot_name_its_last_day() -> None:
    assert "objection_deadline" in known_names(LetterKind(**OBJECTED))
    assert "objection_deadline" not in known_names(LetterKind(**KIND))


def test_a_new_version_comes_into_force_on_its_day_and_released_letters_keep_theirs() -> None:
    call = call_with(KIND)
    letter = release(call)
    first = letter.text
    day = AT.date() + DAY
    second = put_in_force(call=call, kind=KIND["key"], sections=[{"body": "Nieuw."}], from_on=day, at=AT)
    first.refresh_from_db()
    assert (first.version, first.valid_until) == (1, AT.date())
    assert (second.version, second.valid_from, second.valid_until) == (2, day, None)
    assert [text_for(matter(call), on=each) for each in (AT.date(), day)] == [first, second]
    letter.refresh_from_db()
    assert letter.text == first


def test_a_version_does_not_begin_before_the_one_it_follows() -> None:
    call = call_with(KIND)
    with pytest.raises(RuleViolation) as refusal:
        put_in_force(call=call, kind=KIND["key"], sections=SECTIONS, from_on=OPENS, at=AT)
    assert refusal.value.field == "from_on"


def test_before_its_texts_are_in_force_a_call_writes_no_letter() -> None:
    call = call_with(KIND)
    assert not texts_in_force(call, on=OPENS - DAY).exists()
    with pytest.raises(NoText):
        text_for(matter(call), on=OPENS - DAY)


class TestDatabase:
    def test_no_two_versions_of_a_kind_are_in_force_on_one_day(self) -> None:
        call = call_with(KIND, OBJECTED)
        text = call.letter_texts.get(kind__key=KIND["key"])
        put_in_force(call=call, kind=KIND["key"], sections=SECTIONS, from_on=OPENS + DAY, at=AT)
        with refused_by("letter_texts_of_a_kind_do_not_overlap"):
            LetterText.objects.filter(pk=text.pk).update(valid_until=OPENS + DAY)
        with refused_by("letter_texts_of_a_kind_do_not_overlap"):
            LetterText.objects.create(call=call, kind=text.kind, version=3, valid_from=OPENS + 9 * DAY)

    def test_other_calls_and_other_kinds_may_have_texts_on_the_same_days(self) -> None:
        text = call_with(KIND, OBJECTED).letter_texts.get(kind__key=KIND["key"])
        other = CallFactory.create()
        LetterText.objects.create(call=other, kind=text.kind, version=1, valid_from=text.valid_from)

    def test_versions_count_once_and_last_a_day_or_more(self) -> None:
        text = call_with(KIND).letter_texts.get(kind__key=KIND["key"])
        with refused_by("letter_text_in_force_for_a_day_or_more"):
            LetterText.objects.filter(pk=text.pk).update(valid_until=text.valid_from - DAY)
        earlier = {"valid_from": date(2020, 1, 1), "valid_until": date(2020, 1, 1)}
        with refused_by("letter_text_one_of_a_version"):
            LetterText.objects.create(call=text.call, kind=text.kind, version=1, **earlier)

    def test_words_that_letters_were_composed_from_never_change(self) -> None:
        text = call_with(KIND).letter_texts.get(kind__key=KIND["key"])
        sections = LetterTextSection.objects.filter(text=text)
        with refused_by("letter_text_section_never_changes"):
            sections.update(body="Anders.")
        with refused_by("letter_text_section_never_changes"):
            sections._raw_delete(sections.db)
        with refused_by("letter_text_section_once_per_position"):
            LetterTextSection.objects.create(text=text, position=1, body="Nog een.")
        rows = LetterText.objects.filter(pk=text.pk)
        with refused_by("letter_text_never_changes"):
            rows.update(valid_from=text.valid_from - DAY)
        with refused_by("letter_text_never_removed"):
            rows._raw_delete(rows.db)


def test_the_clause_on_objections_is_asked_of_kinds_with_a_term_only() -> None:
    call = call_with(KIND)
    set_up_kinds([OBJECTED])
    with pytest.raises(NoObjectionClause):
        put_in_force(call=call, kind=OBJECTED["key"], sections=SECTIONS, from_on=OPENS, at=AT)
    assert put_in_force(call=call, kind=OBJECTED["key"], sections=[CLAUSE], from_on=OPENS, at=AT)
