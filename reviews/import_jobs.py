"""Importing with several processes: each takes its share of the files, and all reports become one.

The chain of transitions has one head, so moves still follow each other; what is done beside them is done at once.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from multiprocessing.connection import Connection, wait
from pathlib import Path

from django.db import connections

from reviews.importing import File, Import, Report


class JobEnded(Exception):
    """A process ended without a report, for example because it was killed. What it had imported stays."""


def run(work: Import, groups: list[list[File]], *, jobs: int) -> Iterator[Path]:
    """Import the files of a plan, and yield each file's path when it is done. Files of one group stay in their order.

    Raises JobEnded when all other processes are done.
    """
    if jobs < 2 or len(groups) < 2:
        for collection, path in sorted((file for group in groups for file in group), key=lambda file: file[1]):
            work.take_file(collection, path)
            yield path
        return
    shares: list[list[File]] = [[] for _job in range(jobs)]
    for group in groups:
        min(shares, key=len).extend(group)
    # A connection cannot be shared with a forked process: each opens its own.
    connections.close_all()
    context = multiprocessing.get_context("fork")
    processes = {}
    try:
        for share in filter(None, shares):
            here, there = context.Pipe(duplex=False)
            process = context.Process(target=_take_share, args=(work, share, there))
            process.start()
            there.close()
            processes[here] = process
        yield from _gather(work.report, set(processes))
    except BaseException:
        for process in processes.values():
            process.terminate()
        raise
    finally:
        for here, process in processes.items():
            process.join()
            here.close()


def _take_share(work: Import, share: list[File], report_to: Connection) -> None:
    # Ctrl-C reaches the whole group: the parent answers it and ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work.report = Report()
    for collection, path in share:
        work.take_file(collection, path)
        report_to.send(path)
    report_to.send(work.report)


def _gather(report: Report, open_pipes: set[Connection]) -> Iterator[Path]:
    ended = False
    while open_pipes:
        for pipe in wait(list(open_pipes)):
            assert isinstance(pipe, Connection)
            try:
                told = pipe.recv()
            except EOFError:
                ended = True
                open_pipes.discard(pipe)
                continue
            if isinstance(told, Report):
                report.add(told)
                open_pipes.discard(pipe)
            else:
                yield told
    if ended:
        raise JobEnded
