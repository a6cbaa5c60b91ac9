"""A local server that answers as Crossref, PubMed's E-utilities and DataCite do, from a small library in memory.

Tests use the `apis` fixture of tests/references/conftest.py, or `LocalApis()` as a context manager. What it holds and
how it behaves may be changed while it runs. By itself, for a site that runs beside it:
`python -m tests.local_apis --port 9009`, which prints the settings to give the site; POST /_control
`{"call": "retract", "args": ["10.5555/a", "10.5555/notice"]}` changes it from outside.

The shapes are those of Crossref's REST API (message-type `work` and `work-list`; `update-to` on a notice, `updated-by`
on what it is about; `relation`), of the E-utilities (`efetch` of MEDLINE text, `esearch` and `esummary` in JSON) and of
DataCite's REST API (JSON:API, `data.attributes`). The works are our own inventions under the DOI prefix for tests.
"""

from __future__ import annotations

import argparse
import copy
import gzip
import json
import re
import socket
import struct
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MODES = (
    "slow",  # nothing for `seconds`, then the answer
    "drip",  # the answer, a byte at a time
    "broken",  # text that is no JSON
    "truncated",  # half of the promised body
    "limited",  # 429 with Retry-After
    "failing",  # 500
    "unavailable",  # 503 with Retry-After
    "refusing",  # 400
    "private",  # a redirect to a private address
    "elsewhere",  # a redirect to another public host
    "loop",  # a redirect to itself
    "moved",  # a redirect to the same question, once
    "huge",  # more than anybody wants
    "bomb",  # little that unpacks to more than anybody wants
    "reset",  # the connection breaks off without an answer
)
CONTROLS = [
    "set",
    "set_pubmed",
    "set_pmc",
    "set_datacite",
    "retract",
    "retract_pubmed",
    "page",
    "forget",
    "behave",
    "well",
]


@dataclass(frozen=True)
class Seen:
    """A request that arrived."""

    method: str
    service: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    at: float


@dataclass
class _Behaviour:
    mode: str
    service: str
    times: int | None
    seconds: float
    to: str


