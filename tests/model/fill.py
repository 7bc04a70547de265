# SPDX-License-Identifier: Apache-2.0
"""FILL: rows for the empty windows between two windows of a key (docs/semantics.md, 1)."""
from aggregates import truncated_quotient


def between(a, b, step, steps):
    """LINEAR: the value `step` of `steps` on the way from a to b; NULL where an end is."""
    if a is None or b is None:
        return None
    way = (b - a) * step
    return a + (truncated_quotient(way, steps) if isinstance(way, int) else way / steps)


class Filler:
    def __init__(self, query):
        self.query = query
        self.last = {}  # key -> the last real result

    def values(self, before, after, step, steps):
        fill = self.query.fill
        if fill.kind == "null":
            return tuple(None for _ in before)
        if fill.kind == "prev":
            return before
        if fill.kind == "linear":
            return tuple(between(a, b, step, steps) for a, b in zip(before, after))
        return tuple(self.literal(wanted) for wanted in self.query.calls())

    def literal(self, wanted):
        whole = wanted.function == "COUNT" or wanted.column == "v"
        return self.query.fill.value if whole else float(self.query.fill.value)

    def fill(self, results):
        """Results of one advance of W, by window end, with those of the empty windows before each."""
        filled = []
        for result in results:
            last = self.last.get(result.key)
            self.last[result.key] = result
            if last is not None:
                steps = (result.start - last.start) // self.query.size
                if steps - 1 <= self.query.fill.max_empty:
                    filled += [self.one(last, result, step, steps) for step in range(1, steps)]
            filled.append(result)
        return sorted(filled, key=lambda result: result.end)

    def one(self, last, result, step, steps):
        start = last.start + step * self.query.size
        return result._replace(start=start, end=start + self.query.size,
                               values=self.values(last.values, result.values, step, steps))
