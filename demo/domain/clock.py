"""Moving the demo's clock."""

from datetime import UTC, datetime, timedelta

from demo.models import ClockOffset


def read_offset() -> timedelta:
    """Return the offset that all processes share."""
    row = ClockOffset.objects.filter(pk=1).only("offset").first()
    return row.offset if row is not None else timedelta(0)


def set_clock(moment: datetime) -> None:
    """Let the portal live at this moment from now on, in every process."""
    ClockOffset.objects.update_or_create(pk=1, defaults={"offset": moment - datetime.now(UTC)})


def restore_clock() -> None:
    """Let the portal live in the present again."""
    ClockOffset.objects.all().delete()
