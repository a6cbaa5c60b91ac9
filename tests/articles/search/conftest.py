"""Published answers for search, as readers' tests make them."""

from tests.readers.conftest import approve, decline, publish, release, submit, write

__all__ = ["approve", "decline", "publish", "release", "submit", "write"]
