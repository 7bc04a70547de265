#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how long results take from the push of the rows that close their window. scripts/bench --latency calls it.

Each cell is run in rounds with the others, each for itself an open loop at a part of its own capacity (latency.c). Figures
are medians of the rounds; the spread is (greatest - least) / median of the 99th percentile.
"""
import argparse
import json
import pathlib
import statistics
import subprocess

MEDIAN_US = {0: 50}  # workers -> aimed at; without workers the caller does the work
LAST_US = 1000  # the 99th percentile

CELLS = [(workers, batch, 100) for workers in (0, 1, 2) for batch in (256, 1024, 4096, 16384, 65536)]
CELLS += [(workers, 4096, 10_000) for workers in (0, 1, 2)]


def run(options, cell):
    workers, batch, keys = cell
    # Windows of many keys last as many rows more, so that results stay a small part of the work.
    window = 10 * max(1, keys // 1000)
    asked = {"rows": options.rows, "keys": keys, "batch": batch, "window": window, "load": options.load, "passes": options.passes,
             "workers": workers}
    line = [options.latency, *(text for name, value in asked.items() for text in (f"--{name}", str(value)))]
    return json.loads(subprocess.run(line, stdout=subprocess.PIPE, text=True, check=True).stdout)


def summary(options, cell, runs):
    workers, batch, keys = cell

    def median(name):
        return statistics.median(one["result"][name] for one in runs)

    lasts = [one["result"]["p99_us"] for one in runs]
    aims = [(f"p99 <= {LAST_US} us", median("p99_us") <= LAST_US)]
    if workers in MEDIAN_US:
        aims.insert(0, (f"p50 <= {MEDIAN_US[workers]} us", median("p50_us") <= MEDIAN_US[workers]))
    missed = [text for text, met in aims if not met]
    return {
        "name": f"latency/{batch}x{keys}/workers:{workers}", "workers": workers, "batch": batch, "keys": keys,
        "rows_per_s": statistics.median(one["rate_rows_per_s"] for one in runs),
        "capacity_rows_per_s": statistics.median(one["capacity_rows_per_s"] for one in runs),
        **{name: median(name) for name in ("p50_us", "p90_us", "p99_us", "p999_us", "max_us")},
        "spread": (max(lasts) - min(lasts)) / statistics.median(lasts), "load": options.load / 100,
        "peer": None, "peer_rows_per_s": None, "ratio": None, "roof": None, "roof_share": None,
        "target": ", ".join(text for text, _ in aims), "met": not missed, "missed": missed, "rounds": len(runs),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--latency", type=pathlib.Path, required=True, help="the program bench_latency")
    parser.add_argument("--rows", type=int, default=20_000_000, help="of a pass")
    parser.add_argument("--passes", type=int, default=8)
    parser.add_argument("--load", type=int, default=80, help="percent of the capacity")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go")
    options = parser.parse_args()
    print(f"bench: latency at {options.load} % of capacity, {options.passes} passes of {options.rows} rows, {options.rounds} rounds; "
          "from when the rows that close a window are due to its result; us")
    print(f"{'workers':>7}{'batch':>7}{'keys':>7}{'M rows/s':>10}{'p50':>9}{'p90':>9}{'p99':>9}{'p99.9':>9}{'most':>9}{'spread':>8}  target")
    runs = {cell: [] for cell in CELLS}
    for _ in range(options.rounds):
        for cell in CELLS:
            runs[cell].append(run(options, cell))
    results = [summary(options, cell, runs[cell]) for cell in CELLS]
    for one in results:
        times = "".join(f"{one[name]:9.1f}" for name in ("p50_us", "p90_us", "p99_us", "p999_us", "max_us"))
        verdict = "met" if one["met"] else f"missed {', '.join(one['missed'])}"
        print(f"{one['workers']:>7}{one['batch']:>7}{one['keys']:>7}{one['rows_per_s'] / 1e6:10.0f}{times}{one['spread']:8.0%}  {one['target']}: {verdict}")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
