"""A browser without a screen: one connection that stays open, cookies, and forms as they stand on a page."""

import time
from dataclasses import dataclass
from html.parser import HTMLParser
from http import HTTPStatus
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from demo.cast import DemoPerson

Fields = dict[str, str]
# In which bench.served tells how many queries an answer took.
QUERIES_HEADER = "X-Queries"
# Gunicorn closes a connection that nothing came over for two seconds: who would use it then opens another one, as a browser does.
_KEPT_SECONDS = 1.0


@dataclass(frozen=True)
class Answer:
    """What came back, and what it took."""

    status: int
    body: str
    seconds: float
    queries: int


class Browser:
    """Somebody at one server, logged in as a person of the demo or by a session; else a visitor."""

    def __init__(self, address: str, person: DemoPerson | None = None, *, session: str = "") -> None:
        parts = urlsplit(address)
        self._connection = HTTPConnection(parts.hostname or "", parts.port)
        self._used_at = 0.0
        self._cookies: Fields = {"sessionid": session} if session else {}
        if person is not None:
            self.get(reverse("account_login"))
            answer = self.post(reverse("demo:log_in_as", args=[person.key]), {})
            assert answer.status == HTTPStatus.FOUND, f"{person.name} was not let in: {answer.status}"

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, fields: Fields, *, accept: str = "text/html") -> Answer:
        """Send a form."""
        token = {"csrfmiddlewaretoken": self._cookies.get("csrftoken", "")}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        return self._ask("POST", path, urlencode({**fields, **token}), headers)

    def form(self, path: str, action: str = "") -> Fields:
        """Return the fields of the form that goes to an action, as its page shows them."""
        page = self.get(path)
        reader = _FormReader(action or path)
        reader.feed(page.body)
        assert reader.fields, f"{path} has no form to {action or path}: {page.status}"
        return reader.fields

    def _ask(self, method: str, path: str, body: str | None, headers: Fields) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        began = time.perf_counter()
        if began - self._used_at > _KEPT_SECONDS:
            self._connection.close()
        self._connection.request(method, path, body, {**headers, "Cookie": cookies})
        response = self._connection.getresponse()
        text = response.read()
        self._used_at = time.perf_counter()
        seconds = self._used_at - began
        for each in response.headers.get_all("Set-Cookie", []):
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(each).items()}
        queries = int(response.headers.get(QUERIES_HEADER, 0))
        return Answer(response.status, text.decode(errors="replace"), seconds, queries)


class _FormReader(HTMLParser):
    """Collects what a browser would send of one form, buttons excepted."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.fields: Fields = {}
        self._action = action
        self._is_inside = False
        self._writing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = own.get("method") == "post" and own.get("action", self._action) == self._action
        if not self._is_inside or "name" not in own:
            return
        name = own["name"]
        if tag == "textarea":
            self._writing, self.fields[name] = name, ""
        elif tag == "input" and (own.get("type") not in {"radio", "checkbox"} or "checked" in own):
            self.fields[name] = own.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        if tag == "textarea":
            self._writing = ""

    def handle_data(self, data: str) -> None:
        if self._writing:
            self.fields[self._writing] += data
