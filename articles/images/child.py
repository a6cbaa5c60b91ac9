"""The imaging child: `python -m articles.images.child` reads one image and answers with one.

Decoders are C code that reads what strangers made. Here they may take only so much memory and time, and what ends
them ends nothing else. The answer is one line of JSON, and behind it the bytes.
"""

from __future__ import annotations

import json
import resource
import sys

from articles.images.encoding import Unfit, encode

MEMORY = 1536 * 1024 * 1024
SECONDS = 20


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    data = sys.stdin.buffer.read()
    try:
        made = encode(data)
    except Unfit as unfit:
        head, body = {"unfit": unfit.args[0]}, b""
    except MemoryError:
        head, body = {"unfit": "pixels"}, b""
    else:
        head, body = {"media_type": made.media_type, "width": made.width, "height": made.height}, made.data
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)


if __name__ == "__main__":
    main()
