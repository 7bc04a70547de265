# SPDX-License-Identifier: Apache-2.0
"""The same script by `weir run` and by Flink: rows as text, compared, and how long each took.

Flink is a program as bench/flink-run is, called with SCRIPT, `batch` or `streaming`, the name of a file for the rows and
`parallelism.default=N`; it writes the rows as CSV with a line of names (a line that begins with ## is none; in streaming mode the kind of
each row stands first). What it says as '[1] N s wall' is how long the query took in its process; '[2] N s wall', how long it took a second
time, which does not count to the whole. The last of them is the time without start-up.
"""
import csv
import datetime
import re
import subprocess
import sys
import time

EPOCH, MS = datetime.datetime(1970, 1, 1), datetime.timedelta(milliseconds=1)


# ---- rows ----

def cell_of(text):
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*", text):
        return (datetime.datetime.fromisoformat(text) - EPOCH) // MS
    try:
        return float(text)
    except ValueError:
        return text


def rows_of(lines):
    _, *rows = csv.reader(line for line in lines if not line.startswith("##"))
    return [[cell_of(cell) for cell in row] for row in rows]


def compare_rows(name, ours, theirs):
    def key(row):
        return [(isinstance(cell, str), cell) for cell in row if not isinstance(cell, float)]

    ours, theirs = sorted(ours, key=key), sorted(theirs, key=key)
    if len(ours) != len(theirs):
        sys.exit(f"bench: weir has {len(ours)} rows, {name} {len(theirs)}")
    for mine, other in zip(ours, theirs):
        same = all(abs(a - b) <= 1e-9 * max(abs(a), abs(b)) if isinstance(a, float) or isinstance(b, float) else a == b
                   for a, b in zip(mine, other))
        if not same or len(mine) != len(other):
            sys.exit(f"bench: results differ: weir {mine}, {name} {other}")


# ---- runs ----

def threads_of(workers):
    """As many as weir computes with. The caller of one worker does nothing but hand on."""
    return max(1, workers)


def run_weir(weir, script, workers):
    """The time, and the lines of the rows."""
    start = time.perf_counter()
    done = subprocess.run([weir, "run", "-w", str(workers), "-o", "csv", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    spent = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"bench: weir failed: {done.stderr}")
    return spent, done.stdout.splitlines()


def run_flink(flink, script, folder, mode="batch", threads=1):
    """Times with and without the start-up (None: it was not told), and the rows."""
    out = folder / "flink.csv"
    start = time.perf_counter()
    done = subprocess.run([flink, script, mode, out, f"parallelism.default={threads}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    whole, said = time.perf_counter() - start, [float(seconds) for seconds in re.findall(r"^\[\d+\] ([0-9.]+) s wall", done.stdout, re.MULTILINE)]
    if done.returncode != 0:
        sys.exit(f"bench: Flink failed with code {done.returncode}: {done.stdout}")
    rows = rows_of(out.read_text().splitlines())
    out.unlink()
    if mode == "streaming":
        kept = [row[1:] for row in rows if row[0] == "+I"]
        if len(kept) != len(rows):
            sys.exit("bench: Flink took rows back, so that its result is not one to compare with")
        rows = kept
    return whole - sum(said[1:]), said[-1] if said else None, rows
