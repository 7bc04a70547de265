# SPDX-License-Identifier: Apache-2.0
"""A row-at-a-time reference of weir's windows, written for clarity from the rules of docs/semantics.md: every window keeps
its rows, and every result is computed from them. It shares nothing with the engine."""
from dataclasses import replace

from clock import WallClock
from counts import Counts, CountsOrTimes
from emission import Panes
from fill import Filler
from filters import has, passes
from query import (INT64_MAX, TICKS_PER_SECOND, Advance, Clock, Counters, Finish, Idle, Push, Step, saturate)
from sessions import Sessions
from watermarks import NONE, Watermarks, watermark_of
from zones import local_of, local_watermark

KINDS = {"tumble": Panes, "hop": Panes, "cumulate": Panes, "session": Sessions, "count": Counts,
         "count_or_time": CountsOrTimes}


class Model:
    """`now` is the wall clock in ms. Windows know local times and watermarks alone."""

    def __init__(self, query, partitions=1, now=0):
        self.query = query
        self.clock = WallClock(query, partitions, now)
        self.watermarks = Watermarks(partitions)
        self.windows = KINDS[query.kind](query)
        self.filler = Filler(query) if query.fill else None
        self.counters = Counters()
        self.step = None
        self.reference = None
        self.look()

    def run(self, events):
        """A Step for each event."""
        return [self.take(event) for event in events]

    def take(self, event):
        self.step = Step()
        if isinstance(event, Push):
            self.look()
            self.clock.came(event.partition)
            self.raise_watermark(lambda: self.watermarks.wake(event.partition))
            for row in event.rows:
                self.push(event.partition, row)
        elif isinstance(event, Advance):
            self.raise_watermark(lambda: self.watermarks.rise(event.partition, event.watermark))
        elif isinstance(event, Idle):
            self.raise_watermark(lambda: self.watermarks.sleep([event.partition]))
        elif isinstance(event, Clock):
            self.clock.shown = event.now
            if event.poll:
                self.look()
        elif isinstance(event, Finish):
            self.look()
            self.finish()
        self.step.counters = replace(self.counters)
        self.step.watermark = saturate(self.watermarks.out)
        return self.step

    # ---- rows ----

    def push(self, partition, row):
        """One row: judged against W as it stands, then W moves."""
        self.counters.rows_in += 1
        self.reference = self.reference_of(partition)
        counter = self.judge(row)
        setattr(self.counters, counter, getattr(self.counters, counter) + 1)
        if not self.is_future(row) and self.query.time_of(row) is not None:
            self.clock.saw(partition, self.query.time_of(row))
        own = None if self.is_future(row) else watermark_of(self.query, row)
        if own is not None:
            self.raise_watermark(lambda: self.watermarks.rise(partition, own))

    def judge(self, row):
        """Does what the row asks for, and returns its counter."""
        ts = self.time_of(row)
        if ts is None:
            return "null_time"
        self.counters.future += self.is_future(row)
        if self.is_future(row) and self.query.future_policy != "keep":
            if self.query.future_policy == "side-output":
                self.step.late.append(row)
            return "future_dropped"
        if not passes(self.query.where, row):
            return "filtered"
        counter, results = self.windows.add(row, local_of(self.query.zone, ts, self.query.units_per_ms()), self.local())
        self.give(results)
        if counter == "folded":
            self.counters.folded += 1
            return "aggregated"
        if counter == "late" and self.query.late_policy == "side-output":
            self.step.late.append(row)
        return counter

    def time_of(self, row):
        return self.clock.now if self.query.processing_time else self.query.time_of(row)

    def is_future(self, row):
        """Exactly, whatever the units of its time (ticks), of the reference and of max_future (ms)."""
        if self.query.max_future == 0 or row.ts is None or self.reference is None:
            return False
        ticks = TICKS_PER_SECOND[self.query.unit]
        per_second = 1000 if self.query.future_reference == "wall-clock" else self.query.units_per_second()
        return row.ts * 1000 * per_second > (self.reference * 1000 + self.query.max_future * per_second) * ticks

    def reference_of(self, partition):
        """What the future of a row is measured against: the wall clock in ms, or, in units, the lower median of what the
        other partitions that are not idle have reached; None: nothing is."""
        if self.query.future_reference == "wall-clock":
            return self.clock.now
        reached = sorted(time for other, time in self.clock.reached.items()
                         if other != partition and self.watermarks.partitions[other].active)
        return reached[(len(reached) - 1) // 2] if reached else None

    # ---- watermarks ----

    def local(self):
        """W on the wall clock of the query's zone."""
        out = self.watermarks.out
        return out if out == NONE else local_watermark(self.query.zone, out, self.query.units_per_ms())

    def raise_watermark(self, change):
        before = self.local()
        change()
        if self.local() > before:
            self.give(self.advance(before, self.local()))

    def look(self):
        """At the wall clock."""
        self.raise_watermark(lambda: self.clock.look(self.watermarks))
        self.give(self.windows.look(self.clock.now, self.local()))

    def advance(self, before, watermark):
        results = self.windows.advance(before, watermark)
        return self.filler.fill(results) if self.filler else results

    def finish(self):
        """End of input. With `mark` what fires only now is not complete. What the clock has not closed gives nothing."""
        if self.query.end == "discard" or self.query.processing_time:
            return
        last = self.local()
        results = self.advance(last, INT64_MAX)
        results = sorted(results + self.windows.flush(INT64_MAX), key=lambda result: result.end)
        if self.query.end == "mark":
            by_rows = self.query.kind in ("count", "count_or_time")  # what the end fires has not been filled
            results = [result._replace(complete=not by_rows and result.end - 1 <= last) for result in results]
        self.give(results)

    # ---- results ----

    def give(self, results):
        for result in results:
            if not has(self.query, result.values):
                continue
            result = result._replace(values=result.values[:len(self.query.aggregates)])
            if self.query.end == "mark" and result.complete is None:
                result = result._replace(complete=True)
            self.counters.rows_out += 1
            start, end = self.query.bound_of(result.start), self.query.bound_of(result.end)
            self.step.results.append(result._replace(start=start, end=end))
