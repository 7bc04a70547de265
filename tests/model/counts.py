# SPDX-License-Identifier: Apache-2.0
"""COUNT and COUNT-OR-TIME windows: per key, in order of arrival, never late (docs/semantics.md, 1)."""
from aggregates import aggregate_all
from query import INT64_MAX, Result


def result_of(query, key, places):
    """A result over rows with their times: the window spans from the least time to the greatest and 1 ms more."""
    times = [ts for ts, _ in places]
    return Result(None, min(times), max(times) + 1, key, aggregate_all(query, [row for _, row in places]), None)


class Counts:
    """Every `slide` rows a result over the last `size` rows. At the end what there is of the next window fires."""

    def __init__(self, query):
        self.query = query
        self.slide = query.slide or query.size
        self.seen = {}  # key -> all (ts, row) of it

    def add(self, row, ts, watermark):
        key = self.query.key_of(row)
        places = self.seen.setdefault(key, [])
        places.append((ts, row))
        if len(places) % self.slide != 0:
            return "aggregated", []
        return "aggregated", [result_of(self.query, key, places[-self.query.size:])]

    def advance(self, before, watermark):
        return []

    def look(self, now, watermark):
        return []

    def flush(self, watermark):
        """Where rows have come since the last result: the next window, with the rows of it that are there."""
        results = []
        for key, places in self.seen.items():
            rest = len(places) % self.slide
            first = len(places) - rest + self.slide - self.query.size
            if rest > 0 and first < len(places):
                results.append(result_of(self.query, key, places[max(first, 0):]))
        return results


class CountsOrTimes:
    """A bucket of a key fires with its n-th row, or when W passes the span since its first row."""

    def __init__(self, query):
        self.query = query
        self.buckets = {}  # key -> (ts, row) of the open bucket

    def add(self, row, ts, watermark):
        key = self.query.key_of(row)
        self.buckets.setdefault(key, []).append((ts, row))
        return "aggregated", self.fire(key, watermark)

    def fire(self, key, watermark):
        places = self.buckets[key]
        deadline = min(places[0][0] + self.query.span - 1, INT64_MAX)
        if len(places) < self.query.size and deadline > watermark:
            return []
        del self.buckets[key]
        return [result_of(self.query, key, places)]

    def advance(self, before, watermark):
        results = [result for key in list(self.buckets) for result in self.fire(key, watermark)]
        return sorted(results, key=lambda result: result.end)

    def look(self, now, watermark):
        return []

    def flush(self, watermark):
        results = [result_of(self.query, key, places) for key, places in self.buckets.items()]
        self.buckets = {}
        return results
