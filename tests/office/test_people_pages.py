"""Pages of administrators: people, roles, assigned regions and the event log."""

import pytest
from django.urls import reverse

from decisions.events import RECORDED
from hubportal.accounts.domain.roles import grant_role
from hubportal.accounts.enums import Role
from hubportal.accounts.models import User
from hubportal.audit.domain.events import link_events, record
from hubportal.audit.models import AuditEvent
from mapping.models import KwartiermakerAssignment
from tests.factories.accounts import UserFactory, log_in, person
from tests.factories.moments import AT
from tests.factories.regions import RegionFactory

pytestmark = pytest.mark.django_db


def roles_of(user):
    """Return the roles that somebody holds, read anew."""
    return set(User.objects.get(pk=user.pk).roles)


def test_an_administrator_changes_roles(client):
    administrator, newcomer = person(Role.ADMINISTRATOR), UserFactory.create()
    log_in(client, administrator)
    address = reverse("admin:person", args=[newcomer.pk])
    for _click in range(2):
        assert client.post(address, {"roles": ["reviewer", "chair"], "seen": ""}).status_code == 302
    assert roles_of(newcomer) == {Role.REVIEWER, Role.CHAIR}
    fewer = {"roles": ["chair"], "seen": "chair reviewer"}
    assert client.post(address, {**fewer, "take": "1"}).status_code == 302
    assert roles_of(newcomer) == {Role.CHAIR}
    acts = AuditEvent.objects.filter(subject_id=newcomer.pk).values_list("act", "actor_id")
    assert sorted(acts) == [
        ("accounts.role_granted", administrator.pk),
        ("accounts.role_granted", administrator.pk),
        ("accounts.role_revoked", administrator.pk),
    ]


def test_a_role_is_taken_once_its_own_page_was_read(client):
    """Enter in a box takes nothing: open reviews would go to others at once (rule 30)."""
    leaving = person(Role.CHAIR, Role.REVIEWER)
    log_in(client, person(Role.ADMINISTRATOR))
    address = reverse("admin:person", args=[leaving.pk])
    fewer = {"roles": ["chair"], "seen": "chair reviewer"}
    checked = client.post(address, fewer)
    assert (checked.status_code, checked.context["taken"]) == (200, ["beoordelaar"])
    assert 'name="roles" value="chair"' in checked.content.decode()
    back = client.post(address, {**fewer, "back": "1"})
    assert (back.context["taken"], back.context["form"]["roles"].value()) == ([], ["chair"])
    assert roles_of(leaving) == {Role.CHAIR, Role.REVIEWER}
    assert client.post(address, {**fewer, "take": "1"}).status_code == 302
    assert roles_of(leaving) == {Role.CHAIR}


def test_what_a_colleague_took_meanwhile_is_not_given_back_unseen(client):
    """Rule 30."""
    administrator, leaving = person(Role.ADMINISTRATOR), person(Role.OFFICER, Role.REVIEWER)
    kwartiermaker, region = person(Role.KWARTIERMAKER), RegionFactory.create()
    log_in(client, administrator)
    address = reverse("admin:person", args=[leaving.pk])
    seen = client.get(address).context["form"]["seen"].value()
    assert seen == "officer reviewer"
    leaving.role_grants.filter(role=Role.OFFICER).delete()
    answer = client.post(address, {"roles": ["officer", "reviewer", "chair"], "seen": seen}, follow=True)
    assert roles_of(leaving) == {Role.REVIEWER}
    assert answer.context["form"]["seen"].value() == "reviewer"

    address = reverse("admin:regions_of", args=[kwartiermaker.pk])
    seen = client.get(address).context["form"]["seen"].value()
    KwartiermakerAssignment.objects.create(user=kwartiermaker, region=region, since_on=AT.date())
    refused = client.post(address, {"regions": [], "seen": seen})
    assert (refused.status_code, KwartiermakerAssignment.objects.count()) == (422, 1)


def test_administrators_do_not_lock_themselves_out(client):
    administrator = person(Role.ADMINISTRATOR)
    log_in(client, administrator)
    refused = client.post(reverse("admin:person", args=[administrator.pk]), {"roles": ["officer"]})
    assert refused.status_code == 422
    assert roles_of(administrator) == {Role.ADMINISTRATOR}


def test_an_unknown_role_is_refused(client):
    log_in(client, person(Role.ADMINISTRATOR))
    newcomer = UserFactory.create()
    refused = client.post(reverse("admin:person", args=[newcomer.pk]), {"roles": ["keizer"]})
    assert refused.status_code == 422
    assert roles_of(newcomer) == set()


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Noor \u2019t Hart", "'t Hart"),
        ("Noor 't Hart", "\u2019t Hart"),
        ("Noor 't Hart", "`t hart"),
        ("Bo van der \u00cb\u00df", "van der Ess"),
        ("Bo van der Ess", "Van der \u00cb\u00df"),
        ("Bo van der E\u0308ss", "van der \u00cbss"),
    ],
)
def test_people_are_found_without_accents_and_with_any_apostrophe(client, written, typed):
    log_in(client, person(Role.ADMINISTRATOR, full_name="Beheer"))
    wanted = UserFactory.create(full_name=written)
    UserFactory.create(full_name="Iemand Anders")
    assert list(client.get(reverse("admin:people"), {"zoek": typed}).context["page"]) == [wanted]


