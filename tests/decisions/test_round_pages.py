"""Pages about rounds: how far they are, and results without what is closed (rules 11, 14 and 22)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from decisions.totals import rounds_with_counts
from hubportal.accounts.enums import Role
from hubportal.kernel.languages import in_language
from reviews.domain.interests import declare_interest
from reviews.models import Assignment
from tests.factories.accounts import log_in, person
from tests.factories.calls import CallFactory
from tests.factories.moments import AT
from tests.factories.organisations import organisation_in
from tests.factories.scenarios import (
    advised,
    committee,
    decided,
    join,
    judged,
    open_to,
    produced,
    ready,
    reviewed,
    sealed,
    several_submitted,
    submitted,
)
from tests.pages import at_moment, page_text

pytestmark = pytest.mark.django_db


def test_each_round_counts_its_own() -> None:
    first = sealed()
    submitted(call=first.call, at=AT + timedelta(days=40))
    counted = rounds_with_counts(committee().officer).filter(call=first.call)[:2]
    assert [(each.submitted, each.sealed) for each in counted] == [(1, 1), (1, 0)]


def round_of(case):
    """Return the address of the round of an application."""
    return reverse("admin:round", args=[case.call.slug, case.review_round.number])


def row_of(response, case):
    """Return the row of an application in a page of a round."""
    return next(each for each in response.context["rows"] if each.application.pk == case.pk)


def test_rounds_show_how_far_their_applications_are(client):
    at_each_step = several_submitted(4)
    reviewed(at_each_step[0])
    advised(at_each_step[1])
    decided(at_each_step[2])
    produced(at_each_step[3])
    officer = committee().officer
    for each in at_each_step:
        open_to(each, officer)
    log_in(client, officer)
    shown = client.get(reverse("admin:rounds"))
    counted = next(each for each in shown.context["page"] if each.call == at_each_step[0].call)
    call, first = counted.call, counted.counted_rounds[0]
    assert (first.submitted, first.sealed, first.advised, first.decided, first.letters, first.sent) == (
        4,
        4,
        3,
        2,
        1,
        0,
    )
    assert (counted.granted, counted.left, counted.closed) == (96_000, call.ceiling - 96_000, 0)
    assert counted.granted == call.granted_total


@pytest.mark.parametrize("role", [Role.CHAIR, Role.DEPUTY, Role.OFFICER, Role.RELEASER])
def test_who_runs_the_call_sees_the_rounds(client, role):
    log_in(client, person(role))
    assert client.get(reverse("admin:rounds")).status_code == 200


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR])
def test_rounds_do_not_exist_for_other_roles(client, role):
    case = submitted()
    log_in(client, person(role))
    assert client.get(reverse("admin:rounds")).status_code == 404
    assert client.get(round_of(case)).status_code == 404


def test_a_closed_application_shows_its_headline_only(client):
    opened, closed, undeclared = (advised(each) for each in several_submitted(3))
    officer = person(Role.OFFICER)
    open_to(opened, officer)
    declare_interest(
        application_id=closed.pk, has_interest=True, explanation="Buurman.", actor=officer, at=AT
    )
    log_in(client, officer)
    shown = client.get(round_of(opened))
    assert (row_of(shown, opened).result.reviews, row_of(shown, opened).advice) == (2, opened.advice)
    for each in (closed, undeclared):
        row = row_of(shown, each)
        assert (row.is_open, row.result, row.advice, row.decision) == (False, None, None, None)
    page = shown.content.decode()
    assert reverse("admin:decision", args=[opened.reference]) in page
    assert reverse("admin:decision", args=[closed.reference]) not in page
    assert reverse("admin:declare", args=[undeclared.reference]) in page


def test_the_order_by_score_does_not_tell_the_score_of_what_is_closed(client):
    low, closed, higher_and_closed, high = several_submitted(4)
    for case, score in ((low, 2), (closed, 3), (higher_and_closed, 5), (high, 4)):
        reviewed(case, score=score)
    chair = person(Role.CHAIR)
    open_to(low, chair)
    open_to(high, chair)
    log_in(client, chair)
    shown = client.get(round_of(low), {"volgorde": "score"})
    assert [each.application.pk for each in shown.context["rows"]] == [
        high.pk,
        low.pk,
        closed.pk,
        higher_and_closed.pk,
    ]


def test_who_still_reviews_an_application_sees_its_result_only_afterwards(client):
    first, second = several_submitted(2)
    reviewed(first, score=2)
    reviewed(second, score=4)
    chair = committee().chair
    Assignment.objects.create(application=second, reviewer=chair, assigned_at=AT)
    open_to(first, chair)
    open_to(second, chair)
    log_in(client, chair)
    shown = client.get(round_of(first), {"volgorde": "score"})
    assert [each.application.pk for each in shown.context["rows"]] == [first.pk, second.pk]
    assert (row_of(shown, second).is_open, row_of(shown, second).result) == (True, None)
    judged(second.assignments.get(reviewer=chair), at=AT)
    shown = client.get(round_of(first), {"volgorde": "score"})
    assert [each.application.pk for each in shown.context["rows"]] == [second.pk, first.pk]
    assert row_of(shown, second).result.reviews == 3


def test_an_officer_who_still_reviews_sees_no_result_on_the_page_of_the_decision(client):
    case, officer = reviewed(), committee().officer
    Assignment.objects.create(application=case, reviewer=officer, assigned_at=AT)
    open_to(case, officer)
    log_in(client, officer)
    shown = client.get(reverse("admin:decision", args=[case.reference]))
    assert (shown.context["result"], list(shown.context["reviews"])) == (None, [])
    assert reverse("admin:review", args=[case.reference]) in shown.content.decode()


def test_an_unsigned_declaration_is_told(client):
    case = submitted(signed=False)
    officer = person(Role.OFFICER)
    open_to(case, officer)
    log_in(client, officer)
    assert row_of(client.get(round_of(case)), case).is_signed is False
    shown = client.get(reverse("admin:decision", args=[case.reference]))
    assert shown.context["is_signed"] is False


def test_several_coalitions_of_a_region_or_organisation_are_told(client):
    first = submitted()
    draft = ready(call=first.call, region=first.coalition.region, partners=2)
    stranger = submitted(call=first.call)
    other = submitted(draft)
    log_in(client, person(Role.OFFICER))
    shown = client.get(round_of(first))
    assert list(shown.context["regions"]) == [first.coalition.region]
    assert list(shown.context["organisations"]) == []
    assert stranger.coalition.region != other.coalition.region


def test_an_organisation_in_two_coalitions_is_told(client):
    first = submitted()
    second = ready(call=first.call)
    shared = organisation_in(first.coalition.region)
    join(first.coalition_id, first.coalition.region, actor=first.applicant, organisation=shared)
    join(second.coalition_id, second.coalition.region, actor=second.applicant, organisation=shared)
    log_in(client, person(Role.OFFICER))
    assert list(client.get(round_of(first)).context["organisations"]) == []
    second.coalition.applications.update(
        status="submitted", submitted_at=AT, submitted_by=second.applicant, review_round=first.review_round
    )
    assert list(client.get(round_of(first)).context["organisations"]) == [shared]


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_takes_the_same_queries_however_many_rows(client, django_assert_num_queries, count):
    officer = committee().officer
    cases = several_submitted(count)
    for each in cases:
        produced(each)
    log_in(client, officer)
    with django_assert_num_queries(11):
        shown = client.get(round_of(cases[0]))
    assert len(shown.context["rows"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_calls_takes_the_same_queries_however_many_rows(client, django_assert_num_queries, count):
    CallFactory.create_batch(count)
    log_in(client, person(Role.OFFICER))
    with django_assert_num_queries(6):
        shown = client.get(reverse("admin:rounds"))
    assert len(shown.context["page"].object_list) == count


def test_a_call_opens_until_it_has_opened(client):
    call = CallFactory.create()
    log_in(client, person(Role.OFFICER))
    for moment, word in ((call.opens_at - timedelta(seconds=5), "Opens"), (call.opens_at, "Opened")):
        with at_moment(moment):
            shown = client.get(in_language(reverse("admin:rounds"), "en"))
        with translation.override("en"):
            opening = date_format(localtime(call.opens_at), "j F Y H:i")
        assert f"{word} {opening}." in page_text(shown)


def test_provisional_is_explained_where_something_is(client):
    call = CallFactory.create(provisional=[])
    call.rounds.update(provisional=[])
    log_in(client, person(Role.OFFICER))
    assert not client.get(reverse("admin:rounds")).context["has_provisional"]
    call.rounds.filter(number=2).update(provisional=["deadline_at"])
    shown = client.get(in_language(reverse("admin:rounds"), "en"))
    assert "Provisional: this value has yet to be confirmed." in page_text(shown)


def test_the_page_of_a_call_marks_its_provisional_values(client):
    case = sealed()
    log_in(client, person(Role.REVIEWER))
    shown = client.get(reverse("admin:call", args=[case.call.slug]))
    marked = {str(each.label) for each in shown.context["values"] if each.is_provisional}
    assert str(case.call._meta.get_field("ceiling").verbose_name) in marked
    assert str(case.call._meta.get_field("grant_maximum").verbose_name) not in marked
