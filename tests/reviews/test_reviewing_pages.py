"""Pages of a reviewer: assignments, interests first, the application beside its rubric (rules 14 to 17)."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from applications.domain.attachments import add_attachment
from applications.models import Application, ApplicationSection, ReadingAccess
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from reviews.domain.assigning import assign_reviewers
from reviews.domain.interests import declare_interest
from reviews.models import InterestDeclaration, Review, Score, WithdrawnReview
from tests.factories.accounts import log_in, person
from tests.factories.moments import AT
from tests.factories.scenarios import (
    advised,
    after_deadline,
    assigned,
    committee,
    judged,
    judgements,
    sealed,
    several_submitted,
    written,
)
from tests.pages import page_text

pytestmark = pytest.mark.django_db


def typed(
    case: Any, *, version: int = 0, score: int | None = 4, reason: str = "Goed.", **more: str
) -> dict[str, str]:
    """Return what a reviewer fills in."""
    data = {"seen_version": str(version), "remark": ""}
    for criterion in case.call.criteria.all():
        data[f"score-{criterion.key}"] = "" if score is None else str(score)
        data[f"reason-{criterion.key}"] = reason
    return data | more


def a_reviewer_of(case: Any) -> User:
    """Return the first reviewer of an application."""
    return case.assignments.order_by("pk").first().reviewer


def page_of(case: Application) -> str:
    """Return the address of a review."""
    return reverse("admin:review", args=[case.reference])


def check_of(case: Application) -> str:
    """Return the address of the page that shows what will be handed in."""
    return reverse("admin:check_review", args=[case.reference])


def hand_in(client: Client, case: Any, *, follow: bool = False, **values: Any) -> Any:
    """Fill in a review, check it and hand it in; the first answer that is no way on."""
    answered = client.post(page_of(case), {**typed(case, **values), "complete": "1"})
    if answered.headers.get("Location") != check_of(case):
        return answered
    seen = client.get(check_of(case)).context["review"].version
    return client.post(check_of(case), {"seen": str(seen)}, follow=follow)


def waiting_for_declaration() -> Any:
    """Return a sealed application whose reviewers have not declared anything yet."""
    case = sealed()
    committee()
    assign_reviewers(round_id=case.review_round.pk, at=after_deadline(case, minutes=10))
    return case


def test_a_review_opens_only_after_interests_are_declared(client):
    case = waiting_for_declaration()
    reviewer = a_reviewer_of(case)
    log_in(client, reviewer)

    refused = client.get(page_of(case))
    assert refused.status_code == 302
    query = urlencode({"next": page_of(case)})
    assert refused.url == f"{reverse('admin:declare', args=[case.reference])}?{query}"

    shown = client.get(refused.url).content.decode()
    assert case.coalition.lead_organisation.name in shown
    assert case.coalition.region.name in shown
    # Whoever declares has to know whom it is about.
    assert case.title in shown
    assert "Wij werken aan" not in shown

    answered = client.post(refused.url, {"has_interest": "no", "explanation": ""})
    assert (answered.status_code, answered.url) == (302, page_of(case))
    assert ReadingAccess.objects.filter(application=case, user=reviewer, revoked_at=None).count() == 1

    opened = client.get(page_of(case)).content.decode()
    assert "Wij werken aan aanpak en planning." in opened
    assert case.call.criteria.first().steps.first().sentence in opened


def test_an_interest_closes_the_application(client):
    case = waiting_for_declaration()
    reviewer = a_reviewer_of(case)
    log_in(client, reviewer)
    address = reverse("admin:declare", args=[case.reference])

    silent = client.post(address, {"has_interest": "yes", "explanation": " "})
    assert silent.status_code == 422
    assert InterestDeclaration.objects.count() == 0

    client.post(address, {"has_interest": "yes", "explanation": "Mijn zus leidt dit project."})
    for name in ("admin:review", "admin:application"):
        assert client.get(reverse(name, args=[case.reference])).status_code == 404
    listed = client.get(reverse("admin:assignments")).content.decode()
    assert case.reference not in listed
    assert case.title not in client.get(address).content.decode()


def test_an_interest_found_after_completing_closes_the_application_too(client):
    case = assigned()
    reviewer = a_reviewer_of(case)
    log_in(client, reviewer)
    hand_in(client, case)
    declare = reverse("admin:declare", args=[case.reference])
    client.post(declare, {"has_interest": "yes", "explanation": "Later ontdekt."})
    assert client.get(page_of(case)).status_code == 404
    listed = client.get(reverse("admin:assignments")).content.decode()
    assert case.reference not in listed


def test_a_reviewer_cannot_open_what_is_not_assigned(client):
    case = assigned()
    stranger = person(Role.REVIEWER)
    log_in(client, stranger)
    for name in ("admin:review", "admin:declare", "admin:application"):
        assert client.get(reverse(name, args=[case.reference])).status_code == 404
    client.post(reverse("admin:declare", args=[case.reference]), {"has_interest": "no", "explanation": ""})
    client.post(reverse("admin:to_declare"), {"none": [str(case.pk)]})
    assert not ReadingAccess.objects.filter(user=stranger).exists()


@pytest.mark.parametrize("role", [Role.CHAIR, Role.DEPUTY, Role.OFFICER, Role.RELEASER, Role.ADMINISTRATOR])
def test_pages_of_reviewers_do_not_exist_for_other_roles(client, role):
    case = assigned()
    log_in(client, person(role))
    assert client.get(reverse("admin:assignments")).status_code == 404
    assert client.get(page_of(case)).status_code == 404


def test_the_review_shows_what_was_frozen_whatever_the_rows_say_now(client):
    case = assigned()
    ApplicationSection.objects.filter(application=case).update(text="Later veranderd.")
    log_in(client, a_reviewer_of(case))
    shown = client.get(page_of(case)).content.decode()
    assert "Wij werken aan aanpak en planning." in shown
    assert "Later veranderd." not in shown


def test_a_review_is_saved_resumed_and_completed(client):
    case = assigned()
    log_in(client, a_reviewer_of(case))
    half = typed(case, score=None, reason="", **{"score-doel": "5", "reason-doel": "Past."})

    assert client.post(page_of(case), {**half, "save": "1"}).status_code == 302
    resumed = client.get(page_of(case))
    assert resumed.context["form"]["reason-doel"].value() == "Past."
    assert resumed.context["form"]["seen_version"].value() == 1

    assert hand_in(client, case, version=1).url == page_of(case)
    review = Review.objects.get()
    assert (review.status, review.version) == ("complete", 2)
    assert sorted(review.scores.values_list("value", "reason")) == [(4, "Goed.")] * 5


def test_completing_asks_a_score_and_a_reason_on_every_criterion_and_loses_nothing(client):
    case = assigned()
    log_in(client, a_reviewer_of(case))
    half = typed(case, reason="", complete="1")
    half |= {"reason-doel": "Past.", "score-begroting": ""}

    refused = client.post(page_of(case), half)
    assert refused.status_code == 422
    errors = refused.context["form"].errors
    assert set(errors) == {
        "__all__",
        "reason-binding",
        "reason-aanpak",
        "reason-mensen",
        "reason-begroting",
        "score-begroting",
    }
    assert Review.objects.get().status == "draft"
    assert Score.objects.get(criterion__key="doel").reason == "Past."

    hand_in(client, case, version=refused.context["form"]["seen_version"].value())
    assert Review.objects.get().status == "complete"


def test_completing_twice_is_harmless_and_a_complete_review_never_changes(client):
    case = assigned()
    log_in(client, a_reviewer_of(case))
    assert client.post(page_of(case), {**typed(case), "complete": "1"}).url == check_of(case)
    assert Review.objects.get().status == "draft"
    assert [client.post(check_of(case), {"seen": "1"}).url for _click in range(2)] == [page_of(case)] * 2
    assert Review.objects.get().status == "complete"
    assert client.post(page_of(case), {**typed(case, version=1, score=1), "save": "1"}).status_code == 302
    assert set(Score.objects.values_list("value", flat=True)) == {4}


def test_the_check_shows_every_score_and_reason_and_what_changed_since_is_not_handed_in(client):
    """Rule 30."""
    case = assigned()
    log_in(client, a_reviewer_of(case))
    client.post(page_of(case), {**typed(case, reason="Goed onderbouwd."), "complete": "1"})
    shown = page_text(client.get(check_of(case)))
    assert shown.count("Goed onderbouwd.") == case.call.criteria.count()
    assert "Gewogen gemiddelde 4,00" in shown
    client.post(page_of(case), {**typed(case, version=1, score=1), "save": "1"})
    assert client.post(check_of(case), {"seen": "1"}).url == check_of(case)
    assert Review.objects.get().status == "draft"


def test_a_complete_review_is_taken_back_on_a_page_that_asks_why(client):
    """Rule 30."""
    case = assigned()
    log_in(client, a_reviewer_of(case))
    hand_in(client, case)
    address = reverse("admin:withdraw_review", args=[case.reference])
    assert address in client.get(page_of(case)).content.decode()
    refused = client.post(address, {"seen": "1", "reason": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    sent = {"seen": "1", "reason": "Ik las een bijlage niet."}
    assert [client.post(address, sent).url for _click in range(2)] == [page_of(case)] * 2
    assert WithdrawnReview.objects.get().reason == "Ik las een bijlage niet."
    shown = client.get(page_of(case))
    assert shown.context["form"]["reason-doel"].value() == "Goed."
    assert "Ik las een bijlage niet." in page_text(shown)
    assert hand_in(client, case, version=2).url == page_of(case)


def test_a_score_outside_the_scale_is_refused_and_typed_words_stay(client):
    case = assigned()
    log_in(client, a_reviewer_of(case))
    refused = client.post(page_of(case), {**typed(case), "score-doel": "9", "save": "1"})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == ["score-doel"]
    assert refused.context["form"]["reason-doel"].value() == "Goed."
    assert not Review.objects.exists()


def test_others_reviews_show_only_after_the_own_is_in(client):
    case = assigned()
    mine, theirs = case.assignments.order_by("pk")
    judged(theirs, judgements(case, 2), at=after_deadline(case, days=3))
    log_in(client, mine.reviewer)

    before = client.get(page_of(case)).content.decode()
    assert theirs.reviewer.full_name not in before
    assert "Goed onderbouwd" not in before

    hand_in(client, case)
    after = client.get(page_of(case)).content.decode()
    assert theirs.reviewer.full_name in after
    assert "Goed onderbouwd" in after


def test_the_next_waiting_review_is_offered_after_completing(client):
    first, second = several_submitted(2)
    for each in (first, second):
        assigned(each)
    log_in(client, a_reviewer_of(first))
    done = hand_in(client, first, follow=True)
    assert page_of(second) in done.content.decode()


def test_after_the_advice_nothing_is_written_any_more(client):
    case = advised()
    late = person(Role.REVIEWER)
    case.assignments.create(reviewer=late, assigned_at=AT)
    declare_interest(
        application_id=case.pk,
        has_interest=False,
        explanation="",
        actor=late,
        at=after_deadline(case, days=40),
    )
    log_in(client, late)
    assert client.get(page_of(case)).context["is_writable"] is False
    assert client.post(page_of(case), {**typed(case), "save": "1"}).status_code == 422
    assert not Review.objects.filter(assignment__reviewer=late).exists()


def a_pdf() -> bytes:
    """Return the smallest PDF there is."""
    pdf, buffer = pikepdf.new(), BytesIO()
    pdf.add_blank_page()
    pdf.save(buffer)
    return buffer.getvalue()


def test_an_attachment_is_sent_as_a_download_to_readers_alone(client):
    draft = written()
    content = a_pdf()
    kept = add_attachment(
        application_id=draft.pk,
        title="Brief van de gemeente.pdf",
        content=content,
        actor=draft.applicant,
        at=AT,
    )
    case = assigned(draft)
    address = reverse("admin:attachment", args=[case.reference, kept.sha256])

    log_in(client, a_reviewer_of(case))
    assert address in client.get(page_of(case)).content.decode()
    sent = client.get(address)
    assert (sent.status_code, sent.content) == (200, content)
    assert sent["Content-Disposition"] == (
        f'attachment; filename="{case.reference}-brief-van-de-gemeente.pdf"'
    )
    assert sent["X-Content-Type-Options"] == "nosniff"
    assert client.get(reverse("admin:attachment", args=[case.reference, "0" * 64])).status_code == 404

    log_in(client, person(Role.REVIEWER))
    assert client.get(address).status_code == 404
    log_in(client, person(Role.OFFICER))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_assignments_takes_the_same_queries_however_many_rows(
    client, django_assert_num_queries, count
):
    cases = several_submitted(count)
    for each in cases:
        assigned(each)
    log_in(client, a_reviewer_of(cases[0]))
    with django_assert_num_queries(6):
        shown = client.get(reverse("admin:assignments"))
    assert len(shown.context["page"].object_list) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_what_to_declare_takes_the_same_queries_however_many_rows(
    client, django_assert_num_queries, count
):
    for each in several_submitted(count):
        sealed(each)
    log_in(client, person(Role.OFFICER))
    with django_assert_num_queries(9):
        shown = client.get(reverse("admin:to_declare"))
    assert len(shown.context["page"].object_list) == count


def test_an_officer_declares_none_on_all_that_are_ticked_but_ties_stay_closed(client):
    free, tied, unticked = several_submitted(3)
    officer = person(Role.OFFICER)
    officer.affiliations.create(organisation=tied.lead, kind="board", noted_at=AT)
    log_in(client, officer)
    client.post(reverse("admin:to_declare"), {"none": [str(free.pk), str(tied.pk), "x"]})
    assert list(ReadingAccess.objects.values_list("application", "user")) == [(free.pk, officer.pk)]
    assert InterestDeclaration.objects.get(application=tied).origin == "data"
    assert not InterestDeclaration.objects.filter(application=unticked).exists()


def test_the_way_on_after_declaring_never_leaves_the_portal(client: Client):
    case = waiting_for_declaration()
    log_in(client, a_reviewer_of(case))
    address = reverse("admin:declare", args=[case.reference])
    answered = client.post(
        f"{address}?next=https://elders.example/", {"has_interest": "no", "explanation": ""}
    )
    assert answered.url == page_of(case)


def test_the_place_in_the_menu_is_marked_on_the_pages_below_it_too(client):
    case = assigned()
    log_in(client, a_reviewer_of(case))
    for address, mark in ((reverse("admin:assignments"), "page"), (page_of(case), "true")):
        shown = client.get(address)
        marked = {link.url: current for link, current in shown.context["office_links"] if current}
        assert marked == {reverse("admin:assignments"): mark}
        assert f'aria-current="{mark}"' in shown.content.decode()
