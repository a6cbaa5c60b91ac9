"""The rendering child: `python -m articles.markup.child` reads one request a line and answers with one line.

It starts fast and stays small (no Django), and bounds itself: memory by RLIMIT_AS, and processor time by RLIMIT_CPU,
whose soft limit moves on with each text, so that a child whose parent has died in the middle of a text ends as well.
"""

from __future__ import annotations

import json
import resource
import sys
import traceback

from articles.markup.render import render
from articles.markup.result import RENDERER_VERSION, rendering_to_json, request_from_json

MEMORY = 512 * 1024 * 1024
SECONDS_PER_TEXT = 3


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    send(answers, json.dumps({"ready": RENDERER_VERSION}))
    for line in requests:
        allow_time()
        try:
            answer = rendering_to_json(render(request_from_json(line)))
        except RecursionError:
            answer = json.dumps({"refused": "deep"})
        except MemoryError:
            answer = json.dumps({"refused": "memory"})
        except Exception:
            answer = json.dumps({"failed": traceback.format_exc()})
        send(answers, answer)


def allow_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + SECONDS_PER_TEXT
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def send(answers, line: str) -> None:
    answers.write(line.encode("ascii") + b"\n")
    answers.flush()


if __name__ == "__main__":
    main()
