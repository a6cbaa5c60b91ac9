"""How much of an upload is kept: Django streams files to the disk, and by itself sets no limit to them."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler

from references.formats.entries import LARGEST_FILE


class Limit(FileUploadHandler):
    """Stands before the handlers that keep a file, and passes on little more than the largest that is read.

    What follows is received and forgotten, so that the form can say in a sentence that the file is too large.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._passed = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self._passed > LARGEST_FILE:
            return None
        self._passed += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""
