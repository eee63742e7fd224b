"""Reads of regional pictures."""

from django.db.models import QuerySet

from hubportal.kernel.canonical import canonical_bytes, digest
from mapping.models import ParticipationQuestion
from organisations.queries import public_organisations_in
from pictures.models import EarlierText, RegionalPicture, RegionalText
from pictures.queries import public_cards_in, public_ties_within
from regions.models import Region

# So many earlier versions of a text are kept (rule 32).
VERSIONS_KEPT = 30


def text_of(region: Region) -> RegionalText:
    """Return what is written of a region; one that is not saved yet where that is nothing."""
    kept = RegionalText.objects.filter(region=region).select_related("changed_by").first()
    return kept or RegionalText(region=region)


def earlier_texts_of(region: Region) -> QuerySet[EarlierText]:
    """Return the earlier versions of what is written of a region, the latest first."""
    return EarlierText.objects.filter(region=region).select_related("saved_by").order_by("-version", "pk")


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
    """Tell whether everything that a regional picture for everybody tells is public now, as it tells it (rules 23 and 26)."""
    organisations = public_organisations_in(picture.region).filter(map_key__in=picture.organisations)
    questions = _public_questions(picture.region).filter(pk__in=picture.questions)
    are_there = (organisations.count(), questions.count()) == (
        len(picture.organisations),
        len(picture.questions),
    )
    return are_there and told_now(picture.region).issuperset(picture.told)


def told_now(region: Region) -> set[str]:
    """Return a digest of each fact that a picture of a region can tell everybody now: names, questions and ties.

    Of a name or a question that was changed, or a tie that was taken away, the earlier one is public no more.
    """
    cards = public_cards_in(region)
    questions = _public_questions(region)
    ties = public_ties_within([each.pk for each, _card in cards])
    facts = [
        *((str(each.map_key), card.name) for each, card in cards),
        *((str(key), title) for key, title in questions.order_by("pk").values_list("pk", "title")),
        *((str(one), str(other), kind) for one, other, kind in ties.values_list("one", "other", "kind")),
    ]
    return {digest(canonical_bytes({"fact": list(each)})) for each in facts}


def _public_questions(region: Region) -> QuerySet[ParticipationQuestion]:
    """Return the questions that were made public, also those that ended since."""
    return ParticipationQuestion.objects.filter(region=region, is_public=True)


def shown_picture_of(region: Region) -> RegionalPicture | None:
    """Return the regional picture that visitors get."""
    picture = published_picture_of(region)
    return picture if picture is not None and is_all_public(picture) else None
