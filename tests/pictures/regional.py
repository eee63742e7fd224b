"""Regional pictures as a kwartiermaker has them made, in tests."""

from datetime import datetime
from uuid import UUID, uuid4

from hubportal.accounts.models import User
from hubportal.kernel import clock
from pictures.domain.regional_pictures import ask_for_regional_picture, publish_regional_picture
from pictures.domain.regional_texts import save_regional_text
from pictures.enums import Readers
from pictures.models import RegionalPicture
from pictures.regional_queries import text_of
from pictures.tasks import make_regional_pictures_task
from regions.models import Region
from tests.factories.moments import AT

__all__ = ["asked", "made", "published", "written"]


def written(
    region: Region,
    actor: User,
    text: str = "Onze regio.",
    sources: str = "CBS 2021",
    *,
    at: datetime = AT,
) -> None:
    seen = text_of(region).version
    save_regional_text(region=region, text=text, sources=sources, seen_version=seen, actor=actor, at=at)


def asked(region: Region, actor: User, readers: Readers, key: UUID | None = None) -> RegionalPicture:
    return ask_for_regional_picture(region=region, readers=readers, key=key or uuid4(), actor=actor, at=AT)


def made(region: Region, actor: User, readers: Readers = Readers.EVERYBODY) -> RegionalPicture:
    picture = asked(region, actor, readers)
    make_regional_pictures_task()
    picture.refresh_from_db()
    return picture


def published(region: Region, actor: User) -> RegionalPicture:
    picture = made(region, actor)
    return publish_regional_picture(
        picture_id=picture.pk, region=region, seen=picture.sha256, actor=actor, at=clock.now()
    )
