#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures weir beside its peers in turns, on the same rows, and says how they stand. scripts/bench calls it.

For each cell (keys, workers): the results of all engines are compared; then come rounds in which weir, each peer and
the roofs take one turn after the other, so that whatever else the machine does meets all alike. Ratios are medians of
the ratios of each round; rates are medians; the spread is (greatest - least) / median of weir's rates.
"""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys

PEERS = ("duckdb", "polars")
FLOOR = 2.0  # whatever the target, every cell reaches this ratio


class Work:
    """One kind of key, and what weir aims at with it: a ratio to the better peer, a share of the roof."""

    def __init__(self, name, key, keys, ratio, share):
        self.name, self.key, self.keys, self.ratio, self.share = name, key, keys, ratio, share

    def target(self):
        parts = [f">= {self.ratio:g}x"]
        if self.share is not None:
            parts.append(f">= {self.share:.0%} of the roof")
        return ", ".join(parts)


WORKS = (
    Work("none", "none", 100, FLOOR, 0.90),
    Work("dictionary_100", "dictionary", 100, 8, 0.80),
    Work("dictionary_1K", "dictionary", 1000, 8, 0.80),
    Work("int64_100", "int64", 100, 5, 0.85),
    Work("int64_10K", "int64", 10_000, 3, 0.85),
    Work("int64_1M", "int64", 1_000_000, 4.5, None),
)


class Engine:
    """A process that answers a line with a line of JSON."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

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

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Cell:
    """The figures of one kind of key with one number of workers."""

    def __init__(self, work, workers, rows):
        self.work, self.workers, self.rows = work, workers, rows
        self.times = {"weir": []}  # engine -> times of its turns
        self.roofs = []  # per round: loop -> time

    def name(self):
        return f"tumble/{self.work.name}/workers:{self.workers}"

    def rates(self, engine, clock="wall_s"):
        return [self.rows / time[clock] for time in self.times[engine]]

    def peer(self):
        peers = [name for name in self.times if name != "weir"]
        return max(peers, key=lambda name: statistics.median(self.rates(name)), default=None)

    def ratio(self, clock):
        if self.peer() is None:
            return None
        return statistics.median(a / b for a, b in zip(self.rates("weir", clock), self.rates(self.peer(), clock)))

    def roof(self):
        """The lowest of reading the columns and the best bare loop: (its name, rows/s, share, share by CPU time)."""
        median = {name: statistics.median(self.rows / turn[name]["wall_s"] for turn in self.roofs) for name in self.roofs[0]}
        loops = [name for name in median if name != "read"]
        name = min({"read", max(loops, key=median.get, default="read")}, key=median.get)
        shares = [statistics.median(turn[name][clock] / time[clock] for turn, time in zip(self.roofs, self.times["weir"]))
                  for clock in ("wall_s", "cpu_s")]
        return name, median[name], *shares

    def result(self):
        rates, peer = self.rates("weir"), self.peer()
        roof, roof_rate, share, cpu_share = self.roof()
        ratio = self.ratio("wall_s")
        met = self.work.share is None or share >= self.work.share
        if ratio is not None:
            met = met and ratio >= self.work.ratio
        median = statistics.median(rates)
        return {
            "name": self.name(), "workers": self.workers, "rows_per_s": median,
            "spread": (max(rates) - min(rates)) / median,
            "peer": peer, "peer_rows_per_s": statistics.median(self.rates(peer)) if peer else None,
            "ratio": ratio, "roof": roof, "roof_share": share, "target": self.work.target(), "met": met,
            "cpu_ratio": self.ratio("cpu_s"), "cpu_roof_share": cpu_share, "roof_rows_per_s": roof_rate,
            "floor_met": ratio is None or ratio >= FLOOR,
            "peers": {name: statistics.median(self.rates(name)) for name in self.times if name != "weir"},
            "rows": self.rows, "rounds": len(rates),
        }


def threads_of(workers):
    """Threads that a peer gets: as many as weir computes with. The caller of one worker does nothing but hand on."""
    return max(1, workers)


def compare_totals(name, ours, theirs):
    for column, value in ours.items():
        other = theirs[column]
        close = abs(value - other) <= 1e-9 * abs(value) if isinstance(value, float) else value == other
        if not close:
            sys.exit(f"bench: results differ in {column}: weir {value}, {name} {other}")


