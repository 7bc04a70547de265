# SPDX-License-Identifier: Apache-2.0
"""SESSION windows, with and without a largest duration (docs/semantics.md, 1).

Merge first, then judge: a row joins every open session of its key that its [ts, ts + gap) meets, and is late when the
window that then holds it is closed already: the merged session or, with max_duration, its piece of it. A late row
changes nothing.

Once the first piece has fired the start is fixed by this alone: a row before it would lie in a first piece that ends
even earlier, and be late.
"""
from aggregates import aggregate_all
from query import INT64_MAX, Result


def is_closed(window, watermark):
    return min(window[1] - 1, INT64_MAX) <= watermark


class Session:
    def __init__(self, start, end, places):
        self.start, self.end = start, end
        self.places = places  # (ts, row), of the pieces that have not fired

    def meets(self, start, end):
        """Whether the spans overlap or touch."""
        return self.start <= end and start <= self.end

    def piece_of(self, ts, longest):
        """The window of a row: the session, or the piece of it that holds `ts`."""
        if longest == 0:
            return self.start, self.end
        start = self.start + (ts - self.start) // longest * longest
        return start, min(start + longest, self.end)


class Sessions:
    def __init__(self, query):
        self.query = query
        self.open = {}  # key -> sessions

    def add(self, row, ts, watermark):
        key = self.query.key_of(row)
        sessions = self.open.get(key, [])
        met = [session for session in sessions if session.meets(ts, ts + self.query.gap)]
        start = min([ts] + [session.start for session in met])
        end = max([ts + self.query.gap] + [session.end for session in met])
        merged = Session(start, end, [place for session in met for place in session.places] + [(ts, row)])
        if is_closed(merged.piece_of(ts, self.query.max_duration), watermark):
            return "late", []
        self.open[key] = [session for session in sessions if session not in met] + [merged]
        return "aggregated", []

    def fire(self, key, session, watermark):
        """Gives the windows of a session that W has closed, and lets their rows go."""
        windows = {}
        for ts, row in session.places:
            windows.setdefault(session.piece_of(ts, self.query.max_duration), []).append((ts, row))
        closed = [window for window in windows if is_closed(window, watermark)]
        session.places = [place for window in windows if window not in closed for place in windows[window]]
        return [self.result(key, window, windows[window]) for window in closed]

    def result(self, key, window, places):
        return Result(None, window[0], window[1], key, aggregate_all(self.query, [row for _, row in places]), None)

    def advance(self, before, watermark):
        results = []
        for key, sessions in self.open.items():
            for session in sessions:
                results += self.fire(key, session, watermark)
            self.open[key] = [session for session in sessions if not is_closed((session.start, session.end), watermark)]
        return sorted(results, key=lambda result: result.end)

    def look(self, now, watermark):
        return []

    def flush(self, watermark):
        return []
