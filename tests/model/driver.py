# SPDX-License-Identifier: Apache-2.0
"""Runs cases through the driver program (drive.c), one process for many of them."""
import random
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field

import build
import sql
from query import INT64_MAX, INT64_MIN, Advance, Clock, Counters, Idle, Push, Result, Step


class DriverDied(Exception):
    """The driver ended, or did not answer, inside a case."""


@dataclass
class Run:
    """How a case is run: nothing here may change its rows."""
    workers: int = 0
    strategy: int = 0  # of enum weir_strategy
    partitions: int = 1
    ranges: int = 0  # seeds what batches say of the range of their times; 0: nothing
    waiting: int = 0  # enum weir_waiting: 2 lets rows wait wherever they can
    clock: int = 1_750_000_000_000  # the wall clock, in ms
    pull: bool = True  # take results after each event
    probe: bool = True  # read the counters after each event
    batches: list = field(default_factory=list)  # for each event (rows, batch offset, column offset) of its batches


@dataclass
class Answer:
    """What weir did: a Step for each event of the case, or an error."""
    steps: list = field(default_factory=list)
    last: Step = None  # what was left after the last event
    late_columns: list = None  # (name, Arrow format) of rows put aside
    error: tuple = None  # (stage, status, line, column, message)
    stats: dict = None


def escape(value):
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return repr(value) if isinstance(value, float) else str(value)


def unescape(text):
    if text == "\\N":
        return None
    return (text.replace("\\\\", "\0").replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r")
            .replace("\0", "\\"))


def batches_of(event, plan):
    """The batches of a push: slices of its rows with their offsets. The last takes what is left."""
    rows, at = list(event.rows), 0
    for count, batch_offset, column_offset in plan:
        yield rows[at:at + count], batch_offset, column_offset
        at += count
    if at < len(rows) or not plan:
        yield rows[at:], 0, 0


