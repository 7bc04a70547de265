#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures weir beside its peers in turns, on the same rows, and says how they stand. scripts/bench calls it.

For each work the results of all engines are compared. Then come, for each number of workers, rounds in which weir, each peer
and the roof take one turn after the other, so that whatever else the machine does meets all alike. A peer that was
much slower than the best one in the first round (SLOW) sits out the others. Ratios are medians of the ratios of each round; rates
are medians; the spread is (greatest - least) / median of weir's rates.
"""
import argparse
import json
import pathlib
import re
import statistics
import subprocess
import sys

from engines import HERE, Peers, start_weir
from files import unable
from recorded import make_rows
from works import CELLS, FLOOR, SCALING, SCALING_AIM, WHOLES

sys.path.insert(0, str(HERE / "suites"))
from queries import SUITES

PEERS = ("clickhouse", "polars", "datafusion", "acero", "duckdb")
WHOLE_AIM = 0.9  # of the rate of the work that another one is to reach
SLOW = 0.7  # a peer's rate in the first round, to that of the best one


class Cell:
    """The figures of one work with one number of workers."""

    def __init__(self, work, workers, rows):
        self.work, self.workers, self.rows = work, workers, rows
        self.times = {"weir": []}  # engine -> times of its turns, from the first round on
        self.roofs = []  # per round
        self.limits = []  # the same of the limit, where the work has one
        self.wholes = []  # per round: time of a stretch of this work, and of the one to compare with

    def rates(self, engine, clock="wall_s"):
        return [self.rows / time[clock] for time in self.times[engine]]

    def median(self, engine):
        return statistics.median(self.rates(engine))

    def peers(self):
        return [name for name in self.times if name != "weir"]

    def peer(self):
        return max(self.peers(), key=self.median, default=None)

    def slow_peers(self):
        """Of the first round; by both clocks, as other work on the machine can slow any engine down."""
        def first(name, clock):
            return self.rows / self.times[name][0][clock]

        slow = {clock: SLOW * max((first(name, clock) for name in self.peers()), default=0) for clock in ("wall_s", "cpu_s")}
        return [name for name in self.peers() if all(first(name, clock) < slow[clock] for clock in slow)]

    def ratio(self, clock):
        if self.peer() is None:
            return None
        return statistics.median(a / b for a, b in zip(self.rates("weir", clock), self.rates(self.peer(), clock)))

    def share(self, clock):
        return statistics.median(roof[clock] / time[clock] for roof, time in zip(self.roofs, self.times["weir"]))

    def limit_share(self):
        return statistics.median(limit["wall_s"] / time["wall_s"] for limit, time in zip(self.limits, self.times["weir"])) if self.limits else None

    def whole(self):
        return statistics.median(whole["wall_s"] / time["wall_s"] for time, whole in self.wholes) if self.wholes else None

    def aims(self):
        """What is aimed at in words, and whether it was reached; None: there is nothing to compare with."""
        work, ratio, whole = self.work, self.ratio("wall_s"), self.whole()
        aims = []
        rate = work.rate_of(self.workers)
        if rate is not None:
            aims.append((f">= {rate / 1e6:g} M/s", self.median("weir") >= rate))
        if work.ratio is not None:
            aims.append((f">= {work.ratio:g}x", None if ratio is None else ratio >= work.ratio))
        if work.share is not None:
            aims.append((f">= {work.share:.0%} of {work.roof}", self.share("wall_s") >= work.share))
        if work.whole is not None:
            aims.append((f">= {WHOLE_AIM:.0%} of {work.whole}", None if whole is None else whole >= WHOLE_AIM))
        return aims

    def result(self, group):
        rates, peer, ratio = self.rates("weir"), self.peer(), self.ratio("wall_s")
        aims = self.aims()
        return {
            "name": f"{group}/{self.work.name}/workers:{self.workers}", "work": self.work.name, "workers": self.workers,
            "rows_per_s": self.median("weir"), "spread": (max(rates) - min(rates)) / self.median("weir"),
            "peer": peer, "peer_rows_per_s": self.median(peer) if peer else None, "ratio": ratio,
            "roof": self.work.roof, "roof_share": self.share("wall_s"),
            "target": ", ".join(text for text, _ in aims) or "none", "met": all(met is not False for _, met in aims),
            "missed": [text for text, met in aims if met is False],
            "cpu_ratio": self.ratio("cpu_s"), "cpu_roof_share": self.share("cpu_s"),
            "roof_rows_per_s": statistics.median(self.rows / roof["wall_s"] for roof in self.roofs),
            "limit": self.work.limit, "limit_share": self.limit_share(),
            "limit_rows_per_s": statistics.median(self.rows / limit["wall_s"] for limit in self.limits) if self.limits else None,
            "whole": self.work.whole, "whole_share": self.whole(),
            "floor_met": ratio is None or ratio >= FLOOR,
            "peers": {name: self.median(name) for name in self.peers()},
            "sat_out": [name for name in self.peers() if len(self.times[name]) < len(rates)],
            "keys": self.work.data if isinstance(self.work.data, int) else None,
            "rows": self.rows, "rounds": len(rates),
        }


def threads_of(workers):
    """Threads that a peer gets: as many as weir computes with. The caller of one worker does nothing but hand on."""
    return max(1, workers)


# ---- results are compared before anything is timed ----

def close(a, b):
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b))


def compare_totals(name, ours, theirs):
    if ours["rows"] != theirs["rows"] or list(ours["columns"]) != list(theirs["columns"]):
        sys.exit(f"bench: results differ: weir has {ours['rows']} rows of {list(ours['columns'])}, {name} {theirs['rows']} of {list(theirs['columns'])}")
    for column, value in ours["columns"].items():
        other = theirs["columns"][column]
        doubles = isinstance(value, list) and isinstance(other, list)
        same = all(map(close, value, other)) if doubles else value == other
        if not same:
            sys.exit(f"bench: results differ in {column}: weir {value}, {name} {other}")
    if ours["hash"] != theirs["hash"]:
        sys.exit(f"bench: results of weir and {name} have the same columns, but differ in how they belong together")


def compare_results(weir, peers, workers):
    """Of all numbers of workers; of peers once, with as many threads as the first of them. Returns the peers that can be asked."""
    ours = [weir.ask(f"check {count}") for count in workers]
    if ours[0]["rows"] == 0:
        sys.exit("bench: the result is empty, so that nothing is compared")
    for count, totals in zip(workers, ours):
        compare_totals(f"weir with {count} workers", ours[0], totals)
    able = []
    for name, peer in peers.items():
        theirs = peer.ask(f"check {threads_of(workers[0])}")
        if "unable" in theirs:
            continue
        compare_totals(name, ours[0], theirs)
        able.append(name)
    return able


# ---- rounds ----

def measure_cell(options, work, weir, peers, workers, steady):
    """steady: None, or processes with streams of the work and of the one that it is compared with."""
    threads = threads_of(workers)
    cell = Cell(work, workers, weir.ask("rows")["rows"])
    loops = [work.roof] + ([work.limit] if work.limit else [])
    for loop in loops:
        weir.ask(f"roof {threads} {work.loop(loop)}")
    for _ in range(options.rounds):
        cell.times["weir"].append(weir.turn(f"run {workers}"))
        for name, peer in peers.items():
            cell.times.setdefault(name, []).append(peer.turn(f"run {threads}"))
        for loop, times in zip(loops, (cell.roofs, cell.limits)):
            times.append(weir.turn(f"roof {threads} {work.loop(loop)}"))
        if steady:
            cell.wholes.append([engine.turn(f"steady {work.window_ms()}") for engine in steady])
        for name in cell.slow_peers():
            peers.pop(name, None)
    return cell


def peers_of(options, work):
    """Names; says who is not asked."""
    asked = [name for name in options.peers if work.peers is None or name in work.peers]
    out = [name for name in options.peers if name not in asked]
    if out:
        print(f"bench: {work.name}: {', '.join(out)} sit out: the machine has no memory for the tables of all")
    return asked


def make_rows_of_cell(options, work):
    """Where a cell has a file that scripts/bench does not make for all."""
    path = None if options.generate or work.times == 1 else options.file_of(work)
    if path is not None and not path.exists():
        subprocess.run([options.python, "-B", str(HERE / "generate.py"), str(options.rows_of(work)), str(options.data), str(work.data)], check=True)


def measure_work(options, work, group):
    counts = work.workers or options.workers
    make_rows_of_cell(options, work)
    weir = start_weir(options, work)
    peers = Peers(options, work, peers_of(options, work), sorted(set(map(threads_of, counts))))
    able = compare_results(weir, peers.of(threads_of(counts[0])), counts)
    results = []
    for workers in counts:
        one_core = work.whole and threads_of(workers) == 1
        steady = [start_weir(options, WHOLES[work.whole] if whole else work) for whole in (False, True)] if one_core else None
        asked = {name: peer for name, peer in peers.of(threads_of(workers)).items() if name in able}
        cell = measure_cell(options, work, weir, asked, workers, steady)
        results.append({**cell.result(group), **weir.apart()})
        show(options, results[-1])
        for engine in steady or ():
            engine.close()
    peers.close()
    weir.close()
    return results


def measure_scaling(options, work):
    weir = start_weir(options, work)
    cell = {workers: Cell(work, workers, weir.ask("rows")["rows"]) for workers in (0, 2)}
    for _ in range(options.rounds + 2):
        for workers in cell:
            cell[workers].times["weir"].append(weir.turn(f"run {workers}"))
    weir.close()
    one, two = cell[0].rates("weir"), cell[2].rates("weir")
    ratio = statistics.median(b / a for a, b in zip(one, two))
    aim, met = f">= {SCALING_AIM}x", ratio >= SCALING_AIM
    result = {"name": f"two_cores/{work.name}", "work": work.name, "workers": 2, "rows_per_s": statistics.median(two),
              "spread": (max(two) - min(two)) / statistics.median(two), "peer": "weir on one core", "peer_rows_per_s": statistics.median(one),
              "ratio": ratio, "roof": None, "roof_share": None, "target": aim, "met": met, "missed": [] if met else [aim],
              "rows": cell[0].rows, "rounds": len(one)}
    print(f"{work.name:<22} two cores over one: {ratio:.2f}x ({result['rows_per_s'] / 1e6:.1f} to {result['peer_rows_per_s'] / 1e6:.1f}), "
          f"{aim}: {'met' if met else 'missed'}", flush=True)
    return result


# ---- the table ----

def show_head(options):
    engines = ", ".join(options.peers) or "no peers"
    print(f"bench: {options.rows} rows, {options.rounds} rounds, weir beside {engines}; M rows/s; "
          f"*: one round, much slower than the best")
    peers = "".join(f"{name:>11}" for name in options.peers)
    print(f"{'work':<22}{'workers':>8}{'weir':>9}{'spread':>8}{peers}{'ratio':>9}{'(cpu)':>9}{'roof':>8}{'share':>7}{'(cpu)':>7}  target")


def verdict(result):
    text = "met" if result["met"] else f"missed {', '.join(result['missed'])}"
    if result["peer"] is None:
        text += ", without peers"
    if result["whole_share"] is not None:
        text += f" ({result['whole_share']:.0%} of {result['whole']})"
    if result.get("limit") is not None:
        text += f" ({result['limit_share']:.0%} of {result['limit']})"
    if "start_s" in result:
        text += f"; start-up {result['start_s'] * 1000:.0f} ms"
    return text if result["floor_met"] else f"{text}, and below {FLOOR:g}x"


def show(options, result):
    def times(value):
        return "-" if value is None else f"{value:.2f}x"

    def peer(name):
        rate = result["peers"].get(name)
        return "-" if rate is None else f"{rate / 1e6:.1f}{'*' if name in result['sat_out'] else ' '}"

    peers = "".join(f"{peer(name):>11}" for name in options.peers)
    print(f"{result['work']:<22}{result['workers']:>8}{result['rows_per_s'] / 1e6:9.1f}{result['spread']:8.0%}{peers}"
          f"{times(result['ratio']):>9}{times(result['cpu_ratio']):>9}{result['roof']:>8}{result['roof_share']:7.0%}"
          f"{result['cpu_roof_share']:7.0%}  {result['target']}: {verdict(result)}", flush=True)


# ---- what is asked for ----

class Options(argparse.Namespace):
    def file_of(self, work):
        """Of cells by the number of keys, of suites by name."""
        ending = work.asked["file"]["ending"] if "file" in work.asked else "csv" if work.asked.get("text") else "arrow"
        return self.data / f"{self.rows_of(work)}-{work.data}.{ending}"

    def rows_of(self, work):
        return self.rows * work.times


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=pathlib.Path, required=True, help="the program bench_turns")
    parser.add_argument("--python", default=sys.executable, help="a Python that has the peers")
    parser.add_argument("--peers", default=",".join(PEERS), help="engines of peers.py, with commas; empty: none")
    parser.add_argument("--data", type=pathlib.Path, help="folder of generated files")
    parser.add_argument("--generate", action="store_true", help="weir makes rows itself: no files, no peers")
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workers", default="0,2", help="numbers of workers, with commas")
    parser.add_argument("--clock", default="at_end", choices=("at_end", "advance", "declared"))
    parser.add_argument("--quick", action="store_true", help="without the cells that take long")
    parser.add_argument("--only", default="", help="only works that this pattern is found in")
    parser.add_argument("--suite", choices=sorted(SUITES), help="a suite of queries instead of the cells")
    parser.add_argument("--generator", type=pathlib.Path, help="the program bench_generate; for suites")
    parser.add_argument("--weir", type=pathlib.Path, help="the program weir; for suites over text and files")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go")
    options = parser.parse_args(namespace=Options())
    if options.data is None and (options.suite or not options.generate):
        parser.error("--data is needed, or for cells --generate")
    if options.suite and (options.generator is None or options.generate):
        parser.error("--suite needs --generator, and knows no --generate")
    options.peers = [] if options.generate else installed(options)
    options.workers = [int(workers) for workers in options.workers.split(",")]
    return options


def installed(options):
    wanted = [name for name in options.peers.split(",") if name]
    if not wanted:
        return []
    answer = subprocess.run([options.python, "-B", str(HERE / "peers.py"), "--list"], stdout=subprocess.PIPE, text=True, check=True)
    found = json.loads(answer.stdout)
    print("bench: " + ", ".join(f"{name} {found[name]}" for name in wanted if name in found))
    return [name for name in wanted if name in found]


def measure_cells(options):
    works = [work for work in CELLS if re.search(options.only, work.name) and (work.quick or not options.quick)]
    works = [work for work in works if options.clock != "declared" or "s" not in work.asked["columns"]]
    results = []
    for work in works:
        results += measure_work(options, work, work.asked["window"]["kind"])
    for work in works:
        if work.name in SCALING and not (options.quick and work.name != "int64_10K"):
            results.append(measure_scaling(options, work))
    return results


def measure_suite(options):
    suite, results = SUITES[options.suite], []
    for note in suite.notes:
        print(f"bench: {note}")
    for note in suite.left_out:
        print(f"bench: left out: {note}")
    for work in suite.works:
        if not re.search(options.only, work.name):
            continue
        why = unable(options, work) if "file" in work.asked else None
        if why:
            print(f"bench: left out: {work.name}: {why}")
            continue
        path = options.file_of(work)
        make_rows(options.generator, work.data, options.rows, path)
        results += measure_work(options, work, options.suite)
    return results


def main():
    options = parse_options()
    show_head(options)
    results = measure_suite(options) if options.suite else measure_cells(options)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
