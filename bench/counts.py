#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts what a row costs: instructions, by valgrind's callgrind, and what the machine itself counts. scripts/bench --counts calls it.

Instructions are those within one execution (making a pipeline, pushing all rows, summing every column of the result), one thread. They are
the same on every machine, whatever else it does, but for the kernels: callgrind knows no AVX-512, so those of AVX2 run. With each stand the
functions that have most of them. Cycles, misses and faults are the machine's own, of an execution after one to warm up; a machine that does not
count something (most virtual ones) leaves it out.
"""
import argparse
import json
import pathlib
import re
import shutil
import sys
import tempfile

from engines import start_weir
from recorded import make_rows
from works import CELLS

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "suites"))
from queries import SUITES

EXECUTION = "weir_bench_execute"
FUNCTIONS = 4  # that are named
COUNTED = ("cycles", "cache_misses", "tlb_misses", "branch_misses", "page_faults")


def exclusive(text):
    """Names of functions -> instructions of their own, of a file that callgrind wrote (its manual, "Callgrind Format Specification")."""
    names, own, function, called = {}, {}, None, False
    for line in text.splitlines():
        named = re.match(r"fn=\((\d+)\)(?: (.*))?$", line)
        if named:
            names.setdefault(named[1], named[2])
            function = names[named[1]]
        elif re.match(r"cfn=\((\d+)\) ", line):
            known = re.match(r"cfn=\((\d+)\) (.*)$", line)
            names.setdefault(known[1], known[2])
        elif line.startswith("calls="):
            called = True  # the next line is what the call cost, which is the callee's
        elif re.match(r"[+\-*\d]", line):
            if not called and function is not None:
                own[function] = own.get(function, 0) + int(line.split()[-1])
            called = False
    return own


def instructions(options, work):
    """Of each function, of one execution."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        watched = ["valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={out}", f"--toggle-collect={EXECUTION}"]
        engine = start_weir(argparse.Namespace(**vars(options), watched_by=watched), work)
        engine.ask("run 0")
        engine.close()
        return exclusive(out.read_text())


def counted(options, work):
    """By the machine, where it counts."""
    engine = start_weir(options, work)
    engine.ask("run 0")
    answer = engine.ask("count 0")
    engine.close()
    return {name: answer[name] / options.rows for name in COUNTED if name in answer}


def measure(options, group, work):
    own = instructions(options, work)
    total = sum(own.values())
    most = sorted(own.items(), key=lambda one: -one[1])[:FUNCTIONS]
    return {"name": f"{group}/{work.name}", "rows": options.rows, "instructions_a_row": total / options.rows,
            "functions": {name: count / options.rows for name, count in most}, **{f"{name}_a_row": value for name, value in counted(options, work).items()}}


def show(one):
    functions = ", ".join(f"{name.removeprefix('weir_')} {count:.1f}" for name, count in one["functions"].items())
    machine = ", ".join(f"{name.replace('_', ' ')} {one[name + '_a_row']:.4g}" for name in COUNTED if name + "_a_row" in one)
    print(f"{one['name']:<28}{one['instructions_a_row']:9.1f}  {functions}; {machine or 'the machine counts nothing'}", flush=True)


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--turns", type=pathlib.Path, required=True, help="the program bench_turns")
    parser.add_argument("--generator", type=pathlib.Path, required=True, help="the program bench_generate")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of generated files")
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--only", default="", help="only works that this pattern is found in")
    parser.add_argument("--suite", choices=sorted(SUITES), help="a suite of queries instead of the cells")
    parser.add_argument("--json", type=pathlib.Path, help="where the figures go")
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        sys.exit("bench: --counts needs valgrind (package valgrind), whose callgrind counts instructions")
    return options


def works_of(options):
    """Works with the group that each belongs to; files of a suite are made."""
    if options.suite is None:
        return [(work.asked["window"]["kind"], work) for work in CELLS if work.quick and re.search(options.only, work.name)]
    works = [work for work in SUITES[options.suite].works if "file" not in work.asked and "text" not in work.asked and re.search(options.only, work.name)]
    for data in {work.data for work in works}:
        make_rows(options.generator, data, options.rows, options.data / f"{options.rows}-{data}.arrow")
    return [(options.suite, work) for work in works]


def main():
    options = parse_options()
    options.clock, options.generate = "at_end", options.suite is None
    options.file_of = lambda work: options.data / f"{options.rows}-{work.data}.arrow"
    options.rows_of = lambda work: options.rows
    print(f"bench: instructions a row, {options.rows} rows, one thread, kernels of AVX2 at most; what the machine counts beside them")
    results = []
    for group, work in works_of(options):
        results.append(measure(options, group, work))
        show(results[-1])
    if options.json:
        options.json.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