@dataclass
class LocalApis:
    """The server and its library. `seen` holds every request that arrived, in its order."""

    port: int = 0
    works: dict[str, dict[str, Any]] = field(default_factory=dict)
    medline: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    pmc: dict[str, dict[str, str]] = field(default_factory=dict)
    datasets: dict[str, dict[str, Any]] = field(default_factory=dict)
    pages: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    behaviours: list[_Behaviour] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lock = threading.RLock()
        owner = self

        class Handler(_Handler):
            apis = owner

        self.server = _Server(("127.0.0.1", self.port), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> LocalApis:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)

    # -- Where it is -------------------------------------------------------------------------------------------

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    @property
    def settings(self) -> dict[str, Any]:
        """The site's settings that lead it here."""
        return {
            "LOOKUP_ENABLED": True,
            "LOOKUP_EMAIL": "library@example.org",
            "CROSSREF_URL": f"{self.url}/crossref",
            "EUTILS_URL": f"{self.url}/eutils",
            "DATACITE_URL": f"{self.url}/datacite",
            "LOOKUP_PRIVATE_HOSTS": [self.host],
        }

    # -- What it holds -----------------------------------------------------------------------------------------

    def set(self, doi: str, **message: Any) -> dict[str, Any]:
        """Give a work to Crossref: a plain journal article, in which `message` changes fields (`-` in names as `_`)."""
        fields = {name.replace("_", "-"): value for name, value in message.items()}
        with self.lock:
            work = self.works.get(doi.lower()) or article(doi)
            work.update(fields)
            self.works[doi.lower()] = work
            return work

    def set_pubmed(self, pmid: str, *, pmcid: str = "", doi: str = "", **fields: str | list[str]) -> None:
        """Give a record to PubMed: MEDLINE tags by name, as `TI="…"`, `PT=["Journal Article"]`."""
        with self.lock:
            record = self.medline.setdefault(pmid, medline_record(pmid))
            for tag, value in fields.items():
                record[tag] = [value] if isinstance(value, str) else list(value)
            if doi:
                record["LID"] = [f"{doi} [doi]"]
                record["AID"] = [f"{doi} [doi]"]
            if pmcid:
                record["PMC"] = [pmcid]
                self.pmc[pmcid.upper().removeprefix("PMC")] = {"pmid": pmid, "doi": doi, "pmcid": pmcid}

    def set_pmc(self, pmcid: str, *, pmid: str = "0", doi: str = "") -> None:
        """Give a PubMed Central number that PubMed itself may not have (`pmid` is 0 then)."""
        with self.lock:
            self.pmc[pmcid.upper().removeprefix("PMC")] = {"pmid": pmid, "doi": doi, "pmcid": pmcid}

    def set_datacite(self, doi: str, **attributes: Any) -> dict[str, Any]:
        """Give a work to DataCite: a dataset, in which `attributes` changes fields."""
        with self.lock:
            self.datasets[doi.lower()] = dataset(doi) | attributes
            return self.datasets[doi.lower()]

    def retract(self, doi: str, notice_doi: str, kind: str = "retraction", source: str = "publisher") -> None:
        """Report an update to a work, as Crossref does: at the notice, and at the work itself."""
        with self.lock:
            when = {"date-parts": [[2024, 3, 5]], "date-time": "2024-03-05T00:00:00Z", "timestamp": 1709596800000}
            label = kind.replace("_", " ").capitalize()
            told = {"type": kind, "label": label, "source": source, "updated": when}
            notice = self.works.get(notice_doi.lower()) or article(notice_doi, title=f"{label}: a work")
            notice.setdefault("update-to", []).append({"DOI": doi.lower(), **told})
            self.works[notice_doi.lower()] = notice
            if doi.lower() in self.works:
                self.works[doi.lower()].setdefault("updated-by", []).append({"DOI": notice_doi.lower(), **told})

    def retract_pubmed(self, pmid: str, notice_pmid: str = "", kind: str = "Retracted Publication") -> None:
        """Report at PubMed that a record is retracted (or another of its publication types), with the notice."""
        tags = {"Retracted Publication": "RIN", "Expression of Concern": "ECI", "Published Erratum": "EIN"}
        with self.lock:
            record = self.medline.setdefault(pmid, medline_record(pmid))
            if kind == "Retracted Publication":
                record["PT"].append(kind)
            record.setdefault(tags.get(kind, "EIN"), []).append(f"J Tests. 2024 Mar 5;3(1):9. PMID: {notice_pmid}")

    def forget(self) -> None:
        """Empty the library, the behaviours and what was seen."""
        with self.lock:
            for each in (self.works, self.medline, self.pmc, self.datasets, self.pages, self.seen, self.behaviours):
                each.clear()

    def page(self, path: str, status: int = 200, **headers: str) -> str:
        """Put a plain page at a path, and return its address: for checks of links."""
        with self.lock:
            self.pages[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()})
        return self.url + path

    # -- How it behaves ----------------------------------------------------------------------------------------

    def behave(
        self, mode: str, service: str = "", *, times: int | None = None, seconds: float = 1.0, to: str = ""
    ) -> None:
        """From now on, answer requests (of one service: crossref, pubmed, datacite, page) in one of MODES.

        `times` says for how many requests; `seconds` how slow, or what Retry-After says; `to` where `elsewhere` and
        `private` lead.
        """
        if mode not in MODES:
            raise ValueError(f"{mode!r} is none of: {', '.join(MODES)}")
        with self.lock:
            self.behaviours.append(_Behaviour(mode, service, times, seconds, to))

    def well(self) -> None:
        """Behave well again."""
        with self.lock:
            self.behaviours.clear()

    def asked(self, service: str = "") -> list[Seen]:
        """The requests that arrived, of one service or of all."""
        with self.lock:
            return [each for each in self.seen if not service or each.service == service]

    def behaviour(self, service: str) -> _Behaviour | None:
        with self.lock:
            for each in self.behaviours:
                if each.service in {"", service} and each.times != 0:
                    if each.times is not None:
                        each.times -= 1
                    return each
        return None


