"""Play the whole main job of the call of 2024 through the real broker, worker and beat."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from redis import Redis

from calls.models import Call
from demo.cases import DemoCase, cases
from demo.domain.calendar import Play, play
from demo.domain.clock import set_clock
from demo.domain.jobs import JobsStuckError, WorkerJobs
from demo.domain.people import seat_cast
from demo.domain.seeding import load_all
from demo.processes import ProcessEndedError, running, start_jobs
from hubportal.kernel.errors import RuleViolation
from hubportal.mail.enums import MailStatus
from hubportal.mail.models import OutgoingMail
from letters.models import Letter
from regions.models import Region

# How many coalitions apply in each round: uneven, as in life.
PER_ROUND = {1: 12, 2: 8, 3: 9, 4: 7, 5: 10}


class Command(BaseCommand):
    """Play the call of 2024; ``manage.py demo --check`` gives it a database of its own."""

    help = "Play the call of 2024 in the database, broker and storage of the environment."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder for logs."""
        parser.add_argument("--folder", type=Path, required=True)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Play, prove and say how it went."""
        try:
            self._play(folder)
            problems = list(_problems())
        except (JobsStuckError, ProcessEndedError, RuleViolation) as problem:
            problems = [str(problem)]
        if problems:
            self.stdout.write("main job: FAILED\n" + "\n".join(problems))
            sys.exit(1)
        self.stdout.write(self.style.SUCCESS("main job: ok"))

    def _play(self, folder: Path) -> None:
        self._say("main job: making a database of its own")
        call_command("migrate", verbosity=0)
        Redis.from_url(settings.REDIS_URL).flushdb()
        cache.clear()
        self._say("main job: loading regions, calls and people")
        load_all(settings.BASE_DIR / "fixtures")
        people = seat_cast(at=datetime.now(UTC))
        call = Call.objects.get(slug="coalitievorming-2024")
        set_clock(call.opens_at)
        with running(folder, {}) as processes:
            self._say("main job: starting worker and beat, and playing round 1")
            start_jobs(processes)
            jobs = WatchedJobs(processes)
            for report in play(Play(call, _cases_per_round(), people, jobs)):
                self._say(str(report))
        call_command("verify_files", stdout=self.stdout)
        call_command("check_invariants", stdout=self.stdout)

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


class WatchedJobs(WorkerJobs):
    """The real jobs, that fail at once when their processes end."""

    def __init__(self, processes: Any) -> None:
        super().__init__()
        self.processes = processes

    def finish(self, call: Call) -> None:
        """Wait for the jobs. Raises ``ProcessEndedError`` and ``JobsStuckError``."""
        self.processes.check()
        super().finish(call)


def _cases_per_round() -> dict[int, list[DemoCase]]:
    regions = list(Region.objects.order_by("code"))
    numbered = cases(regions, sum(PER_ROUND.values()))
    return {number: [next(numbered) for _ in range(count)] for number, count in PER_ROUND.items()}


def _problems() -> Iterator[str]:
    """Yield what is not as it must be after the last round."""
    expected = sum(PER_ROUND.values())
    sent = Letter.objects.filter(sent_at__isnull=False)
    if sent.count() != expected:
        yield f"{sent.count()} of {expected} letters were sent"
    if sent.exclude(dated_on__year=2024).exists():
        yield "a letter is not dated in 2024"
    left = OutgoingMail.objects.exclude(status=MailStatus.SENT).count()
    if left:
        yield f"{left} mails were not sent"
