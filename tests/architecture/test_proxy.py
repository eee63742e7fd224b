"""What the proxy of ``deploy/`` limits, compresses and says, read from its configuration."""

import re
import subprocess
from typing import Any

import pytest
from django.conf import settings

from hubportal.documents.domain.uploads import upload_limit
from hubportal.kernel.languages import in_language
from hubportal.settings import LANGUAGES
from tests.architecture.sources import ROOT

DEPLOY = ROOT / "deploy"
VERIFICATION = "^/(en/)?verificatie/$"
Block = list[tuple[list[str], "Block | None"]]


def parsed(name: str) -> Block:
    """Return the directives of a file, each with its words and, of a block, its own directives."""
    text = re.sub(r"(?m)^\s*#.*$", "", (DEPLOY / name).read_text(encoding="utf-8"))
    tokens = iter(re.findall(r'"[^"]*"|[{};]|[^\s{};]+(?:\{\w+\}[^\s{};]*)*', text))
    return _block(tokens)


def _block(tokens: Any) -> Block:
    found: Block = []
    words: list[str] = []
    for token in tokens:
        if token == "}":
            break
        if token == ";":
            found.append((words, None))
            words = []
        elif token == "{":
            found.append((words, _block(tokens)))
            words = []
        else:
            words.append(token.strip('"'))
    assert words == []
    return found


def of(block: Block, *name: str) -> list[list[str]]:
    return [words[len(name) :] for words, _inner in block if words[: len(name)] == list(name)]


TOP = parsed("nginx.conf")
(SERVER,) = (inner for words, inner in TOP if words == ["server"] and inner and of(inner, "ssl_certificate"))


def location(*words: str) -> Block:
    (inner,) = (inner for each, inner in SERVER if each == ["location", *words])
    assert inner is not None
    return inner


def test_body_is_as_large_as_an_upload_with_its_form() -> None:
    """Rule 24."""
    ((limit,),) = of(SERVER, "client_max_body_size")
    assert int(limit.removesuffix("m")) * 1024**2 == settings.UPLOAD_LIMIT_BYTES + 1024**2
    assert "client_max_body_size" not in (DEPLOY / "portal.conf").read_text(encoding="utf-8")


def test_requests_and_connections_are_limited_by_visitor() -> None:
    zones = {words[1].partition(":")[0] for words in of(TOP, "limit_req_zone")}
    assert [words[0] for words in of(TOP, "limit_req_zone") + of(TOP, "limit_conn_zone")] == ["$visitor"] * 3
    assert zones == {"zone=requests", "zone=verification"}
    assert (of(TOP, "limit_req_status"), of(TOP, "limit_conn_status")) == ([["429"]], [["429"]])
    assert [words[0] for words in of(SERVER, "limit_req")] == ["zone=requests"]
    assert [words[0] for words in of(SERVER, "limit_conn")] == ["connections"]
    # A location with a limit of its own inherits none.
    assert {words[0] for words in of(location("~", VERIFICATION), "limit_req")} == zones


def test_verification_is_limited_in_every_language() -> None:
    for code, _name in LANGUAGES:
        assert re.match(VERIFICATION, in_language("/verificatie/", code)), code
    assert not re.match(VERIFICATION, "/verificatie/HP-AAAA-AAAA-AAAA/")


@pytest.mark.parametrize(
    ("address", "visitor"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:aaaa:bbbb:cccc:dddd", "2001:db8:0:1"),
        ("2001:db8:0:1::5", "2001:db8:0:1"),
        ("2001:db8::5", "2001:db8::5"),
    ],
)
def test_one_network_is_one_visitor(address: str, visitor: str) -> None:
    pattern = next(words[0] for words, _none in dict_of_map() if words[0].startswith("~"))
    found = re.match(pattern.removeprefix("~").replace("(?<", "(?P<"), address)
    assert (found["network"] if found else address) == visitor


def dict_of_map() -> Block:
    (inner,) = (inner for words, inner in TOP if words[0] == "map" and words[-1] == "$visitor")
    assert inner is not None
    return inner


def test_what_the_proxy_refuses_is_said_in_our_words() -> None:
    pages = {code: words[-1] for words in of(SERVER, "error_page") for code in words[:-1]}
    assert pages == {"413": "/413.html", "429": "/429.html", "502": "/502.html", "504": "/502.html"}
    for name in set(pages.values()):
        text = (DEPLOY / "pages" / name.removeprefix("/")).read_text(encoding="utf-8")
        assert '<html lang="nl">' in text
        assert 'lang="en"' in text
        assert "<script" not in text
    told = (DEPLOY / "pages" / "413.html").read_text(encoding="utf-8").replace("\u00a0", " ")
    assert told.count(upload_limit().replace("\u00a0", " ")) == 2


def test_pages_are_compressed_and_what_is_compressed_already_is_not() -> None:
    assert of(SERVER, "gzip") == [["on"]]
    assert of(SERVER, "gzip_proxied") == [["any"]]
    (types,) = of(SERVER, "gzip_types")
    assert {"application/json", "text/css"} <= set(types)
    assert not {"application/pdf", "font/woff2"} & set(types)


def test_whether_the_portal_is_ready_is_asked_a_few_times_a_minute() -> None:
    assert of(location("=", "/healthz/ready"), "limit_req") == [["zone=verification", "burst=5", "nodelay"]]


def test_every_request_is_handed_on_the_same_way() -> None:
    for place in (("=", "/healthz/ready"), ("~", VERIFICATION), ("/",)):
        assert of(location(*place), "include") == [["/etc/nginx/portal.conf"]]
    mounts = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for mount in ("portal.conf:/etc/nginx/portal.conf:ro", "pages:/etc/nginx/pages:ro"):
        assert f"./deploy/{mount}" in mounts


@pytest.mark.parametrize("name", ["deploy/signing.p12", "deploy/tls/privkey.pem", ".env"])
def test_no_key_can_be_committed(name: str) -> None:
    assert subprocess.run(["git", "check-ignore", "--quiet", name], cwd=ROOT, check=False).returncode == 0
