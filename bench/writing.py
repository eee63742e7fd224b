"""Fifty people who write at once, each in a draft of their own, beside one who writes alone."""

import json
import os
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from statistics import median, quantiles

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.http import HttpRequest
from django.urls import reverse

from applications.enums import Status
from applications.models import Application
from bench.browser import Answer, Browser, Fields
from bench.world import begin, fill
from demo.processes import free_port, running, wait_until_served
from hubportal.accounts.models import User

APPLICATIONS, PEOPLE, SECONDS, ALONE = 800, 50, 60, 60
# Everybody pauses, which saves, this often: the script saves 1.5 s after the last key.
PACE = 2.0
MAX_RATIO = 5.0


@dataclass
class Writer:
    """Somebody with a draft of their own: the page of a section of it, and what its form holds."""

    browser: Browser
    path: str
    fields: Fields = field(default_factory=dict)

    def open(self) -> None:
        """Open the page, before anything is measured: people do so at moments of their own."""
        self.fields = self.browser.form(self.path)

    def save(self, turn: int) -> Answer:
        """Type one word more, and save as the script does."""
        self.fields["text"] += f" woord{turn}"
        answer = self.browser.post(self.path, self.fields, accept="application/json")
        if answer.status == HTTPStatus.OK:
            self.fields["seen_version"] = str(json.loads(answer.body)["version"])
        return answer


def measure(
    applications: int = APPLICATIONS, people: int = PEOPLE, seconds: int = SECONDS, alone: int = ALONE
) -> None:
    """Let one person save, then all at once, and print how long a save takes."""
    fill(begin(), applications)
    sessions = _sessions(people)
    connection.close()
    with _served() as address:
        writers = [Writer(Browser(address, session=key), path) for key, path in sessions]
        for each in writers:
            each.open()
        idle = [writers[0].save(turn) for turn in range(alone)]
        with ThreadPoolExecutor(people) as pool:
            until = time.monotonic() + seconds
            writing = [pool.submit(_write, each, number, until) for number, each in enumerate(writers)]
            busy = [answer for each in writing for answer in each.result()]
    _print(idle, busy, people, seconds)


def _sessions(count: int) -> list[tuple[str, str]]:
    """Return the sessions of that many different people, each with the page of a section of a draft that they began."""
    drafts = (
        Application.objects.filter(status=Status.DRAFT).order_by("created_by", "pk").distinct("created_by")
    )
    found = list(drafts.select_related("created_by", "call")[:count])
    assert len(found) == count, f"only {len(found)} people have a draft"
    places = [[each.reference, each.call.sections.all()[0].key] for each in found]
    pages = [reverse("applications:section", args=each) for each in places]
    return list(zip((_session_of(each.created_by) for each in found), pages, strict=True))


def _session_of(user: User) -> str:
    request = HttpRequest()
    request.session = SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    key = request.session.session_key
    assert key is not None
    return key


@contextmanager
def _served() -> Iterator[str]:
    """Serve the database as production does: two workers with four threads each."""
    port = free_port(8200)
    address = f"http://127.0.0.1:{port}"
    environment = {"DATABASE_URL": os.environ["DATABASE_URL"], "HUBPORTAL_ADDRESS": address}
    with running(settings.STORAGE_DIR / "run" / "writing", environment) as processes:
        bound = ("--bind", f"127.0.0.1:{port}", "--no-control-socket")
        processes.start("web", "gunicorn", "--config", "deploy/gunicorn.py", *bound, "bench.served")
        wait_until_served(processes, address)
        yield address


def _write(writer: Writer, number: int, until: float) -> list[Answer]:
    """Save about every two seconds, not in step with the others."""
    chance = random.Random(number)  # noqa: S311 -- when somebody pauses
    due, answers = time.monotonic() + chance.uniform(0, PACE), list[Answer]()
    while due < until:
        time.sleep(max(due - time.monotonic(), 0))
        answers.append(writer.save(len(answers)))
        due += chance.uniform(0.5 * PACE, 1.5 * PACE)
    return answers


def _print(idle: list[Answer], busy: list[Answer], people: int, seconds: int) -> None:
    alone = median(each.seconds for each in idle) * 1000
    times = sorted(each.seconds * 1000 for each in busy)
    slow = quantiles(times, n=20)[-1]
    wrong = [each.status for each in [*idle, *busy] if each.status != HTTPStatus.OK]
    print(
        f"one person: {len(idle)} saves, median {alone:.1f} ms, at most {max(each.queries for each in idle)} queries"
    )
    print(
        f"{people} people: {len(busy)} saves in {seconds} s, median {median(times):.1f} ms, longest {times[-1]:.1f} ms"
    )
    print(f"95th percentile {slow:.1f} ms, {slow / alone:.2f} times one person's median, at most {MAX_RATIO}")
    print(f"errors: {len(wrong)} {sorted(set(wrong))}" if wrong else "errors: none")
    assert not wrong
