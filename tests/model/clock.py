# SPDX-License-Identifier: Apache-2.0
"""What the wall clock does to watermarks (docs/semantics.md, 2): idle partitions, the close of a stream that has stopped,
and processing time."""
from query import INT64_MAX, INT64_MIN
from windows import start_of
from zones import local_of, timer_of


def last_close(query, time_max):
    """The W that closes every window which begins at or before the greatest time; None where W closes none."""
    local = local_of(query.zone, time_max, query.units_per_ms())
    if query.kind == "count":
        return None
    if query.kind == "session":
        end = local + query.gap
    elif query.kind == "count_or_time":
        end = local + query.span
    else:
        end = start_of(local, query.slide if query.kind == "hop" else query.size, query.offset) + query.size
    return timer_of(query.zone, min(end - 1, INT64_MAX), query.units_per_ms())


class WallClock:
    """`now` never goes back, whatever the clock shows."""

    def __init__(self, query, partitions, now):
        self.query = query
        self.shown = self.now = now
        self.rows_at = now  # when rows came last
        self.rows_of = [now] * partitions
        self.closed = False  # since rows came last
        self.time_max = None  # of all rows that are not from the future
        self.reached = {}  # the same of each partition

    def came(self, partition):
        self.rows_at = self.rows_of[partition] = self.now
        self.closed = False

    def saw(self, partition, ts):
        if self.time_max is None or ts > self.time_max:
            self.time_max = ts
        if ts > INT64_MIN:  # the least of all times measures nothing
            self.reached[partition] = max(ts, self.reached.get(partition, ts))

    def look(self, watermarks):
        """Lets `watermarks` rise as far as the clock says."""
        self.now = max(self.now, self.shown)
        span = self.query.idle_timeout
        watermarks.sleep([partition for partition, at in enumerate(self.rows_of) if 0 < span <= self.now - at])
        if 0 < self.query.close_after <= self.now - self.rows_at and not self.closed and self.time_max is not None:
            self.closed = True
            watermarks.force(last_close(self.query, self.time_max))
        if self.query.processing_time:  # a window is over when the clock shows its end
            watermarks.force(self.now - 1)
