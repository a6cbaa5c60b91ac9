"""nginx with docs/nginx.conf before a site on this machine: no service, its own folders and port, ended at the end."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

RECOMMENDED = Path(__file__).resolve().parents[1] / "docs" / "nginx.conf"
LEFT_OUT = ("ssl_certificate", "listen 80;")
"""Lines of it that this machine has no use for."""
AROUND = """daemon off;
{user}
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {more}
    {site}
}}
"""
FROM_DISK = """server {{
        listen 127.0.0.1:{port};
        root {folder}/disk;
        open_file_cache max=10000 inactive=20s;
        default_type "text/html; charset=utf-8";
        include {folder}/headers.conf;
    }}"""
OF_NGINX = {"date", "server", "connection", "content-length", "content-type", "etag", "last-modified", "x-cache-status"}
"""Headers that nginx sets itself for a file, or that only the cache has."""


def is_here() -> bool:
    """Whether nginx is on this machine."""
    return path() is not None


def path() -> str | None:
    """Where the program is: Debian keeps it out of the path of ordinary people."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def recommended(folder: Path, *, origin: int, port: int) -> str:
    """docs/nginx.conf with this machine's ports and folder in the place of the names that an operator changes."""
    text = "".join(
        line for line in RECOMMENDED.read_text().splitlines(keepends=True) if not line.strip().startswith(LEFT_OUT)
    )
    changes = {
        "/var/cache/nginx/imprimatur": f"{folder}/kept",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{origin};",
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "server_name answers.example.org;": "server_name 127.0.0.1;",
    }
    for old, new in changes.items():
        if text.count(old) != 1:
            raise ValueError(f"{RECOMMENDED.name} does not say {old!r} exactly once.")
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def before(folder: Path, *, origin: int, disk_headers: dict[str, str] | None = None) -> Iterator[tuple[int, int]]:
    """Run nginx before the site on port `origin`; yields its port, and that of `folder`/disk served as files.

    Files go out with `disk_headers`, less those that nginx sets itself.
    Raises RuntimeError with what nginx said where it does not start.
    """
    program = path()
    if program is None:
        raise RuntimeError("nginx is not here: install the Debian package nginx-light.")
    port, disk = free_port(), free_port()
    (folder / "disk").mkdir(exist_ok=True)
    lines = [
        f'add_header {name} "{value}";\n'
        for name, value in (disk_headers or {}).items()
        if name.lower() not in OF_NGINX
    ]
    (folder / "headers.conf").write_text("".join(lines))
    text = AROUND.format(
        folder=folder,
        user="user root;" if os.geteuid() == 0 else "",
        more=FROM_DISK.format(folder=folder, port=disk),
        site=recommended(folder, origin=origin, port=port),
    )
    (folder / "nginx.conf").write_text(text)
    command = [program, "-e", f"{folder}/error.log", "-p", str(folder), "-c", f"{folder}/nginx.conf"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        while not _answers(port):
            if process.poll() is not None:
                said = process.stdout.read() if process.stdout else ""
                raise RuntimeError(f"nginx did not start: {said}")
            time.sleep(0.05)
        yield port, disk
    finally:
        process.terminate()
        process.wait()
        if process.stdout:
            process.stdout.close()


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
