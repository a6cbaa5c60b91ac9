"""`python -m tests.both`: the suite on SQLite, then on PostgreSQL what a database can change.

The second run leaves out the tests that ask no database, and those marked `looks`, which try what a browser shows
(see tests/conftest.py). PostgreSQL is looked for at TEST_POSTGRESQL_URL. Where it is absent its run is skipped with a
plain word; with REQUIRE_SERVICES=1 that is a failure. Further arguments go to pytest.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

import psycopg

POSTGRESQL = os.environ.get("TEST_POSTGRESQL_URL", "postgres://postgres@127.0.0.1:5432/postgres")


def main() -> int:
    arguments = sys.argv[1:]
    workers = [] if any(word.startswith("-n") for word in arguments) else ["-n", "2", "--dist", "loadgroup"]
    runs = {"SQLite": f"sqlite:///{tempfile.mkdtemp(prefix='imprimatur-')}/tests.sqlite3"}
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            print(f"PostgreSQL is not here, and REQUIRE_SERVICES=1 asks for it: {error}")
            return 1
        print("PostgreSQL is not here: the suite runs on SQLite alone.")
    else:
        runs["PostgreSQL"] = POSTGRESQL
    for name, url in runs.items():
        print(f"== The suite on {name}", flush=True)
        again = ["--where-the-database-matters"] if name == "PostgreSQL" else []
        code = subprocess.run(
            [sys.executable, "-m", "pytest", *workers, *again, *arguments], env=os.environ | {"DATABASE_URL": url}
        ).returncode
        if code:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(main())