def file_of(options, work):
    return str(options.data / f"{options.rows}-{work.keys}.arrow")


def start_weir(options, work):
    given = ["--generate", f"{options.rows},{work.keys},1000"] if options.generate else ["--file", file_of(options, work)]
    return Engine("weir", [str(options.turns), *given, work.key, options.clock])


def start_peers(options, work, threads):
    script = str(pathlib.Path(__file__).resolve().parent / "peers.py")
    return [Engine(name, [options.python, script, name, file_of(options, work), work.key, str(threads)]) for name in options.peers]


def turn(engine, request):
    """The second of two runs: memory that a process has not touched while others had their turns may have gone back to
    the system, or to the host of a virtual machine, and whoever comes first pays for it."""
    engine.ask(request)
    return engine.ask(request)


def measure_cell(options, work, weir, workers):
    threads = threads_of(workers)
    peers = start_peers(options, work, threads)
    ours = weir.ask(f"check {workers}")
    for peer in peers:
        compare_totals(peer.name, ours, peer.ask("check"))
    weir.ask(f"roof {threads}")
    cell = Cell(work, workers, weir.ask("rows")["rows"])
    if ours["counts"] != cell.rows:
        sys.exit(f"bench: weir counted {ours['counts']} rows of {cell.rows}")
    for _ in range(options.rounds):
        cell.times["weir"].append(turn(weir, f"run {workers}"))
        for peer in peers:
            cell.times.setdefault(peer.name, []).append(turn(peer, "run"))
        cell.roofs.append(turn(weir, f"roof {threads}"))
    for peer in peers:
        peer.close()
    return cell.result()


def show_head(options):
    engines = ", ".join(options.peers) or "no peers"
    print(f"bench: {options.rows} rows, {options.rounds} rounds, weir ({options.clock}) beside {engines}; M rows/s")
    peers = "".join(f"{name:>9}" for name in options.peers)
    print(f"{'keys':<15}{'workers':>8}{'weir':>9}{'spread':>8}{peers}{'ratio':>8}{'(cpu)':>8}{'roof':>9}{'of roof':>9}{'(cpu)':>7}  target")


def show(options, work, result):
    def times(value):
        return "-" if value is None else f"{value:.2f}x"

    peers = "".join(f"{result['peers'][name] / 1e6:9.1f}" for name in options.peers)
    state = "met" if result["met"] else "missed" if result["floor_met"] else f"missed, and below {FLOOR:g}x"
    print(f"{work.name:<15}{result['workers']:>8}{result['rows_per_s'] / 1e6:9.1f}{result['spread']:8.0%}{peers}"
          f"{times(result['ratio']):>8}{times(result['cpu_ratio']):>8}{result['roof']:>9}{result['roof_share']:9.0%}"
          f"{result['cpu_roof_share']:7.0%}  {result['target']}: {state}", flush=True)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=pathlib.Path, required=True, help="the program bench_turns")
    parser.add_argument("--python", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--peers", default=",".join(PEERS), help="engines of peers.py, with commas; empty: none")
    parser.add_argument("--data", type=pathlib.Path, help="folder of generate.py's files")
    parser.add_argument("--generate", action="store_true", help="weir makes rows itself: no files, no peers")
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", default="0,2", help="numbers of workers, with commas")
    parser.add_argument("--clock", default="at_end", choices=("at_end", "advance", "declared"))
    parser.add_argument("--only", default="", help="only kinds of keys that this pattern is found in")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go")
    options = parser.parse_args()
    options.peers = [] if options.generate else [name for name in options.peers.split(",") if name]
    options.workers = [int(workers) for workers in options.workers.split(",")]
    if options.data is None and not options.generate:
        parser.error("--data or --generate is needed")
    return options


def main():
    options = parse_options()
    works = [work for work in WORKS if re.search(options.only, work.name)]
    works = [work for work in works if options.clock != "declared" or work.key != "dictionary"]
    results = []
    show_head(options)
    for work in works:
        weir = start_weir(options, work)
        for workers in options.workers:
            results.append(measure_cell(options, work, weir, workers))
            show(options, work, results[-1])
        weir.close()
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


main()
