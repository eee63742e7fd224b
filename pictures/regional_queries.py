"""Reads of regional pictures."""

from django.db.models import QuerySet

from mapping.models import ParticipationQuestion
from organisations.queries import public_organisations_in
from pictures.models import RegionalPicture, RegionalText
from regions.models import Region


def text_of(region: Region) -> RegionalText:
    """Return what is written of a region; one that is not saved yet where that is nothing."""
    kept = RegionalText.objects.filter(region=region).select_related("changed_by").first()
    return kept or RegionalText(region=region)


def regional_pictures_of(region: Region) -> QuerySet[RegionalPicture]:
    """Return the regional pictures of a region, the latest first."""
    listed = RegionalPicture.objects.filter(region=region).select_related("asked_by", "region")
    return listed.order_by("-asked_at", "-pk")


def pictures_to_make() -> QuerySet[RegionalPicture]:
    """Return the regional pictures that wait to be made, the longest waiting first."""
    return RegionalPicture.objects.filter(made_at=None).order_by("asked_at", "pk")


def published_picture_of(region: Region) -> RegionalPicture | None:
    """Return the regional picture that was published, whether visitors still get it or not."""
    published = RegionalPicture.objects.filter(region=region, published_at__isnull=False, withdrawn_at=None)
    return published.select_related("region").first()


def is_all_public(picture: RegionalPicture) -> bool:
    """Tell whether everything that a regional picture for everybody tells of is public now (rules 23 and 26)."""
    organisations = public_organisations_in(picture.region).filter(map_key__in=picture.organisations)
    questions = ParticipationQuestion.objects.filter(
        pk__in=picture.questions, region=picture.region, is_public=True
    )
    return (organisations.count(), questions.count()) == (len(picture.organisations), len(picture.questions))


def shown_picture_of(region: Region) -> RegionalPicture | None:
    """Return the regional picture that visitors get."""
    picture = published_picture_of(region)
    return picture if picture is not None and is_all_public(picture) else None
