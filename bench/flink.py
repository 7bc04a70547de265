#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures windows over a Parquet file in weir and in Flink, from the same script. scripts/bench --suite flink calls it.

weir's time is that of `weir run`, from its start to its end. Flink is asked once for each number of threads, after its rows have
been compared with weir's; its time is told with its start-up, by which ratios are, and without it (flink_runner.py says
what the program named by --flink or WEIR_FLINK is called with). Sessions are asked of Flink as a stream, since its batches have none.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

from flink_runner import compare_rows, rows_of, run_flink, run_weir, threads_of
from questions import hop, question, session, tumble, weir_sql
from recorded import is_current, make_rows

AIM = 100.0
SUMS = (("total", "sum", "v"), ("n", "count"))
COUNT = (("n", "count"),)
TYPES = {"ts": "TIMESTAMP(3)", "s": "STRING", "v": "DOUBLE", "k64": "BIGINT", "event_type": "STRING", "campaign": "STRING", "auction": "BIGINT",
         "bidder": "BIGINT", "price": "BIGINT"}


class Work:
    """A question over the rows that bench_generate makes under the name `data`: `rows` of them, where 1 is as many as are asked for."""

    def __init__(self, name, data, columns, window, keys=(), aggregates=COUNT, where=(), mode="batch", rows=1.0):
        self.name, self.data, self.mode, self.share = name, data, mode, rows
        self.asked = question(["ts", *columns], window, keys, aggregates, where)

    def rows(self, options):
        return max(1, int(options.rows * self.share))

    def script(self, path):
        columns = ", ".join(f"{name} {TYPES[name]}" for name in self.asked["columns"])
        row_by_row = "SET 'pipeline.auto-watermark-interval' = '0';\n" if self.mode == "streaming" else ""
        return (f"{row_by_row}CREATE TABLE t ({columns}, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND) WITH ('connector' = 'filesystem', "
                f"'path' = '{path.absolute()}', 'format' = 'parquet');\n{weir_sql(self.asked)};\n")


WORKS = (
    Work("tumble_100", "recorded", ["s", "v"], tumble(5000), ["s"], SUMS),
    Work("hop_60", "recorded", ["s", "v"], hop(60_000, 1000), ["s"], SUMS, rows=0.1),
    Work("session_10K", "shapes", ["k64", "v"], session(100), ["k64"], SUMS, mode="streaming", rows=0.2),
    Work("ysb", "ysb", ["event_type", "campaign"], tumble(10_000), ["campaign"], where=[("event_type", "=", "view")]),
    Work("q5", "nexmark", ["auction"], hop(10_000, 2000), ["auction"], rows=0.5),
    Work("q7", "nexmark", ["price"], tumble(10_000), aggregates=(("price", "max", "price"),)),
    Work("q12", "nexmark", ["bidder"], tumble(10_000), ["bidder"]),
)


def file_of(options, work):
    """The rows as Parquet, made where they are not there; None where this weir has none."""
    rows = work.rows(options)
    path, plain = (options.data / f"{rows}-{work.data}.{ending}" for ending in ("parquet", "arrow"))
    make_rows(options.generator, work.data, rows, plain)
    if not is_current(path, plain):
        done = subprocess.run([options.weir, "convert", plain, path], stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            print(f"bench: left out: {work.name}: {done.stderr.strip().splitlines()[0]}")
            return None
    return path


def measure(options, work, path, folder):
    script, results, flinks = folder / f"{work.name}.sql", [], {}
    script.write_text(work.script(path))
    rows = rows_of(run_weir(options.weir, script, 0)[1])
    if not rows:
        sys.exit("bench: the result is empty, so that nothing is compared")
    for threads in sorted(set(map(threads_of, options.workers))) if options.flink else ():
        flinks[threads] = run_flink(options.flink, script, folder, work.mode, threads)
        compare_rows("Flink", rows, flinks[threads][2])
    for workers in options.workers:
        compare_rows(f"weir with {workers} workers", rows, rows_of(run_weir(options.weir, script, workers)[1]))
        times = [run_weir(options.weir, script, workers)[0] for _ in range(options.rounds)]
        results.append(result_of(work, workers, work.rows(options), times, flinks.get(threads_of(workers))))
        show(results[-1])
    return results


def result_of(work, workers, rows, times, flink):
    wall = statistics.median(times)
    whole, steady = flink[:2] if flink else (None, None)
    ratio = whole / wall if flink else None
    met = ratio is None or ratio >= AIM
    return {"name": f"flink/{work.name}/workers:{workers}", "work": work.name, "workers": workers, "rows": rows, "mode": work.mode, "wall_s": wall,
            "rows_per_s": rows / wall, "spread": (max(times) - min(times)) / wall, "peer": "flink" if flink else None,
            "peer_rows_per_s": rows / whole if flink else None, "ratio": ratio, "roof": None, "roof_share": None,
            "flink_s": whole, "flink_steady_s": steady, "flink_ratio": ratio, "flink_steady_ratio": steady / wall if steady else None,
            "target": f">= {AIM:g}x Flink", "met": met, "missed": [] if met else [f">= {AIM:g}x Flink"], "rounds": len(times)}


def show(result):
    def seconds(value):
        return f"{'-':>9}" if value is None else f"{value:8.1f}s"

    def times(value):
        return f"{'-':>8}" if value is None else f"{value:7.0f}x"

    steady = result["flink_steady_ratio"]
    print(f"{result['work']:<14}{result['workers']:>8}{result['rows'] / 1e6:>8.1f}{result['rows_per_s'] / 1e6:9.1f}{result['wall_s'] * 1000:8.0f}ms"
          f"{result['spread']:8.0%}{seconds(result['flink_s'])}{seconds(result['flink_steady_s'])}{times(result['ratio'])}{times(steady)}  "
          f"{result['target']}: {'met' if result['met'] else 'missed'}{'' if result['peer'] else ', without Flink'}", flush=True)


def show_head(options):
    if not options.flink:
        print("bench: Flink is left out: WEIR_FLINK names no program that runs it")
    print(f"bench: {options.rounds} rounds; Flink once, with its start-up and without (*); M rows, M rows/s of `weir run` from start to end")
    print(f"{'work':<14}{'workers':>8}{'rows':>8}{'weir':>9}{'':>10}{'spread':>8}{'Flink':>9}{'Flink*':>9}{'ratio':>8}{'*':>8}  target")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weir", type=pathlib.Path, required=True, help="the program weir")
    parser.add_argument("--generator", type=pathlib.Path, required=True, help="the program bench_generate")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of generated files")
    parser.add_argument("--rows", type=int, default=10_000_000, help="of works that take Flink long a share of it")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", default="0,2", help="numbers of workers, with commas")
    parser.add_argument("--only", default="", help="only works that this pattern is found in")
    parser.add_argument("--flink", default=os.environ.get("WEIR_FLINK"), help="a program that runs a script in Flink")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go")
    options = parser.parse_args()
    options.workers = [int(count) for count in options.workers.split(",")]
    show_head(options)
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for work in WORKS:
            path = file_of(options, work) if re.search(options.only, work.name) else None
            if path:
                results += measure(options, work, path, pathlib.Path(folder))
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")
    if not options.flink:
        print("bench: these are weir's figures alone, Flink was left out: 'bench/flink-run --check' says what it lacks here")


if __name__ == "__main__":
    main()