def article(doi: str, **fields: Any) -> dict[str, Any]:
    """A journal article as Crossref's API holds one."""
    when = {"date-parts": [[2021, 5, 31]]}
    work: dict[str, Any] = {
        "DOI": doi.lower(),
        "URL": f"https://doi.org/{doi.lower()}",
        "type": "journal-article",
        "prefix": doi.split("/")[0],
        "source": "Crossref",
        "member": "98765",
        "title": ["A trial of tests"],
        "subtitle": [],
        "short-title": [],
        "author": [
            {"given": "Ann B.", "family": "Alpha", "sequence": "first", "affiliation": []},
            {"given": "Berta", "family": "Beta", "sequence": "additional", "affiliation": []},
        ],
        "container-title": ["Journal of Tests"],
        "short-container-title": ["J Tests"],
        "publisher": "House of Tests",
        "issued": when,
        "published": when,
        "published-print": when,
        "created": {"date-parts": [[2021, 5, 30]], "date-time": "2021-05-30T00:00:00Z", "timestamp": 1622332800000},
        "volume": "12",
        "issue": "3",
        "page": "101-110",
        "ISSN": ["2049-3630", "1234-5679"],
        "issn-type": [{"type": "electronic", "value": "2049-3630"}, {"type": "print", "value": "1234-5679"}],
        "language": "en",
        "relation": {},
        "reference-count": 0,
        "is-referenced-by-count": 0,
        "score": 1.0,
    }
    work.update({name.replace("_", "-"): value for name, value in fields.items()})
    if isinstance(work["title"], str):
        work["title"] = [work["title"]]
    return work


def medline_record(pmid: str) -> dict[str, list[str]]:
    """A record as PubMed's MEDLINE text holds one, by tag."""
    return {
        "PMID": [pmid],
        "OWN": ["NLM"],
        "STAT": ["MEDLINE"],
        "DCOM": ["20210701"],
        "LR": ["20210702"],
        "IS": ["2049-3630 (Electronic)", "1234-5679 (Print)"],
        "VI": ["12"],
        "IP": ["3"],
        "DP": ["2021 May 31"],
        "TI": ["A trial of tests."],
        "PG": ["101-110"],
        "AB": ["BACKGROUND: Tests are tried. METHODS: We tried them. RESULTS: They held."],
        "FAU": ["Alpha, Ann B", "Beta, Berta"],
        "AU": ["Alpha AB", "Beta B"],
        "LA": ["eng"],
        "PT": ["Journal Article", "Randomized Controlled Trial"],
        "PL": ["England"],
        "TA": ["J Tests"],
        "JT": ["Journal of tests"],
        "JID": ["9999999"],
        "SO": ["J Tests. 2021 May 31;12(3):101-110."],
    }


