# SPDX-License-Identifier: Apache-2.0
"""Random queries over random streams: weir, run by the driver program, against the model, row by row.

    compare.py DRIVER [--cases N] [--seed S] [--kinds tumble,hop,...|working|accepted|all] [--first CASE] [--failures N]

Case i of seed s is the same whatever the number of cases: `--seed S --first I --cases 1` runs it again. A case that differs
is made small and printed with its seed; the status is then 1.
"""
import argparse
import random
import secrets
import sys
import time

import generate
import sql
from difference import difference
from driver import Driver, DriverDied, Run, case_text
from query import Aggregate, Fill, Finish, Having, Idle, Push, Query, Row
from shrink import Shrinker

# The simplest query of each kind, to see whether weir takes it.
PLAIN = {
    "tumble": Query(size=1000), "hop": Query(kind="hop", size=1000, slide=500),
    "cumulate": Query(kind="cumulate", size=1000, step=500), "session": Query(kind="session", gap=1000, keys=("k",)),
    "count": Query(kind="count", size=3), "count_or_time": Query(kind="count_or_time", size=3, span=1000),
    "group": Query(size=1000, form="group"), "session_max": Query(kind="session", gap=1000, max_duration=5000),
    "count_slide": Query(kind="count", size=3, slide=2), "fill": Query(size=1000, fill=Fill("prev", 0, 5)),
    "lateness": Query(size=1000, lateness=500, watermark=("delay", 0)),
    "late_fire": Query(size=1000, lateness=500, late_fire=True, watermark=("delay", 0)),
    "early_rows": Query(size=1000, early_rows=2), "early_time": Query(size=1000, early_time=500),
    "early_clock": Query(size=1000, early_clock=500), "early_clock_push": Query(size=1000, early_clock=500),
    "modes": Query(size=1000, early_rows=2, emit="discarding"),
    "side_output": Query(size=1000, late_policy="side-output"),
    "fold": Query(size=1000, late_policy="fold"), "discard": Query(size=1000, end="discard"),
    "mark": Query(size=1000, end="mark"),
    "future": Query(size=1000, max_future=1000, future_policy="side-output", watermark=("delay", 0)),
    "idle": Query(size=1000), "idle_timeout": Query(size=1000, idle_timeout=500, watermark=("delay", 0)),
    "close": Query(size=1000, close_after=500, watermark=("delay", 0)),
    "close_future": Query(size=1000, close_after=500, max_future=1000, watermark=("delay", 0)),
    "processing_time": Query(size=1000, processing_time=True), "zone": Query(size=1000, zone="Europe/Berlin"),
    "having": Query(size=1000, having=Having(Aggregate("SUM", "v"), ">=", 1)), "limits": Query(size=1000),
    "built": Query(size=1000, typed=True, built=True), "unit": Query(size=250, typed=True, built=True, native=True, unit="us"),
}


def refusal(driver, kind):
    """The message with which weir refuses a kind; None where it takes it."""
    events = [Push(0, (Row(1, 1, "a", 1, 1, 1.0),))] + [Idle(0)] * (kind == "idle") + [Finish()]
    try:
        answer = driver.run(PLAIN[kind], events, Run())
    except DriverDied as died:
        return str(died)
    return answer.error and f"{answer.error[0]}: {answer.error[4] or answer.error[1]}"


def kinds_of(text, driver):
    if text == "working":
        return generate.WORKING
    if text in ("all", "accepted"):
        if text == "all":
            return generate.KINDS
        taken = []
        for kind in generate.KINDS:
            message = refusal(driver, kind)
            if message is None:
                taken.append(kind)
            else:
                print(f"{kind} is refused: {message}")
        return tuple(taken)
    kinds = tuple(text.split(","))
    unknown = [kind for kind in kinds if kind not in generate.KINDS]
    if unknown:
        sys.exit(f"compare.py: there is no kind '{unknown[0]}'; kinds: {', '.join(generate.KINDS)}")
    if not any(kind in generate.WINDOWS for kind in kinds):
        kinds = generate.WORKING + kinds
    return kinds


def judge(driver, case):
    """The difference of a case in words, or None."""
    query, events, run = case
    try:
        answer = driver.run(query, events, run)
    except DriverDied as died:
        return str(died)
    return difference(query, events, run, answer)


def shrunken(driver, case, found):
    """The least case with a difference of the same sort."""
    def sort_of(text):
        return text.split(":")[0].split(",")[-1][:40] if text else None

    def fails(query, events, run):
        try:
            return sort_of(judge(driver, (query, events, run))) == sort_of(found)
        except (ValueError, KeyError, OverflowError):
            return False
    return Shrinker(fails).shrink(case)


def show(case):
    query, events, run = case
    print(f"  {query}\n  {run}")
    for number, event in enumerate(events):
        print(f"  event {number}: {event}")
    if not query.built:
        print("  script:\n    " + sql.script(query).replace("\n", "\n    "))


def report(driver, seed, number, case, found):
    print(f"case {number} of seed {seed} differs: {found}", flush=True)
    case = shrunken(driver, case, found)
    print(f"made small: {judge(driver, case)}")
    show(case)
    print("  as the driver reads it:\n" + case_text("1", *case)[0], flush=True)


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("driver")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--kinds", default="working")
    parser.add_argument("--failures", type=int, default=1, help="stop after so many")
    return parser.parse_args()


def main():
    asked = options()
    seed = secrets.randbelow(2 ** 32) if asked.seed is None else asked.seed
    driver = Driver([asked.driver])
    kinds = kinds_of(asked.kinds, driver)
    print(f"seed {seed}, {asked.cases} cases, kinds {','.join(kinds)}", flush=True)
    failures, began = 0, time.monotonic()
    for number in range(asked.first, asked.first + asked.cases):
        case = generate.random_case(random.Random(f"{seed} {number}"), kinds)
        found = judge(driver, case)
        if found:
            failures += 1
            report(driver, seed, number, case, found)
            if failures >= asked.failures:
                break
    left = driver.close()
    if left:
        print(left)
    print(f"{failures} differ, {time.monotonic() - began:.1f} s")
    return 1 if failures or left else 0


if __name__ == "__main__":
    sys.exit(main())
