# SPDX-License-Identifier: Apache-2.0
"""TUMBLE, HOP and CUMULATE: what each key and window holds, and when it gives results (docs/semantics.md, 3 and 4)."""
from aggregates import aggregate_all
from lateness import fold_windows, is_cleaned_up, open_windows
from query import Result
from watermarks import NONE
from windows import max_ts, windows_of


class Pane:
    """The rows of one key in one window."""

    def __init__(self):
        self.rows = []  # since the last result where results are deltas, else all
        self.count = 0  # all rows ever
        self.given = None  # values of the last result; None before the first
        self.first_at = None  # the wall clock at the first row
        self.due_at = None  # the wall clock of the next early result, where rows have come since the last

    def results(self, query, window, key):
        """What the pane gives when it is asked now: nothing when nothing has changed."""
        def row(op, values):
            return Result(op if query.updates() else None, window[0], window[1], key, values, None)

        if query.emit == "discarding":
            if not self.rows:
                return []
            values, self.rows = aggregate_all(query, self.rows), []
            self.given = values
            return [row("+I", values)]
        before, values = self.given, aggregate_all(query, self.rows)
        self.given = values
        if before is None:
            return [row("+I", values)]
        if before == values:
            return []
        if query.emit == "accumulating":
            return [row("+U", values)]
        return [row("-U", before), row("+U", values)]


class Panes:
    def __init__(self, query):
        self.query = query
        self.panes = {}  # (window, key) -> Pane
        self.now = None  # the wall clock, as far as it has been looked at

    def add(self, row, ts, watermark):
        """Returns the row's counter and the results that it gives at once."""
        windows = windows_of(self.query, ts)
        if not windows:
            return "unassigned", []
        counter, windows = "aggregated", open_windows(windows, self.query.allowed(), watermark)
        if not windows and self.query.late_policy == "fold":
            counter, windows = "folded", fold_windows(self.query, watermark)
        if not windows:
            return "late", []
        results = []
        for window in windows:
            results += self.add_to(window, row, watermark)
        return counter, results

    def add_to(self, window, row, watermark):
        key = self.query.key_of(row)
        pane = self.panes.setdefault((window, key), Pane())
        pane.rows.append(row)
        pane.count += 1
        self.set_timer(pane)
        if max_ts(window) <= watermark:
            wanted = self.query.late_fire
        else:
            wanted = self.query.early_rows > 0 and pane.count % self.query.early_rows == 0
        return pane.results(self.query, window, key) if wanted else []

    def advance(self, before, watermark):
        """W rises from `before`. Results by ascending window end."""
        results = []
        for window, key in sorted(self.panes, key=lambda place: place[0][1]):
            pane = self.panes[window, key]
            closes = before < max_ts(window) <= watermark
            if closes or (max_ts(window) > watermark and self.passes_early_time(before, watermark)):
                results += pane.results(self.query, window, key)
            if is_cleaned_up(window, self.query.allowed(), watermark):
                del self.panes[window, key]
        return results

    def passes_early_time(self, before, watermark):
        """The first W passes multiples in any case."""
        every = self.query.early_time
        return every > 0 and (before == NONE or before // every < watermark // every)

    def set_timer(self, pane):
        """Of early results by the wall clock: at whole multiples after the first row."""
        every = self.query.early_clock
        if every == 0:
            return
        if pane.first_at is None:
            pane.first_at = self.now
        if pane.due_at is None:
            pane.due_at = self.now + every - (self.now - pane.first_at) % every

    def look(self, now, watermark):
        """The wall clock shows `now`."""
        results, self.now = [], now
        for window, key in sorted(self.panes, key=lambda place: place[0][1]):
            pane = self.panes[window, key]
            if pane.due_at is not None and pane.due_at <= now:
                pane.due_at = None
                results += pane.results(self.query, window, key) if max_ts(window) > watermark else []
        return results

    def flush(self, watermark):
        """End of input: nothing beyond what W = INT64_MAX fires."""
        return []
