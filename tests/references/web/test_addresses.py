"""Which addresses are asked: nothing on a private network, however it is written, by whatever name or redirect."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from references.web import addresses, client
from references.web.client import Refused, Unavailable
from tests.conftest import need
from tests.local_apis import LocalApis

PRIVATE = [
    "127.0.0.1",
    "127.255.0.9",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:4136:e378:8000:63bf:80ff:fffe",
    "2001:db8::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_public(address: str):
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "130.14.29.110", "::ffff:8.8.8.8", "2607:f220:41e:4290::110"]
)
def test_what_is_public(address: str):
    assert addresses.is_public(address)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The machines that a connection was begun to; none is made."""
    begun: list[str] = []

    def connect(address: tuple[str, int], *args: object, **more: object) -> socket.socket:
        begun.append(address[0])
        raise OSError("no connection in this test")

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    monkeypatch.setattr(client.time, "sleep", lambda seconds: None)
    return begun


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names resolve to, instead of asking the network."""
    names: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def look_up(host: str, port: int, *args: Any, **more: Any) -> list[Any]:
        if host in names:
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in names[host]]
        # Without AI_NUMERICHOST a number in an odd form is read as the system reads it; no name is asked for.
        return real(host, port, *args, **{**more, "flags": socket.AI_NUMERICHOST})

    monkeypatch.setattr(addresses.socket, "getaddrinfo", look_up)
    return names


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://017700000001/",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/",
        "http://[::1]/",
        "http://[::]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.1.2.3/",
        "https://192.168.0.1/",
        "http://inside.example.org/",
        "http://inside.example.org./",
        "http://INSIDE.example.org/",
        "http://mixed.example.org/",
        "http://8.8.8.8@127.0.0.1/",
        "http://127.0.0.1#@8.8.8.8/",
        "http://user:pass@8.8.8.8/",
        "http://8.8.8.8:22/",
        "http://8.8.8.8:6379/",
        "http://8.8.8.8:99999/",
        "http://8.8.8.8\\@127.0.0.1/",
        "http://8.8.8.8/\r\nHost: x",
        "http://8.8.8.8/a b",
        "http:// 8.8.8.8/",
        "http://[fe80::1%25eth0]/",
        "http:///etc/passwd",
        "http://",
        "//8.8.8.8/",
        "8.8.8.8",
        "file:///etc/passwd",
        "ftp://8.8.8.8/",
        "gopher://8.8.8.8/",
        "javascript:alert(1)",
        "http://" + "a" * 300 + ".example.org/",
        "http://8.8.8.8/" + "a" * 5000,
        "",
    ],
)
def test_addresses_that_no_link_check_asks(url: str, known: dict[str, list[str]], sent: list[str], settings: Any):
    settings.LOOKUP_ENABLED = True
    known["inside.example.org"] = ["10.0.0.5"]
    # One private address among public ones is enough: a later question could be led to it.
    known["mixed.example.org"] = ["8.8.8.8", "127.0.0.1"]
    with pytest.raises(Refused):
        client.get(url, kind="link")
    assert sent == []


def test_a_name_is_resolved_once_and_that_very_machine_is_asked(
    known: dict[str, list[str]], sent: list[str], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """A name that resolves to something else at the second look (rebinding) leads nowhere else."""
    settings.LOOKUP_ENABLED = True
    settings.VAR_DIR = tmp_path
    looks: list[str] = []

    def rebinding(host: str, port: int, *args: object, **more: object) -> list[Any]:
        looks.append(host)
        address = "93.184.215.14" if len(looks) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(addresses.socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(client, "ATTEMPTS", 1)
    with pytest.raises(Unavailable, match="rebinding.example.org cannot be reached"):
        client.get("https://rebinding.example.org/", kind="link")
    assert sent == ["93.184.215.14"]
    assert looks == ["rebinding.example.org"]


def test_other_machines_of_a_host_are_tried(
    known: dict[str, list[str]], sent: list[str], settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.LOOKUP_ENABLED = True
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(client, "ATTEMPTS", 1)
    known["many.example.org"] = ["8.8.8.1", "8.8.8.2", "8.8.8.3", "8.8.8.4"]
    with pytest.raises(Unavailable):
        client.get("https://many.example.org/", kind="link")
    assert sent == ["8.8.8.1", "8.8.8.2", "8.8.8.3"]


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.org/works/10.5555/x",
        "http://api.crossref.org/works/10.5555/x",
        "https://api.crossref.org:8443/works/10.5555/x",
        "https://api.crossref.org.example.org/works/10.5555/x",
        "https://api.crossref.org@127.0.0.1/works",
        "https://eutils.ncbi.nlm.nih.gov/other/efetch.fcgi",
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutilsother/efetch.fcgi",
    ],
)
def test_of_the_services_only_those_in_the_settings(url: str, sent: list[str], settings: Any):
    settings.LOOKUP_ENABLED = True
    with pytest.raises(Refused):
        client.get(url)
    assert sent == []


def test_a_service_that_resolves_to_a_private_address_is_not_asked(
    known: dict[str, list[str]], sent: list[str], settings: Any
):
    settings.LOOKUP_ENABLED = True
    known["api.crossref.org"] = ["127.0.0.1"]
    with pytest.raises(Refused, match="api.crossref.org is not on the public network"):
        client.get("https://api.crossref.org/works/10.5555/x")
    assert sent == []


def test_a_private_service_needs_the_exception(apis: LocalApis, settings: Any):
    settings.LOOKUP_PRIVATE_HOSTS = []
    with pytest.raises(Refused):
        client.get(f"{apis.url}/crossref/works/10.5555/x")
    assert apis.seen == []


def test_the_exception_is_for_that_port_alone(apis: LocalApis, settings: Any):
    settings.LOOKUP_PRIVATE_HOSTS = [f"127.0.0.1:{apis.port + 1}"]
    with pytest.raises(Refused):
        client.get(f"{apis.url}/page", kind="link")
    assert apis.seen == []


def test_a_service_may_not_lead_a_question_to_another_local_address(apis: LocalApis):
    apis.behave("private", to=f"{apis.url}/elsewhere/works")
    with pytest.raises(Refused):
        client.get(f"{apis.url}/crossref/works/10.5555/x")
    assert len(apis.seen) == 1


def test_says_whether_the_name_or_the_network_is_missing(monkeypatch: pytest.MonkeyPatch):
    target = addresses.read("https://nowhere.example.org/")

    def failing(number: int) -> Callable[..., list[Any]]:
        def look_up(*args: object, **more: object) -> list[Any]:
            raise socket.gaierror(number, "…")

        return look_up

    monkeypatch.setattr(addresses.socket, "getaddrinfo", failing(socket.EAI_NONAME))
    with pytest.raises(Unavailable, match=r"^No machine is known as nowhere.example.org\.$") as caught:
        addresses.resolve(target)
    assert not caught.value.may_pass
    monkeypatch.setattr(addresses.socket, "getaddrinfo", failing(socket.EAI_AGAIN))
    with pytest.raises(Unavailable, match="The network is away") as caught:
        addresses.resolve(target)
    assert caught.value.may_pass


def test_does_not_wait_for_a_resolver_that_does_not_answer(monkeypatch: pytest.MonkeyPatch):
    released = threading.Event()
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *a, **m: released.wait(5) and [])
    with pytest.raises(Unavailable, match="Nobody said in time where nowhere.example.org is"):
        addresses.resolve(addresses.read("https://nowhere.example.org/"), seconds=0.05)
    released.set()


def test_an_address_is_sent_encoded_and_without_its_fragment():
    target = addresses.read("https://Bücher.example.org/ä?q=ö%20x#part")
    assert target.host == "xn--bcher-kva.example.org"
    assert target.path == "/%C3%A4?q=%C3%B6%20x"
    assert target.url == "https://xn--bcher-kva.example.org/%C3%A4?q=%C3%B6%20x"
    assert addresses.read("http://[2607:f220::1]:80/").host_header == "[2607:f220::1]"


# -- Certificates -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for good.example, signed by itself, with its key."""
    path = tmp_path_factory.mktemp("certificate") / "good.pem"
    try:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", path, "-out",
             path.with_suffix(".crt"), "-subj", "/CN=good.example", "-addext", "subjectAltName=DNS:good.example"],
            check=True,
            capture_output=True,
        )  # fmt: skip
    except FileNotFoundError:
        need(False, "openssl")
    path.write_text(path.read_text() + path.with_suffix(".crt").read_text())
    return path


@pytest.mark.parametrize("name", ["good.example", "other.example"])
def test_a_certificate_must_be_for_the_name_not_the_machine(
    name: str, certificate: Path, apis: LocalApis, settings: Any, known: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate)
    apis.server.socket = ours.wrap_socket(apis.server.socket, server_side=True)
    make = ssl.create_default_context
    monkeypatch.setattr(client.ssl, "create_default_context", lambda: make(cafile=certificate.with_suffix(".crt")))
    settings.LOOKUP_PRIVATE_HOSTS = [f"{name}:{apis.port}"]
    known[name] = ["127.0.0.1"]
    apis.page("/there")
    url = f"https://{name}:{apis.port}/there"
    if name == "good.example":
        assert client.get(url, kind="link").status == 200
        assert apis.seen[0].headers["host"] == f"good.example:{apis.port}"
    else:
        with pytest.raises(Unavailable, match="No safe connection to other.example"):
            client.get(url, kind="link")
        assert apis.seen == []
