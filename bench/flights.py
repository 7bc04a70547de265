#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures questions about recorded flights: `weir run` from its start to its end beside DuckDB and Polars, which run already and read the
same Parquet file, and beside Flink with the same script. scripts/bench calls it.

A peer's first answer in its process and the median of the later ones are both told; ratios are to the later ones of the better
peer. Flink is asked once for each number of threads, where --flink (or WEIR_FLINK) names a program that runs a script in it
(flink_runner.py).
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import sys
import tempfile
import time

from engines import Engine
from flights_questions import QUESTIONS, TABLE
from flink_runner import compare_rows, rows_of, run_flink, run_weir, threads_of

AIMS = {"flink": 100.0, "peers": 2.0}
PEERS = ("duckdb", "polars")


# ---- the peers' side: a line in, a line of JSON out ----

def asker(name, path, question, threads):
    """Gives a function that answers the question with a table."""
    if name == "polars":
        frame = QUESTIONS[question][2](path)
        return lambda: frame.collect(engine="streaming").to_arrow()
    import duckdb

    db = duckdb.connect()
    db.execute(f"SET threads = {threads}")
    db.execute(f"CREATE VIEW flights AS FROM read_parquet('{path}')")
    return lambda: db.sql(QUESTIONS[question][1]).to_arrow_table()


def answer_as_peer(name, path, question, threads):
    __import__(name)
    ask = asker(name, path, question, threads)
    for line in sys.stdin:
        start = time.perf_counter()
        table = ask()
        answer = {"wall_s": time.perf_counter() - start}
        if line.strip() == "check":
            answer["rows"] = [["" if cell is None else cell if isinstance(cell, (float, str)) else int(cell) for cell in row]
                              for row in zip(*(column.to_pylist() for column in table.columns))]
        print(json.dumps(answer), flush=True)


# ---- turns ----

def measure(options, question, folder):
    script = folder / f"{question}.sql"
    script.write_text(TABLE.format(path=options.file.absolute()) + QUESTIONS[question][0] + ";\n")
    rows = rows_of(run_weir(options.weir, script, 0)[1])
    results, flinks = [], {}
    for threads in sorted(set(map(threads_of, options.workers))) if options.flink else ():
        flinks[threads] = run_flink(options.flink, script, folder, threads=threads)
        compare_rows("Flink", rows, flinks[threads][2])
    for workers in options.workers:
        compare_rows(f"weir with {workers} workers", rows, rows_of(run_weir(options.weir, script, workers)[1]))
        threads = threads_of(workers)
        environment = dict(os.environ, POLARS_MAX_THREADS=str(threads), PYTHONDONTWRITEBYTECODE="1")
        peers = {name: Engine(name, [options.python, __file__, "--as-peer", name, str(options.file), question, str(threads)], environment)
                 for name in options.peers}
        times, firsts = {"weir": []}, {}
        for name, peer in peers.items():
            first = peer.ask("check")
            compare_rows(name, rows, first["rows"])
            firsts[name] = first["wall_s"]
        for _ in range(options.rounds):
            run_weir(options.weir, script, workers)
            times["weir"].append(run_weir(options.weir, script, workers)[0])
            for name, peer in peers.items():
                times.setdefault(name, []).append(peer.turn("run")["wall_s"])
        for peer in peers.values():
            peer.close()
        results.append(result_of(question, workers, times, firsts, flinks.get(threads)))
    return results


def result_of(question, workers, times, firsts, flink):
    median = {name: statistics.median(values) for name, values in times.items()}
    peer = min((name for name in median if name != "weir"), key=median.get, default=None)
    ratio = statistics.median(b / a for a, b in zip(times["weir"], times[peer])) if peer else None
    to_flink = flink[0] / median["weir"] if flink else None
    met = (ratio is None or ratio >= AIMS["peers"]) and (to_flink is None or to_flink >= AIMS["flink"])
    return {"name": f"flights/{question}/workers:{workers}", "work": question, "workers": workers, "wall_s": median["weir"],
            "rows_per_s": None, "spread": (max(times["weir"]) - min(times["weir"])) / median["weir"], "peer": peer,
            "peer_rows_per_s": None, "peer_wall_s": median.get(peer), "ratio": ratio, "roof": None, "roof_share": None,
            "first_ratio": firsts[peer] / median["weir"] if peer else None, "flink_s": flink[0] if flink else None, "flink_ratio": to_flink,
            "flink_steady_ratio": flink[1] / median["weir"] if flink and flink[1] else None, "peers_s": {n: v for n, v in median.items() if n != "weir"},
            "firsts_s": firsts, "target": f">= {AIMS['peers']:g}x, >= {AIMS['flink']:g}x Flink", "met": met}


def show(result):
    def times(value):
        return "-" if value is None else f"{value:.1f}x"

    peers = "".join(f"{name} {result['peers_s'][name] * 1000:.0f} (first {result['firsts_s'][name] * 1000:.0f})  " for name in result["peers_s"])
    print(f"{result['work']:<18}{result['workers']:>8}{result['wall_s'] * 1000:8.0f} ms{result['spread']:6.0%}  {peers}"
          f"{times(result['ratio'])}, of the first {times(result['first_ratio'])}, Flink {times(result['flink_ratio'])} "
          f"({times(result['flink_steady_ratio'])} without its start-up)  {'met' if result['met'] else 'missed'}", flush=True)


def main():
    if sys.argv[1:2] == ["--as-peer"]:
        answer_as_peer(*sys.argv[2:5], int(sys.argv[5]))
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--file", type=pathlib.Path, required=True, help="flights as Parquet")
    parser.add_argument("--weir", type=pathlib.Path, required=True, help="the program weir")
    parser.add_argument("--python", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--peers", default=",".join(PEERS), help="with commas; empty: none")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", default="0,2", help="numbers of workers, with commas")
    parser.add_argument("--only", default="", help="only questions that this pattern is found in")
    parser.add_argument("--flink", default=os.environ.get("WEIR_FLINK"), help="a program that runs a script in Flink")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go")
    options = parser.parse_args()
    options.workers = [int(count) for count in options.workers.split(",")]
    options.peers = [name for name in options.peers.split(",") if name]
    if not options.flink:
        print("bench: Flink is left out: no program that runs it is named in WEIR_FLINK")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        for question in QUESTIONS:
            if re.search(options.only, question):
                for result in measure(options, question, pathlib.Path(folder)):
                    results.append(result)
                    show(result)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
