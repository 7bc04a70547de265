#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""peers.py ENGINE FILE none|int64|dictionary THREADS: another engine's side of scripts/bench.

A process that holds the rows and takes its turn when told; one line in, one line of JSON out, as bench_turns:
    check   totals of the result, with products that tie its columns to each other
    run     {"wall_s": S, "cpu_s": S, "rows": N, "counts": N}
TUMBLE of 5 s, sum(v) and count(*) by key. Every column of the result is summed, so that no engine may drop one.
"""
import json
import os
import resource
import sys
import time

WINDOW_MS = 5000


def read_table(path, key):
    import pyarrow as pa
    import pyarrow.ipc as ipc

    columns = {"none": ["ts", "v"], "int64": ["ts", "k", "v"], "dictionary": ["ts", "s", "v"]}[key]
    # Copied into memory of the process: pages of a mapped file would be the slower ones.
    with pa.OSFile(path) as file:
        return ipc.open_file(file).read_all().select(columns).combine_chunks()


class DuckDB:
    def __init__(self, path, key, threads):
        import duckdb

        self.db = duckdb.connect()
        self.db.execute(f"SET threads = {threads}")
        table = read_table(path, key)
        if key == "dictionary":  # an ENUM is what DuckDB has for it, and is the faster way
            names = ", ".join(f"'{name}'" for name in table.column("s").chunk(0).dictionary.to_pylist())
            self.db.execute(f"CREATE TYPE words AS ENUM ({names})")
            self.db.execute("CREATE TABLE t AS SELECT ts, s::words AS s, v FROM \"table\"")
        else:
            self.db.execute("CREATE TABLE t AS SELECT * FROM \"table\"")
        name = {"none": "", "int64": "k, ", "dictionary": "s, "}[key]
        self.groups = f"SELECT epoch_ms(ts) // {WINDOW_MS} AS w, {name}sum(v) AS s_v, count(*) AS n FROM t GROUP BY ALL"
        self.keys = {"none": "0", "int64": "sum(k)", "dictionary": "sum(length(s::VARCHAR))"}[key]
        self.number = {"none": "1", "int64": "(k & 65535)", "dictionary": "substr(s::VARCHAR, 4)::BIGINT"}[key]

    def run(self):
        return self.db.execute(f"SELECT count(*), sum(w), {self.keys}, sum(n), sum(s_v) FROM ({self.groups})").fetchone()

    def products(self):
        return self.db.execute(f"SELECT sum(n * {self.number}), sum(s_v * n) FROM ({self.groups})").fetchone()


class Polars:
    def __init__(self, path, key, threads):
        os.environ["POLARS_MAX_THREADS"] = str(threads)
        import polars as pl

        frame = pl.from_arrow(read_table(path, key))
        window = (pl.col("ts").dt.epoch("ms") // WINDOW_MS).alias("w")
        by = {"none": [window], "int64": [window, pl.col("k")], "dictionary": [window, pl.col("s")]}[key]
        self.groups = frame.lazy().group_by(by).agg(pl.col("v").sum().alias("s_v"), pl.len().alias("n"))
        text = pl.col("s").cast(pl.String)
        keys = {"none": pl.lit(0), "int64": pl.col("k").sum(), "dictionary": text.str.len_bytes().sum()}[key]
        number = {"none": pl.lit(1), "int64": pl.col("k") & 65535, "dictionary": text.str.slice(3).cast(pl.Int64)}[key]
        self.sums = (pl.len().alias("rows"), pl.col("w").sum(), keys.alias("keys"), pl.col("n").sum().alias("counts"), pl.col("s_v").sum())
        self.tied = ((pl.col("n").cast(pl.Int64) * number).sum().alias("a"), (pl.col("s_v") * pl.col("n")).sum().alias("b"))

    def run(self):
        return self.groups.select(*self.sums).collect(engine="streaming").row(0)

    def products(self):
        return self.groups.select(*self.tied).collect(engine="streaming").row(0)


ENGINES = {"duckdb": DuckDB, "polars": Polars}


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def check(engine):
    rows, windows, keys, counts, sums = engine.run()
    by_key, by_count = engine.products()
    return {"rows": int(rows), "windows": int(windows) * WINDOW_MS, "keys": int(keys) % 2**64, "counts": int(counts),
            "sums": float(sums), "counts_by_key": int(by_key) % 2**64, "sums_by_count": float(by_count)}


def run(engine):
    wall, cpu = time.perf_counter(), cpu_seconds()
    result = engine.run()
    return {"wall_s": time.perf_counter() - wall, "cpu_s": cpu_seconds() - cpu, "rows": int(result[0]), "counts": int(result[3])}


def main():
    if len(sys.argv) != 5 or sys.argv[1] not in ENGINES:
        sys.exit(__doc__.splitlines()[0])
    engine = ENGINES[sys.argv[1]](sys.argv[2], sys.argv[3], int(sys.argv[4]))
    for line in sys.stdin:
        try:
            answer = {"check": check, "run": run}[line.split()[0]](engine)
        except Exception as problem:  # whatever an engine throws belongs into the report
            answer = {"error": f"{type(problem).__name__}: {problem}"}
        print(json.dumps(answer), flush=True)


main()
