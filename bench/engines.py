# SPDX-License-Identifier: Apache-2.0
"""Processes that take their turn when told: bench_turns and the peers."""
import csv
import json
import os
import pathlib
import resource
import subprocess
import sys
import time

from files import WeirOnFile
from questions import weir_sql
from totals import totals_of_rows

HERE = pathlib.Path(__file__).resolve().parent
REPEATED_S = 0.5  # a turn that takes no longer is taken twice


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

    @staticmethod
    def apart():
        """Figures beside those of the turns."""
        return {}

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class WeirOnText:
    """`weir run` on a file of text: a process for each run, with a script beside the file."""

    TYPES = {"station": "STRING", "reading": "DOUBLE"}

    def __init__(self, options, work):
        self.program, self.path, self.asked = options.weir, options.file_of(work), work.asked
        self.script = self.path.with_suffix(".sql")
        columns = ", ".join(f"{name} {self.TYPES[name]}" for name in work.asked["columns"])
        self.script.write_text(
            f"CREATE TABLE t ({columns}) WITH ('connector' = 'filesystem', 'path' = '{self.path.absolute()}', 'format' = 'csv', "
            f"'csv.field-delimiter' = ';', 'csv.disable-quote-character' = 'true');\n{weir_sql(work.asked)};\n")

    def run(self, workers):
        """The lines of the result, and the time."""
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run([self.program, "run", "-w", workers, "-o", "csv", self.script], stdout=subprocess.PIPE, text=True, check=True)
        wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return done.stdout.splitlines(), {"wall_s": wall, "cpu_s": max(cpu, 1e-9)}

    def roof(self):
        buffer, start, cpu = bytearray(1 << 20), time.perf_counter(), time.process_time()
        with open(self.path, "rb", buffering=0) as file:
            while file.readinto(buffer):
                pass
        return {"wall_s": time.perf_counter() - start, "cpu_s": max(time.process_time() - cpu, 1e-9)}

    def ask(self, request):
        verb, *rest = request.split()
        if verb == "roof":
            return self.roof()
        if verb == "rows":
            with open(self.path, "rb") as file:
                return {"rows": sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))}
        lines, spent = self.run(rest[0])
        if verb == "run":
            return {**spent, "rows": len(lines) - 1}
        names, *rows = csv.reader(lines)
        return totals_of_rows(names, [(row[0], *map(float, row[1:])) for row in rows])

    def turn(self, request):
        self.ask(request)
        return self.ask(request)

    @staticmethod
    def apart():
        return {}

    def close(self):
        self.script.unlink()


def start_weir(options, work):
    if "file" in work.asked:
        return WeirOnFile(options, work, lambda: start_in_memory(options, work, options.data / f"{options.rows}-{work.data}.arrow"))
    if work.asked.get("text"):
        return WeirOnText(options, work)
    return start_in_memory(options, work, None if options.generate else options.file_of(work))


def start_in_memory(options, work, path):
    clock = work.clock or options.clock
    if options.generate:
        rows = ["--generate", f"{options.rows_of(work)},{work.data},1000", work.kind()]
    else:
        rows = ["--file", str(path), work.columns()]
    engine = Engine("weir", [*getattr(options, "watched_by", []), str(options.turns), *rows, clock, weir_sql(work.asked, clock == "declared")])
    if work.ranged:
        engine.ask("ranged 1")
    return engine


def start_peer(options, work, name, threads):
    # Polars asks for its threads when it is loaded, and only then.
    environment = dict(os.environ, POLARS_MAX_THREADS=str(threads), PYTHONDONTWRITEBYTECODE="1")
    command = [options.python, str(HERE / "peers.py"), name, str(options.file_of(work)), json.dumps(work.asked)]
    return Engine(name, command, environment)


class Peers:
    """The peers of one work: a process each, of Polars one for each number of threads."""

    def __init__(self, options, work, names, counts):
        self.by_threads = {threads: {} for threads in counts}
        self.started = []
        for name in names:
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
