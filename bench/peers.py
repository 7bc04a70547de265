#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peers.py ENGINE FILE QUESTION: another engine's side of scripts/bench. peers.py --list: engines that are installed.

A process that holds the rows and takes its turn when told; one line in, one line of JSON out, as bench_turns:
    check THREADS   totals of the result (result.h), with what ties its columns to each other
    run THREADS     {"wall_s": S, "cpu_s": S, "rows": N}
Every column of the result is summed, so that no engine may drop one. QUESTION: see questions.py. What an engine cannot be
asked, it answers with {"unable": WHY}.
"""
import importlib
import json
import resource
import sys
import time

from totals import text_hash

ENGINES = {"clickhouse": ("peers_sql", "ClickHouse", "chdb"), "polars": ("peers_frame", "Polars", "polars"),
           "datafusion": ("peers_sql", "DataFusion", "datafusion"), "acero": ("peers_frame", "Acero", "pyarrow"),
           "duckdb": ("peers_sql", "DuckDB", "duckdb")}


class Unable(Exception):
    """The engine has no way to answer that."""


def read_table(path, columns):
    import pyarrow as pa
    import pyarrow.ipc as ipc

    # Copied into memory of the process: pages of a mapped file would be the slower ones.
    with pa.OSFile(path) as file:
        return ipc.open_file(file).read_all().select(columns).combine_chunks()


# ---- totals, as in result.c ----

def mix(x):
    import numpy as np

    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def words_of(column):
    """A column of integers, times or strings as words to hash, and its sum."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type) or pa.types.is_string(column.type) or pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        column = column if pa.types.is_dictionary(column.type) else column.cast(pa.string()).dictionary_encode()
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        texts = column.dictionary.to_pylist()
        codes = column.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        hashes = np.array([text_hash(text) for text in texts], dtype=np.uint64)
        lengths = np.array([len(text.encode()) for text in texts], dtype=np.uint64)
        return hashes[codes], int(lengths[codes].sum(dtype=np.uint64))
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ms"))
    if pa.types.is_unsigned_integer(column.type):
        return column.to_numpy().astype(np.uint64), int(column.to_numpy().astype(np.uint64).sum(dtype=np.uint64))
    if pa.types.is_decimal(column.type):  # sums of integers, here and there
        column = pc.cast(column, pa.decimal128(38, 0)).cast(pa.int64())
    words = column.cast(pa.int64()).to_numpy().view(np.uint64)
    return words, int(words.sum(dtype=np.uint64))


def totals_of(table):
    import numpy as np
    import pyarrow as pa

    hashes, columns, reals = np.zeros(table.num_rows, dtype=np.uint64), {}, []
    for name in table.column_names:
        column = table.column(name)
        columns[name] = None  # keeps the order
        if pa.types.is_floating(column.type):
            reals.append(name)
            continue
        words, columns[name] = words_of(column)
        hashes = mix(hashes ^ words)
    for name in reals:
        values = table.column(name).to_numpy().astype(np.float64)
        columns[name] = [float(values.sum()), float((values * (hashes & np.uint64(1023)).astype(np.float64)).sum())]
    return {"rows": table.num_rows, "hash": int(hashes.sum(dtype=np.uint64)), "columns": columns}


# ---- turns ----

def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def check(engine, threads):
    engine.use(threads)
    return totals_of(engine.table())


def run(engine, threads):
    engine.use(threads)
    wall, cpu = time.perf_counter(), cpu_seconds()
    rows = engine.consume()
    return {"wall_s": time.perf_counter() - wall, "cpu_s": cpu_seconds() - cpu, "rows": int(rows)}


def take_turns(engine):
    for line in sys.stdin:
        verb, threads = line.split()
        try:
            answer = {"check": check, "run": run}[verb](engine, int(threads))
        except Exception as problem:  # whatever an engine throws belongs into the report
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)


class Silent:
    """In the place of an engine that cannot be asked."""

    def __init__(self, why):
        self.why = why

    def take_turns(self):
        for _ in sys.stdin:
            print(json.dumps({"unable": self.why}), flush=True)


def installed():
    found = {}
    for name, (_, _, module) in ENGINES.items():
        try:
            found[name] = importlib.import_module(module).__version__
        except Exception as problem:
            print(f"peers: {name} is left out: {problem}", file=sys.stderr)
    return found


def make(name, path, asked):
    module, kind, _ = ENGINES[name]
    for one in asked["aggregates"]:  # a mean of integers is a double everywhere but in Flink
        one["function"] = {"mean": "avg"}.get(one["function"], one["function"])
    if asked.get("text"):
        from peers_text import Text

        return getattr(importlib.import_module("peers_text"), kind)(Text(path, asked["columns"]), asked)
    if asked.get("file"):
        from peers_file import Recorded

        return getattr(importlib.import_module("peers_file"), kind)(Recorded(path, asked), asked)
    return getattr(importlib.import_module(module), kind)(read_table(path, asked["columns"]), asked)


def main():
    if sys.argv[1:] == ["--list"]:
        print(json.dumps(installed()))
        return
    if len(sys.argv) != 4 or sys.argv[1] not in ENGINES:
        sys.exit(__doc__.splitlines()[0])
    try:
        engine = make(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
    except Unable as why:
        Silent(str(why)).take_turns()
        return
    take_turns(engine)


if __name__ == "__main__":
    sys.modules["peers"] = sys.modules["__main__"]  # of which there is to be one Unable
    main()
