# SPDX-License-Identifier: Apache-2.0
"""The windows of a row (docs/semantics.md, 1): pairs (start, end) of unbounded integers; what leaves is saturated."""
from query import INT64_MAX


def start_of(ts, size, offset):
    return ts - (ts - offset) % size


def tumble(ts, size, offset):
    start = start_of(ts, size, offset)
    return [(start, start + size)]


def hop(ts, size, slide, offset):
    windows = []
    start = start_of(ts, slide, offset)
    while start > ts - size:
        windows.append((start, start + size))
        start -= slide
    return windows[::-1]


def cumulate(ts, largest, step, offset):
    base = start_of(ts, largest, offset)
    ends = [base + k * step for k in range(1, largest // step + 1)]
    return [(base, end) for end in ends if end > ts]


def windows_of(query, ts):
    """All windows that hold `ts`, by ascending end."""
    if query.kind == "tumble":
        return tumble(ts, query.size, query.offset)
    if query.kind == "hop":
        return hop(ts, query.size, query.slide, query.offset)
    return cumulate(ts, query.size, query.step, query.offset)


def max_ts(window):
    """The last time that a window holds. One that reaches beyond 64 bits closes with W = INT64_MAX."""
    return min(window[1] - 1, INT64_MAX)
