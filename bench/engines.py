# SPDX-License-Identifier: Apache-2.0
"""Processes that take their turn when told: bench_turns and the peers."""
import json
import os
import pathlib
import subprocess
import sys

from questions import weir_sql

HERE = pathlib.Path(__file__).resolve().parent
REPEATED_S = 1.0  # a turn that takes no longer is taken twice


class Engine:
    """A process that answers a line with a line of JSON."""

    def __init__(self, name, command, environment=None):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)

    def ask(self, request):
        try:
            self.process.stdin.write(request + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            sys.exit(f"bench: {self.name} ended with code {self.process.wait()} when asked to {request}")
        answer = json.loads(line)
        if "error" in answer:
            sys.exit(f"bench: {self.name} could not {request}: {answer['error']}")
        return answer

    def turn(self, request):
        """The second of two runs: memory that a process has not touched while others had their turns may have gone back
        to the system, or to the host of a virtual machine, and whoever comes first pays for it. Of long runs that is
        little: they are not repeated."""
        first = self.ask(request)
        return first if first["wall_s"] > REPEATED_S else self.ask(request)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def start_weir(options, work):
    clock = work.clock or options.clock
    if options.generate:
        rows = ["--generate", f"{options.rows},{work.data},1000", work.kind()]
    else:
        rows = ["--file", str(options.file_of(work)), work.columns()]
    return Engine("weir", [str(options.turns), *rows, clock, weir_sql(work.asked, clock == "declared")])


def start_peer(options, work, name, threads):
    # Polars asks for its threads when it is loaded, and only then.
    environment = dict(os.environ, POLARS_MAX_THREADS=str(threads), PYTHONDONTWRITEBYTECODE="1")
    command = [options.python, str(HERE / "peers.py"), name, str(options.file_of(work)), json.dumps(work.asked)]
    return Engine(name, command, environment)


class Peers:
    """The peers of one work: a process each, of Polars one for each number of threads."""

    def __init__(self, options, work, counts):
        self.by_threads = {threads: {} for threads in counts}
        self.started = []
        for name in options.peers:
            shared = None
            for threads in counts:
                if shared is None or name == "polars":
                    shared = start_peer(options, work, name, threads)
                    self.started.append(shared)
                self.by_threads[threads][name] = shared

    def of(self, threads):
        return dict(self.by_threads[threads])

    def close(self):
        for engine in self.started:
            engine.close()
