"""The pages on which two organisations of the map become one, and two again (rules 12, 26, 30 and 32)."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from hubportal.accounts.models import User
from mapping.domain.publishing import publish_organisation
from mapping.domain.sharing import take_to_map
from mapping.models import Merge
from mapping.queries import entry_of
from organisations.queries import organisations_in
from regions.models import Region
from tests.factories.accounts import log_in
from tests.factories.moments import AT
from tests.factories.regions import MunicipalityFactory, RegionFactory
from tests.mapping.merged import kwartiermaker, mapped, merge, two
from tests.pages import page_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def region() -> Region:
    region: Region = RegionFactory.create(name="Het Midden")
    MunicipalityFactory.create(region=region, name="Middelstad", code="GM9901", sort_name="middelstad")
    return region


@pytest.fixture
def mapper(client: Client, region: Region) -> User:
    user = kwartiermaker(region)
    log_in(client, user)
    return user


class TestPages:
    def test_nothing_is_one_with_itself(self, client: Client, region: Region, mapper: User) -> None:
        one = mapped("Eén (fictief)", region, mapper)
        address = reverse("mapping:merge", args=[region.slug, one.map_key, one.map_key])
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)

    def test_show_both_make_one_and_two_again(self, client: Client, region: Region, mapper: User) -> None:
        """Rule 30."""
        one, other = two(region, mapper)
        page = client.get(reverse("mapping:choose_merge", args=[region.slug, one.map_key]))
        assert page.context["others"] == [other]
        address = reverse("mapping:merge", args=[region.slug, one.map_key, other.map_key])
        page = client.get(address)
        assert list(page.context["form"].fields) == ["seen", "name", "role", "talk", "next_on"]
        text = page_text(page)
        for each in ("leefwereld", "systeemwereld", "Eerste", "Tweede", "Samen: coproduceren"):
            assert each in text
        typed = {"seen": page.context["seen"], "name": str(one.map_key), "role": str(other.map_key)}
        refused = client.post(address, typed)
        assert refused.status_code == 422
        assert refused.context["form"]["role"].value() == str(other.map_key)
        typed |= {"talk": str(one.map_key), "next_on": str(one.map_key)}
        for _twice in range(2):
            answer = client.post(address, typed)
            assert answer.headers["Location"] == reverse(
                "mapping:organisation", args=[region.slug, other.map_key]
            )
        # The way back in the browser.
        assert client.get(address).headers["Location"] == answer.headers["Location"]
        kept = client.get(answer.headers["Location"])
        assert "Wijkraad Zuid is hiermee samengevoegd" in page_text(kept)
        [merged] = kept.context["merges"]
        undone = reverse("mapping:undo_merge", args=[region.slug, other.map_key, merged.pk])
        assert client.post(undone).headers["Location"].endswith(f"#rij-{one.map_key}")
        assert organisations_in(region).count() == 2
        # A second click.
        answer = client.post(undone)
        assert answer.headers["Location"] == reverse(
            "mapping:organisation", args=[region.slug, other.map_key]
        )
        assert organisations_in(region).count() == 2

    def test_tell_of_a_newer_version_and_keep_what_was_chosen(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 12."""
        one, other = two(region, mapper)
        chosen = dict.fromkeys(("name", "role", "talk", "next_on"), str(one.map_key))
        address = reverse("mapping:merge", args=[region.slug, one.map_key, other.map_key])
        answer = client.post(address, {"seen": "1", **chosen})
        assert answer.status_code == 422
        assert {name: answer.context["form"][name].value() for name in chosen} == chosen
        assert "Kijk het opnieuw na." in page_text(answer)
        again = client.post(address, {"seen": answer.context["seen"], **chosen})
        assert again.status_code == 302

    @pytest.mark.parametrize("count", [1, 3])
    def test_of_choosing_asks_as_much_for_three_as_for_one(
        self,
        client: Client,
        region: Region,
        mapper: User,
        django_assert_num_queries: DjangoAssertNumQueries,
        count: int,
    ) -> None:
        one = mapped("Alfa", region, mapper)
        for each in range(count):
            mapped(f"Bravo {each}", region, mapper, municipality=region.municipalities.get())
        address = reverse("mapping:choose_merge", args=[region.slug, one.map_key])
        with django_assert_num_queries(6):
            page = client.get(address, {"zoek": "bravo"})
        assert len(page.context["others"]) == count

    def test_another_region_does_not_hear_what_was_merged(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 26."""
        elsewhere = RegionFactory.create()
        theirs = kwartiermaker(elsewhere)
        one, other = two(region, mapper)
        publish_organisation(organisation_id=other.pk, actor=mapper, at=AT)
        take_to_map(organisation_id=other.pk, region=elsewhere, actor=theirs, at=AT)
        merged = merge(one, other, region, mapper)
        log_in(client, theirs)
        page = client.get(reverse("mapping:organisation", args=[elsewhere.slug, other.map_key]))
        assert not page.context["merges"]
        undone = reverse("mapping:undo_merge", args=[elsewhere.slug, other.map_key, merged.pk])
        answers = [client.post(each) for each in (undone, undone.replace(str(merged.pk), "99999"))]
        row = reverse("mapping:organisation", args=[elsewhere.slug, other.map_key])
        assert [each.headers["Location"] for each in answers] == [row, row]
        assert Merge.objects.filter(pk=merged.pk).exists()

    def test_say_what_has_no_room_and_lose_nothing(
        self, client: Client, region: Region, mapper: User
    ) -> None:
        """Rule 32."""
        names = ", ".join(f"Oude naam {number}" for number in range(22))
        one = mapped("Wijkraad Noord", region, mapper, other_names=names, talk={"notes": "n" * 2900})
        other = mapped("Wijkraad Zuid", region, mapper, talk={"notes": "z" * 2900})
        address = reverse("mapping:merge", args=[region.slug, one.map_key, other.map_key])
        typed = {"seen": client.get(address).context["seen"], "name": str(one.map_key)}
        text = page_text(client.post(address, typed, follow=True))
        assert "geen ruimte om Wijkraad Zuid bij de andere namen te zetten" in text
        assert "langer dan 3000 tekens" in text
        assert entry_of(organisations_in(region).get(), region).notes == f"{'n' * 2900}\n\n{'z' * 2900}"