def test_people_are_found_by_name_or_address(client):
    log_in(client, person(Role.ADMINISTRATOR, full_name="Beheer"))
    wanted = UserFactory.create(full_name="Łukasz de Vries", email="lukasz@voorbeeld.example")
    UserFactory.create(full_name="Iemand anders")
    for typed in ("łukasz", "LUKASZ@"):
        rows = client.get(reverse("admin:people"), {"zoek": typed}).context["page"].object_list
        assert list(rows) == [wanted]
    rows = client.get(reverse("admin:people")).context["page"].object_list
    assert [each.full_name for each in rows] == ["Beheer"]


def test_an_administrator_assigns_regions_to_a_kwartiermaker(client):
    administrator, kwartiermaker = person(Role.ADMINISTRATOR), person(Role.KWARTIERMAKER)
    first, second = RegionFactory.create_batch(2)
    log_in(client, administrator)
    address = reverse("admin:regions_of", args=[kwartiermaker.pk])
    client.post(address, {"regions": [first.pk, second.pk], "seen": ""})
    seen = client.get(address).context["form"]["seen"].value()
    client.post(address, {"regions": [second.pk], "seen": seen})
    assert list(KwartiermakerAssignment.objects.values_list("user", "region")) == [
        (kwartiermaker.pk, second.pk)
    ]
    acts = AuditEvent.objects.filter(subject_id=first.pk, act__startswith="mapping.region_")
    assert sorted(acts.values_list("act", flat=True)) == [
        "mapping.region_assigned",
        "mapping.region_withdrawn",
    ]
    assert client.get(reverse("admin:regions_of", args=[administrator.pk])).status_code == 404


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.CHAIR, Role.OFFICER, Role.RELEASER])
def test_pages_of_administrators_do_not_exist_for_other_roles(client, role):
    kwartiermaker = person(Role.KWARTIERMAKER)
    log_in(client, person(role))
    for address in (
        reverse("admin:people"),
        reverse("admin:person", args=[kwartiermaker.pk]),
        reverse("admin:regions_of", args=[kwartiermaker.pk]),
        reverse("admin:positions_of", args=[kwartiermaker.pk]),
        reverse("admin:events"),
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, {"roles": ["administrator"]}).status_code in {404, 405}
    assert roles_of(kwartiermaker) == {Role.KWARTIERMAKER}


@pytest.mark.parametrize("path", ["auth/group/", "account/emailaddress/", "mfa/authenticator/"])
def test_lists_that_other_packages_bring_do_not_exist(client, path):
    log_in(client, person(Role.ADMINISTRATOR))
    assert client.get(f"/beheer/{path}").status_code == 404


def test_the_admin_asks_for_a_second_factor_and_is_not_there_for_applicants(client):
    log_in(client, person(Role.ADMINISTRATOR), second_factor=False)
    assert client.get(reverse("admin:index")).status_code == 302
    log_in(client, UserFactory.create())
    assert client.get(reverse("admin:index")).status_code == 404


def test_the_event_log_tells_what_was_done_by_whom_and_proves_its_chain(client):
    administrator = person(Role.ADMINISTRATOR, full_name="Beheer (fictief)")
    newcomer = UserFactory.create()
    grant_role(user=newcomer, role=Role.REVIEWER, actor=administrator, at=AT)
    link_events(at=AT)
    log_in(client, administrator)
    shown = client.get(reverse("admin:events"), {"handeling": "accounts.role_granted"})
    (row,) = shown.context["rows"]
    assert (row["event"].subject_id, row["actor"], row["facts"]) == (
        newcomer.pk,
        "Beheer (fictief)",
        {"rol": "beoordelaar"},
    )
    assert (shown.context["last"].number, shown.context["unlinked"]) == (1, 0)
    checked = client.get(reverse("admin:events"), {"controle": "1"})
    assert (checked.context["is_checked"], checked.context["breaches"]) == (True, [])


def test_the_event_log_keeps_what_was_thought_of_an_application_to_itself(client):
    administrator = person(Role.ADMINISTRATOR)
    record(RECORDED, subject=administrator, actor=None, at=AT, facts={"outcome": "granted"})
    log_in(client, administrator)
    (row,) = client.get(reverse("admin:events")).context["rows"]
    assert row["facts"] == {}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_people_takes_the_same_queries_however_many_rows(
    client, django_assert_num_queries, count
):
    administrator = person(Role.ADMINISTRATOR)
    for _each in range(count - 1):
        person(Role.REVIEWER, Role.CHAIR)
    log_in(client, administrator)
    with django_assert_num_queries(6):
        shown = client.get(reverse("admin:people"))
    assert len(shown.context["page"].object_list) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_event_log_takes_the_same_queries_however_many_rows(client, django_assert_num_queries, count):
    administrator = person(Role.ADMINISTRATOR)
    for _each in range(count):
        grant_role(user=UserFactory.create(), role=Role.REVIEWER, actor=administrator, at=AT)
    log_in(client, administrator)
    with django_assert_num_queries(10):
        shown = client.get(reverse("admin:events"))
    assert len(shown.context["rows"]) == count
