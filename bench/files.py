# SPDX-License-Identifier: Apache-2.0
"""weir over recorded files: `weir run` from its start to its end, beside bare readers of the same bytes."""
import concurrent.futures
import csv
import datetime
import functools
import json
import mmap
import os
import resource
import shutil
import subprocess
import sys
import time

from questions import TYPES, weir_sql
from recorded import is_current, make_rows
from totals import totals_of_rows

BLOCK = 1 << 20
DEPTH = 16  # blocks in flight, of fio and of the reader in its place
WARM_S = 0.5  # runs of less are repeated: the second counts
START_ROWS = 100
FORMATS = {"arrow": "arrow", "parquet": "parquet", "csv": "csv"}
CONVERSIONS = {"lz4.arrow": ["--to", "arrow.compression=lz4"], "zstd.arrow": ["--to", "arrow.compression=zstd"]}
EPOCH = datetime.datetime(1970, 1, 1)


def format_of(ending):
    return FORMATS[ending.rsplit(".", 1)[-1]]


def make_file(options, data, rows, ending):
    """The file of the rows in the format that its ending tells, where it is not there."""
    path, plain = (options.data / f"{rows}-{data}.{one}" for one in (ending, "arrow"))
    make_rows(options.generator, data, rows, plain)
    if not is_current(path, plain):
        subprocess.run([options.weir, "convert", *CONVERSIONS.get(ending, []), plain, path], stderr=subprocess.PIPE, text=True, check=True)
    return path


def unable(options, work):
    """Why this machine or this weir cannot measure a work over a file; None: it can."""
    try:
        path = make_file(options, work.data, options.rows, work.asked["file"]["ending"])
    except subprocess.CalledProcessError as problem:
        return problem.stderr.strip().splitlines()[0]
    if work.asked["file"]["cold"]:
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_DIRECT))
        except OSError:
            return f"{path} lies on no disk"
    return None


def evict(path):
    """Out of the page cache."""
    fd = os.open(path, os.O_RDONLY)
    os.fsync(fd)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(fd)


@functools.cache
def has_fio():
    if shutil.which("fio"):
        return True
    print("bench: there is no fio: the rate of the disk is that of a reader of the bench's own, with O_DIRECT", file=sys.stderr)
    return False


def cpu_seconds(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def clocked(who, work):
    wall, cpu = time.perf_counter(), cpu_seconds(who)
    answer = work()
    return answer, {"wall_s": time.perf_counter() - wall, "cpu_s": max(cpu_seconds(who) - cpu, 1e-9)}


# ---- bare readers ----

def read_by_fio(path):
    command = ["fio", "--name=read", f"--filename={path}", "--readonly", "--rw=read", f"--bs={BLOCK}", f"--iodepth={DEPTH}", "--direct=1",
               "--ioengine=io_uring", "--fixedbufs=1", "--registerfiles=1", "--output-format=json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    job = json.loads(done.stdout)["jobs"][0]
    wall = job["read"]["io_bytes"] / (job["read"]["bw_bytes"] or 1)
    return {"wall_s": wall, "cpu_s": max(wall * (job["usr_cpu"] + job["sys_cpu"]) / 100, 1e-9)}


def read_directly(path):
    def read(fd, block, buffer):
        os.preadv(fd, [buffer], block * BLOCK)

    def all_blocks():
        fd = os.open(path, os.O_RDONLY | os.O_DIRECT)
        buffers = [mmap.mmap(-1, BLOCK) for _ in range(DEPTH)]
        with concurrent.futures.ThreadPoolExecutor(DEPTH) as crew:
            list(crew.map(lambda block: read(fd, block, buffers[block % DEPTH]), range((os.path.getsize(path) + BLOCK - 1) // BLOCK)))
        os.close(fd)

    return clocked(resource.RUSAGE_SELF, all_blocks)[1]


def copy_bytes(path):
    def all_bytes():
        buffer = bytearray(BLOCK)
        with open(path, "rb", buffering=0) as file:
            while file.readinto(buffer):
                pass

    all_bytes()
    return clocked(resource.RUSAGE_SELF, all_bytes)[1]


# ---- weir ----

class WeirOnFile:
    """start_engine: gives weir in memory over the same rows, for the roof 'series'."""

    TYPES = {**TYPES, "s": "STRING"}

    def __init__(self, options, work, start_engine):
        what = work.asked["file"]
        self.program, self.asked, self.cold, self.rows = options.weir, work.asked, what["cold"], options.rows
        self.path = make_file(options, work.data, options.rows, what["ending"])
        self.engine = start_engine()
        self.script = self.write_script(self.path, what)
        small = make_file(options, work.data, START_ROWS, what["ending"])
        start = self.write_script(small, what)
        self.start_s = min(self.run(start, 0)[1]["wall_s"] for _ in range(5))
        start.unlink()

    def write_script(self, path, what):
        columns = ", ".join(f"{name} {self.TYPES[name]}" for name in self.asked["columns"])
        script = path.with_suffix(path.suffix + ".sql")
        options = "".join(f", '{key}' = '{value}'" for key, value in what["options"].items())
        script.write_text(f"CREATE TABLE t ({columns}, WATERMARK FOR {self.asked['time']} AS {self.asked['time']} - INTERVAL '1' SECOND) "
                          f"WITH ('connector' = 'filesystem', 'path' = '{path.absolute()}', 'format' = '{format_of(what['ending'])}'{options});\n"
                          f"{weir_sql(self.asked)};\n")
        return script

    def run(self, script, workers):
        """The lines of the result, and the time."""
        command = [self.program, "run", "-w", str(workers), "-o", "csv", script]
        done, spent = clocked(resource.RUSAGE_CHILDREN, lambda: subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True))
        return done.stdout.splitlines(), spent

    def totals(self, lines):
        names, *rows = csv.reader(lines)
        ms = datetime.timedelta(milliseconds=1)
        made = [((datetime.datetime.fromisoformat(row[0]) - EPOCH) // ms, row[1], float(row[2]), int(row[3])) for row in rows]
        return totals_of_rows(names, made)

    def roof(self, workers, name):
        if name == "disk":
            evict(self.path)
            return read_by_fio(self.path) if has_fio() and self.path.stat().st_size >= BLOCK else read_directly(self.path)
        copy, engine = copy_bytes(self.path), self.engine.turn(f"run {workers}")
        return {clock: copy[clock] + engine[clock] for clock in copy}

    def ask(self, request):
        verb, *rest = request.split()
        if verb == "rows":
            return {"rows": self.rows}
        if verb == "roof":
            return self.roof(*rest)
        if self.cold:
            evict(self.path)
        lines, spent = self.run(self.script, rest[0])
        return {**spent, "rows": len(lines) - 1} if verb == "run" else self.totals(lines)

    def turn(self, request):
        first = self.ask(request)
        return first if self.cold or first["wall_s"] > WARM_S else self.ask(request)

    def apart(self):
        return {"start_s": self.start_s, "bytes": self.path.stat().st_size}

    def close(self):
        self.script.unlink()
        self.engine.close()
