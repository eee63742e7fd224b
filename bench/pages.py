"""Every page that people wait for, at 100 and at 5,000 applications, asked in turns of two running portals."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from urllib.parse import urlsplit, urlunsplit

import psutil
from django.conf import settings
from django.db import connection
from django.urls import reverse

from applications.enums import Status
from applications.models import Application
from bench.browser import Answer, Browser
from bench.world import World, begin, fill
from demo.cast import APPLICANT, CHAIR, OFFICER, REVIEWER_ONE, DemoPerson
from demo.processes import Processes, free_port, running, wait_until_served

SMALL, LARGE = 100, 5_000
TURNS = 25
MAX_GROWTH, MAX_MEMORY = 1.2, 130 * 2**20
# A page that comes to so much more shows more: more rows, or more in each.
FULLER = 1.05

Act = Callable[[Browser, int], Answer]


@dataclass(frozen=True)
class Page:
    """Something that somebody asks; ``act`` makes ready unmeasured and returns the answer that counts."""

    name: str
    person: DemoPerson | None
    act: Act
    status: int = 200


@dataclass(frozen=True)
class Measured:
    """What a page took at one size, and how many bytes it came to."""

    milliseconds: float
    queries: int
    size: int


def measure(small_count: int = SMALL, large_count: int = LARGE, turns: int = TURNS) -> None:
    """Fill two databases, serve both, and print what each page takes at both sizes."""
    print(f"loop of 3,000,000 additions: {_fixed_loop() * 1000:.0f} ms")
    world = begin()
    fill(world, small_count)
    small = connection.settings_dict["NAME"]
    pages = _pages(world)
    with _second_database(f"{small}_large") as large:
        fill(world, large_count, start=small_count)
        connection.close()
        with _served(small) as (near, first), _served(large) as (far, second):
            found = [(page, *_asked(page, near, far, turns)) for page in pages]
            memory = [_worker_memory(each) for each in (first, second)]
    _print(found, memory, small_count, large_count)


def _fixed_loop() -> float:
    """Return the seconds of a loop that is the same everywhere, by which machines are compared."""
    times = []
    for _turn in range(5):
        began, total = time.perf_counter(), 0
        for each in range(3_000_000):
            total += each
        times.append(time.perf_counter() - began)
    return min(times)


def _pages(world: World) -> list[Page]:
    of = {state: original.reference for state, original in world.originals.items()}
    draft = Application.objects.get(reference=of["draft"])
    section = reverse("applications:section", args=[of["draft"], draft.call.sections.all()[0].key])
    review = reverse("admin:review", args=[of["assigned"]])
    in_round = reverse("admin:round", args=[draft.call.slug, 2])
    region = reverse("website:region", args=[world.originals["granted"].coalition.region.slug])
    return [
        _read("home", None, reverse("website:home")),
        _read("region map", None, reverse("website:map")),
        _read("region", None, region),
        _read("start", APPLICANT, reverse("website:start")),
        _read("own applications", APPLICANT, reverse("applications:list")),
        _read("section", APPLICANT, section),
        Page("section, saved", APPLICANT, _saved(section, {"stay": "1"}), 302),
        Page("section, autosaved", APPLICANT, _saved(section, {}, accept="application/json")),
        _read("check", APPLICANT, reverse("applications:check", args=[of["draft"]])),
        Page("submitted", APPLICANT, _submitted(world), 302),
        _read("own application", APPLICANT, reverse("applications:status", args=[of["submitted"]])),
        _read("office", OFFICER, reverse("admin:index")),
        _read("reviewer's list", REVIEWER_ONE, reverse("admin:assignments")),
        _read("review", REVIEWER_ONE, review),
        Page("review, saved", REVIEWER_ONE, _saved(review, {"save": "1"}), 302),
        _read("interests to declare", CHAIR, reverse("admin:to_declare")),
        _read("advice waiting", CHAIR, reverse("admin:advice_waiting")),
        _read("advice", CHAIR, reverse("admin:advice", args=[of["reviewed"]])),
        _read("rounds", OFFICER, reverse("admin:rounds")),
        _read("office's list", OFFICER, in_round),
        _read("office's list by score", OFFICER, f"{in_round}?volgorde=score"),
        _read("decisions waiting", OFFICER, reverse("admin:decisions_waiting")),
        _read("decision", OFFICER, reverse("admin:decision", args=[of["advised"]])),
        _read("letters", OFFICER, reverse("admin:letters")),
        _read("letter", OFFICER, reverse("admin:letter", args=[of["decided"]])),
        _read("mails", OFFICER, reverse("admin:mails")),
    ]


def _read(name: str, person: DemoPerson | None, path: str) -> Page:
    return Page(name, person, lambda browser, _turn: browser.get(path))


def _saved(path: str, button: dict[str, str], *, accept: str = "text/html") -> Act:
    """Type something else into the first text of a form each time."""

    def act(browser: Browser, turn: int) -> Answer:
        fields = browser.form(path)
        name = "text" if "text" in fields else "remark"
        return browser.post(
            path, {**fields, **button, name: f"Een andere tekst, {turn} {accept}"}, accept=accept
        )

    return act


def _submitted(world: World) -> Act:
    """Submit another draft each time; every database has the same."""
    own = Application.objects.filter(created_by=world.people[APPLICANT.key], status=Status.DRAFT)
    copied = own.exclude(pk=world.originals["draft"].pk).order_by("pk")
    drafts = list(copied.values_list("reference", flat=True))
    third = str(world.call.rounds.get(number=3).pk)

    def act(browser: Browser, turn: int) -> Answer:
        path = reverse("applications:submit", args=[drafts[turn]])
        return browser.post(path, {"round": third})

    return act


def _asked(page: Page, near: str, far: str, turns: int) -> tuple[Measured, Measured]:
    """Ask both portals in turns, so that other load on the machine slows both alike."""
    browsers = [Browser(address, page.person) for address in (near, far)]
    answers: list[list[Answer]] = [[], []]
    for turn in range(turns + 2):
        for browser, kept in zip(browsers, answers, strict=True):
            answer = page.act(browser, turn)
            assert answer.status == page.status, f"{page.name}: {answer.status}, not {page.status}"
            kept.append(answer)
    return _summed(answers[0][2:]), _summed(answers[1][2:])


def _summed(answers: list[Answer]) -> Measured:
    return Measured(
        milliseconds=median(each.seconds for each in answers) * 1000,
        queries=max(each.queries for each in answers),
        size=len(answers[-1].body.encode()),
    )


@contextlib.contextmanager
def _second_database(name: str) -> Iterator[str]:
    """Go on in a copy of the database."""
    original = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{original}" STRATEGY file_copy')
    connection.settings_dict["NAME"] = name
    yield name
    connection.close()
    connection.settings_dict["NAME"] = original
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def _served(database: str) -> Iterator[tuple[str, psutil.Process]]:
    """Serve a database by one worker of gunicorn with one thread, and give its address and process."""
    port = free_port(8100)
    address = f"http://127.0.0.1:{port}"
    found = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
    environment = {"DATABASE_URL": found, "HUBPORTAL_ADDRESS": address}
    with running(settings.STORAGE_DIR / "run" / database, environment) as processes:
        _start(processes, port)
        wait_until_served(processes, address)
        (worker,) = psutil.Process(processes.running["web"].pid).children()
        yield address, worker


def _start(processes: Processes, port: int) -> None:
    processes.start(
        "web",
        *("gunicorn", "bench.served", "--bind", f"127.0.0.1:{port}", "--keep-alive", "60"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "1", "--no-control-socket"),
    )


def _worker_memory(worker: psutil.Process) -> int:
    memory: int = worker.memory_info().rss
    return memory


def _print(found: list[tuple[Page, Measured, Measured]], memory: list[int], small: int, large: int) -> None:
    print(f"\n{'page':<24}{'ms':>8}{'ms':>8}{'growth':>8}{'queries':>9}{'':>5}{'kB':>7}{'':>5}")
    print(f"{'applications':<24}{small:>8,}{large:>8,}{'':>8}{small:>9,}{large:>6,}{small:>6,}{large:>6,}")
    steep = []
    for page, near, far in found:
        growth = far.milliseconds / near.milliseconds
        print(
            f"{page.name:<24}{near.milliseconds:>8.1f}{far.milliseconds:>8.1f}{growth:>8.2f}"
            f"{near.queries:>9}{far.queries:>6}{near.size / 1000:>6.0f}{far.size / 1000:>6.0f}"
        )
        if growth > MAX_GROWTH:
            steep.append(
                f"{page.name} {growth:.2f}" + (" (fuller page)" if far.size > near.size * FULLER else "")
            )
    print(
        f"\nworker: {' and '.join(f'{each / 2**20:.0f}' for each in memory)} MiB, at most {MAX_MEMORY >> 20}"
    )
    print(f"grows more than {MAX_GROWTH}: {'; '.join(steep) or 'nothing'}")
    sys.stdout.flush()