def range_of(query, rows, drawn):
    """What a batch says of its times: the range, exact or looser, or nothing; as the fields of a push."""
    times = [row.ts for row in rows]
    if query.processing_time or not times or None in times or drawn.random() < 0.3:
        return ""
    first, last = (-INT64_MAX // 1000 + 1, INT64_MAX // 1000) if query.unit == "s" else (INT64_MIN, INT64_MAX)
    exact = drawn.random() < 0.7
    looser = drawn.choice([0, 0, 1, drawn.randint(0, 20), drawn.randint(0, 10 ** 5)])
    least = max(first, min(times) - drawn.choice([0, 0, looser]))
    most = max(times) if exact else min(last, max(times) + looser)
    return f"\t{least}\t{most}\t{int(exact)}"


def required(events, number):
    """Whether a column of numbers is never NULL: it is declared so, and aggregates of it keep no count of NULLs."""
    return sql.NAMES[number] in "vd" and all(row[number] is not None for event in events if isinstance(event, Push) for row in event.rows)


def case_text(name, query, events, run):
    lines = [f"case\t{name}"] + ([] if query.built else ["sql\t" + escape(sql.script(query))])
    lines += ["table\tt"] if query.typed and not query.built else []
    lines += [f"column\t{column}\t{form}" + "\trequired" * required(events, number)
              for number, (column, form) in enumerate(sql.columns(query))]
    if query.built:
        lines += ["\t".join(["build"] + [escape(word) for word in call]) for call in build.calls(query)]
    lines += [f"option\tworkers\t{run.workers}", f"option\tstrategy\t{run.strategy}",
              f"option\tpartitions\t{run.partitions}", f"option\twaiting\t{run.waiting}", f"option\tclock\t{run.clock}",
              f"option\tpull\t{int(run.pull)}", f"option\tprobe\t{int(run.probe)}", "run"]
    owners = []  # the event that each call belongs to
    for number, event in enumerate(events):
        if isinstance(event, Push):
            plan = run.batches[number] if number < len(run.batches) else []
            drawn = random.Random(f"{run.ranges} {number}")
            for rows, batch_offset, column_offset in batches_of(event, plan):
                known = range_of(query, rows, drawn) if run.ranges else ""
                lines.append(f"push\t{event.partition}\t{len(rows)}\t{batch_offset}\t{column_offset}{known}")
                lines += ["\t".join(["row"] + [escape(value) for value in row]) for row in rows]
                owners.append(number)
            continue
        if isinstance(event, Advance):
            lines.append(f"advance\t{event.partition}\t{event.watermark}")
        elif isinstance(event, Clock):
            lines.append(f"{'clock' if event.poll else 'tick'}\t{event.now}")
        else:
            lines.append(f"idle\t{event.partition}" if isinstance(event, Idle) else "finish")
        owners.append(number)
    return "\n".join(lines + ["end", ""]), owners


def number(text, whole):
    return None if text == "\\N" else int(text) if whole else float(text)


def is_whole(wanted):
    return wanted.function == "COUNT" or wanted.column == "v"


def result_of(query, names, fields):
    cells = dict(zip(names, fields))
    key = tuple(unescape(cells[name]) if name in "kh" else number(cells[name], True) for name in query.keys)
    values = tuple(number(cells[f"a{i}"], is_whole(wanted)) for i, wanted in enumerate(query.aggregates))
    complete = {"true": True, "false": False, "1": True, "0": False}.get(cells.get("is_complete", "").lower())
    return Result(cells.get("op"), int(cells["window_start"]), int(cells["window_end"]), key, values, complete)


def late_of(fields):
    ts, wm, k, g, v, d, h = fields
    return (number(ts, True), number(wm, True), unescape(k), number(g, True), number(v, True), number(d, False),
            unescape(h))


class Reader:
    """Makes an Answer of the driver's lines."""

    def __init__(self, query, owners, events):
        self.query, self.owners = query, owners
        self.answer = Answer(steps=[Step() for _ in range(events)], last=Step())
        self.step, self.names, self.calls = self.answer.last, [], 0

    def take(self, line):
        word, *fields = line.split("\t")
        if word == "row":
            self.step.results.append(result_of(self.query, self.names, fields))
        elif word == "late":
            self.step.late.append(late_of(fields))
        elif word == "event":
            self.step = self.answer.steps[self.owners[self.calls]]
            self.calls += 1
        elif word == "stats":
            self.stats({name: int(value) for name, value in (field.split("=") for field in fields)})
        elif word == "columns":
            self.names = fields
        elif word == "late_columns":
            self.answer.late_columns = [tuple(field.split("=")) for field in fields]
        elif word == "error" and self.answer.error is None:
            self.answer.error = (fields[0], fields[1], int(fields[2]), int(fields[3]), unescape(fields[4]))

    def stats(self, stats):
        self.answer.stats = stats
        self.step.watermark = stats["watermark"]
        self.step.counters = Counters(**{name: stats[name] for name in Counters.__dataclass_fields__})


class Driver:
    def __init__(self, program, timeout=60):
        self.program, self.timeout = program, timeout
        self.process, self.errors = None, None

    def start(self):
        self.errors = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen(self.program, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors, text=True, encoding="utf-8")

    def died(self, what):
        self.close()
        self.errors.seek(0)
        return DriverDied(f"{what}\n{self.errors.read()[-6000:]}")

    def run(self, query, events, run):
        if self.process is None:
            self.start()
        text, owners = case_text("1", query, events, run)
        reader = Reader(query, owners, len(events))
        stuck = threading.Timer(self.timeout, self.process.kill)
        stuck.start()
        try:
            self.process.stdin.write(text)
            self.process.stdin.flush()
            for line in self.process.stdout:
                line = line.rstrip("\n")
                if line == "end\t1":
                    return reader.answer
                reader.take(line)
        except BrokenPipeError:
            pass
        finally:
            stuck.cancel()
        raise self.died("the driver ended within the case, or did not answer in time")

    def close(self):
        """Ends the process; what it says at its end (leaks) is the result, empty when there is nothing."""
        if self.process is None:
            return ""
        process, self.process = self.process, None
        process.stdin.close()
        process.stdout.read()
        if process.wait() == 0:
            return ""
        self.errors.seek(0)
        return f"the driver ended with status {process.returncode}\n{self.errors.read()[-6000:]}"