def dataset(doi: str) -> dict[str, Any]:
    """The attributes of a dataset as DataCite's API holds them."""
    return {
        "doi": doi.lower(),
        "prefix": doi.split("/")[0],
        "identifiers": [],
        "creators": [
            {
                "name": "Gamma, Gesine",
                "nameType": "Personal",
                "givenName": "Gesine",
                "familyName": "Gamma",
                "affiliation": [],
                "nameIdentifiers": [],
            },
            {"name": "Tests Collaboration", "nameType": "Organizational", "affiliation": [], "nameIdentifiers": []},
        ],
        "titles": [{"title": "Data of a trial of tests"}],
        "publisher": "Test Archive",
        "container": {},
        "publicationYear": 2022,
        "contributors": [],
        "dates": [{"date": "2022-02-03", "dateType": "Issued"}],
        "language": "en",
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "", "citeproc": "dataset", "ris": "DATA"},
        "relatedIdentifiers": [],
        "version": "1.0",
        "descriptions": [{"description": "All <b>measurements</b>.", "descriptionType": "Abstract"}],
        "url": f"https://archive.example.org/{doi.lower()}",
        "state": "findable",
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # Threads that still drip when a test ends are left behind.
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away in mid-answer are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    apis: LocalApis
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        asked = json.loads(self.rfile.read(length) or b"{}")
        if self.path != "/_control" or asked.get("call") not in CONTROLS:
            return self._send(404, b"{}")
        getattr(self.apis, asked["call"])(*asked.get("args", []), **asked.get("kwargs", {}))
        return self._send(200, b"{}")

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        first = parts.path.split("/")[1]
        service = {"crossref": "crossref", "eutils": "pubmed", "datacite": "datacite"}.get(first, "page")
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.apis.lock:
            seen = Seen(self.command, service, unquote(parts.path), query, headers, time.monotonic())
            self.apis.seen.append(seen)
        behaviour = self.apis.behaviour(service)
        if behaviour is not None and self._misbehave(behaviour, query):
            return None
        with self.apis.lock:
            status, body, more = getattr(self, f"_{service}")(parts.path, query)
        if behaviour is not None and behaviour.mode == "drip":
            return self._drip(body)
        if behaviour is not None and behaviour.mode == "truncated":
            return self._truncate(body)
        return self._send(status, body, more)

    # -- Crossref ----------------------------------------------------------------------------------------------

    def _crossref(self, path: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        head, _, rest = path.removeprefix("/crossref").partition("/works")
        if head or not path.startswith("/crossref/works"):
            return 404, b"Resource not found.", {"Content-Type": "text/plain"}
        pool = {"x-api-pool": "polite" if "mailto" in query else "public"}
        if rest.strip("/"):
            doi = unquote(rest.strip("/")).lower()
            if doi not in self.apis.works:
                return 404, b"Resource not found.", {"Content-Type": "text/plain"}
            return self._json({"status": "ok", "message-type": "work", "message-version": "1.0.0",
                               "message": self.apis.works[doi]}, pool)  # fmt: skip
        items = self._filtered(query.get("filter", ""))
        if words := query.get("query.bibliographic") or query.get("query.title") or query.get("query"):
            items = _ranked(items, words)
        rows, first = min(int(query.get("rows", "20")), 1000), int(query.get("offset", "0"))
        shown = items[first : first + rows]
        message = {"facets": {}, "total-results": len(items), "items": shown, "items-per-page": rows}
        return self._json(
            {"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message}, pool
        )

    def _filtered(self, text: str) -> list[dict[str, Any]]:
        items = list(self.apis.works.values())
        parts = [part.partition(":")[::2] for part in text.split(",") if part]
        # Of one filter that is named several times, each value counts; different filters must all hold.
        dois = {value.lower() for name, value in parts if name == "doi"}
        if dois:
            items = [each for each in items if str(each["DOI"]).lower() in dois]
        for name, value in parts:
            value = value.removeprefix("https://doi.org/").lower()
            if name == "updates":
                items = [each for each in items if any(u["DOI"] == value for u in each.get("update-to", []))]
            elif name == "is-update":
                items = [each for each in items if each.get("update-to")]
            elif name == "isbn":
                digits = re.sub("[^0-9x]", "", value)
                items = [e for e in items if digits in [re.sub("[^0-9x]", "", i.lower()) for i in e.get("ISBN", [])]]
        return items

    # -- E-utilities -------------------------------------------------------------------------------------------

    def _pubmed(self, path: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        tool = path.removeprefix("/eutils/").removesuffix(".fcgi")
        ids = [each.strip() for each in query.get("id", "").split(",") if each.strip()]
        if tool == "efetch" and query.get("db") == "pubmed" and query.get("rettype") == "medline":
            parts = [_medline(self.apis.medline[each]) for each in ids if each in self.apis.medline]
            lost = [f"\n1: id: {each} Error occurred: The following PMID is not available: {each}\n"
                    for each in ids if each not in self.apis.medline]  # fmt: skip
            return 200, "\n".join(["", *parts, *lost]).encode(), {"Content-Type": "text/plain; charset=UTF-8"}
        if tool == "esearch":
            found = [pmid for pmid, record in self.apis.medline.items() if _matches(record, query.get("term", ""))]
            shown = found[: int(query.get("retmax", "20"))]
            answer = {"count": str(len(found)), "retmax": str(len(shown)), "retstart": "0", "idlist": shown}
            return self._json({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": answer})
        if tool == "esummary" and query.get("db") == "pmc":
            result: dict[str, Any] = {"uids": ids}
            for each in ids:
                known = self.apis.pmc.get(each)
                result[each] = (
                    {"uid": each, "error": "cannot get document summary"}
                    if known is None
                    else {
                        "uid": each,
                        "title": "A trial of tests",
                        "articleids": [
                            {"idtype": kind, "idtypen": number, "value": known[kind]}
                            for number, kind in ((1, "pmid"), (3, "doi"), (8, "pmcid"))
                            if known[kind]
                        ],
                    }
                )
            return self._json({"header": {"type": "esummary", "version": "0.3"}, "result": result})
        return 400, b'{"error":"Invalid request"}', {"Content-Type": "application/json"}

    # -- DataCite ----------------------------------------------------------------------------------------------

    def _datacite(self, path: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        doi = unquote(path.removeprefix("/datacite/dois/")).lower()
        if doi not in self.apis.datasets:
            error = {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}
            return 404, json.dumps(error).encode(), {"Content-Type": "application/json"}
        data = {"id": doi, "type": "dois", "attributes": self.apis.datasets[doi], "relationships": {}}
        return self._json({"data": data})

    # -- Plain pages -------------------------------------------------------------------------------------------

    def _page(self, path: str, query: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
        status, headers = self.apis.pages.get(path, (404, {}))
        if headers.get("only") == "GET" and self.command == "HEAD":
            return 405, b"", {"Allow": "GET"}
        return status, b"<!doctype html><title>A page</title>", {"Content-Type": "text/html"} | headers

    # -- Sending, well and badly -------------------------------------------------------------------------------

    def _json(self, data: Any, headers: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
        return 200, json.dumps(data).encode(), {"Content-Type": "application/json"} | (headers or {})

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None, length: int | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _misbehave(self, behaviour: _Behaviour, query: dict[str, str]) -> bool:
        """Answer badly; False where the good answer is still to be sent."""
        match behaviour.mode:
            case "slow":
                time.sleep(behaviour.seconds)
                return False
            case "broken":
                self._send(200, b'{"status": "ok", "message": {"DOI', {"Content-Type": "application/json"})
            case "limited":
                self._send(429, b"Too Many Requests", {"Retry-After": f"{behaviour.seconds:g}"})
            case "unavailable":
                self._send(503, b"Service Unavailable", {"Retry-After": f"{behaviour.seconds:g}"})
            case "failing":
                self._send(500, b"Internal Server Error")
            case "refusing":
                self._send(400, b"Bad Request")
            case "private":
                self._send(302, b"", {"Location": behaviour.to or "http://169.254.169.254/latest/meta-data/"})
            case "elsewhere":
                self._send(302, b"", {"Location": behaviour.to or "https://www.example.org/"})
            case "loop":
                self._send(302, b"", {"Location": self.path})
            case "moved":
                if "moved" in query:
                    return False
                self._send(301, b"", {"Location": self.path + ("&" if "?" in self.path else "?") + "moved=1"})
            case "huge":
                self._huge()
            case "bomb":
                packed = gzip.compress(b"0" * 40_000_000)
                self._send(200, packed, {"Content-Encoding": "gzip", "Content-Type": "application/json"})
            case "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.close_connection = True
                self.connection.close()
            case _:
                return False
        return True

    def _huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2000000000")
        self.end_headers()
        for _ in range(400):
            self.wfile.write(b" " * 65_536)

    def _truncate(self, body: bytes) -> None:
        self._send(200, body[: len(body) // 2], {"Content-Type": "application/json"}, length=len(body))
        self.close_connection = True

    def _drip(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            time.sleep(0.02)


def _ranked(items: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    asked = set(re.findall(r"\w+", words.casefold()))
    scored = []
    for item in items:
        text = " ".join([*item.get("title", []), *(a.get("family", "") for a in item.get("author", []))])
        score = len(asked & set(re.findall(r"\w+", text.casefold())))
        if score:
            scored.append((score, copy.copy(item) | {"score": float(score)}))
    return [item for _score, item in sorted(scored, key=lambda pair: -pair[0])]


def _matches(record: dict[str, list[str]], term: str) -> bool:
    if " OR " in term:
        return any(_matches(record, part) for part in term.split(" OR "))
    words = set(re.findall(r"[\w./-]+", re.sub(r"\[[^\]]*\]", " ", term).casefold())) - {"and", "or"}
    held = " ".join(value for values in record.values() for value in values).casefold()
    return bool(words) and words <= set(re.findall(r"[\w./-]+", held))


def _medline(record: dict[str, list[str]]) -> str:
    """MEDLINE text: a tag of four places, a dash, and lines of at most 87 places that go on with six blanks."""
    lines = []
    for tag, values in record.items():
        for value in values:
            line = f"{tag:<4}- "
            for word in value.split(" "):
                if len(line) + len(word) > 87 and line.strip():
                    lines.append(line.rstrip())
                    line = "      "
                line += word + " "
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


def main() -> None:
    """Serve until Ctrl-C, after printing the site's settings that lead here."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--port", type=int, default=9009)
    with LocalApis(port=parser.parse_args().port) as apis:
        for name, value in apis.settings.items():
            text = ",".join(value) if isinstance(value, list) else int(value) if value is True else value
            sys.stdout.write(f"export {name}={text}\n")
        sys.stdout.flush()
        try:
            apis.thread.join()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
