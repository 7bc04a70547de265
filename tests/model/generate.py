# SPDX-License-Identifier: Apache-2.0
"""Random queries and streams, drawn from the features that a run asks for."""
from query import (INT64_MAX, INT64_MIN, TICKS_PER_SECOND, Advance, Aggregate, Fill, Filter, Finish, Idle,
                   Push, Query, Row)
from driver import Run

# What a run can be asked for. The first six are kinds of windows, the others come on top of those that take them.
WINDOWS = ("tumble", "hop", "cumulate", "session", "count", "count_or_time")
FEATURES = ("group", "session_max", "count_slide", "fill", "lateness", "late_fire", "early_rows", "early_time", "modes",
            "side_output", "late_layout", "fold", "discard", "mark", "idle", "future", "future_aside", "limits")
KINDS = WINDOWS + FEATURES
# What agrees. The others are asked for by name:
#   fill         is not there yet
#   lateness     without late fire is not kept by a query that does not update: such rows are late
#   late_layout  rows put aside do not come back in the Arrow layout that they were pushed in
#   idle         W rises while a partition is active that has not caught up
#   future_aside rows from the future aside, but not late ones: late ones come, too
#   limits       W = INT64_MAX, and windows that reach beyond 64 bits
PENDING = ("fill", "lateness", "late_layout", "idle", "future_aside", "limits")
WORKING = tuple(kind for kind in KINDS if kind not in PENDING)

AGGREGATES = [Aggregate("COUNT", None)] + [Aggregate(function, column) for column in "vd"
                                           for function in ("COUNT", "SUM", "MIN", "MAX", "AVG")]
FILTERS = [Filter("v", ">=", 0), Filter("v", "<", 5), Filter("v", "=", 1), Filter("v", "<>", 2),
           Filter("v", "IS NULL", None), Filter("v", "IS NOT NULL", None), Filter("d", "<", 3.0), Filter("k", "<>", "a"),
           Filter("k", "IS NOT NULL", None), Filter("g", ">=", 0)]
KEYS = [(), ("k",), ("g",), ("k", "g"), ("g", "k")]
TEXTS = ["a", "b", "c", "a longer key than twelve bytes", "a longer key than twelve Bytes", "", None]


CLOCK = Run().clock


def chance(random, percent):
    return random.random() * 100 < percent


# ---- queries ----

def random_length(random):
    """Of a window, in ms: from the least to days."""
    scale = random.choice([1, 1, 7, 10, 1000, 1000, 60000, 86400000])
    return scale * random.randint(1, 10)


def window_of(random, kind, features):
    if kind == "tumble":
        size = random_length(random)
        return {"size": size, "offset": offset_of(random, size - 1)}
    if kind == "hop":
        slide = random_length(random)
        unit = max(1, slide // random.choice([1, 1, 2, 3, 4]))
        size = max(1, random.choice([slide * random.randint(1, 12), unit * random.randint(1, 20), unit + 1]))
        return {"size": size, "slide": slide, "offset": offset_of(random, 2 * size)}
    if kind == "cumulate":
        step = random_length(random)
        size = step * random.randint(1, 12)
        return {"size": size, "step": step, "offset": offset_of(random, 2 * size)}
    if kind == "session":
        gap = random_length(random)
        longest = max(1, gap * random.randint(1, 8) // 2) if "session_max" in features and chance(random, 50) else 0
        return {"gap": gap, "max_duration": longest}
    if kind == "count":
        size = random.randint(1, 8)
        slide = random.randint(1, 10) if "count_slide" in features and chance(random, 50) else 0
        return {"size": size, "slide": slide}
    return {"size": random.randint(1, 6), "span": random_length(random)}


def offset_of(random, limit):
    return random.randint(-limit, limit) if limit > 0 and chance(random, 30) else 0


def emission_of(random, kind, features):
    """Late rows, early results and their looks, for the windows that take them."""
    asked = {}
    if kind not in ("tumble", "hop", "cumulate"):
        return asked
    fires = [fire for fire, name in ((False, "lateness"), (True, "late_fire")) if name in features]
    if fires and chance(random, 50):
        asked["lateness"] = random_length(random)
        asked["late_fire"] = random.choice(fires)
    if "early_rows" in features and chance(random, 30):
        asked["early_rows"] = random.randint(1, 4)
    elif "early_time" in features and chance(random, 30):
        asked["early_time"] = random_length(random)
    updates = asked.get("late_fire") or "early_rows" in asked or "early_time" in asked
    if "modes" in features and updates:
        asked["emit"] = random.choice(["retracting", "accumulating", "discarding"])
    if "fold" in features and chance(random, 25):
        asked["late_policy"] = "fold"
    if "fill" in features and kind == "tumble" and not updates and chance(random, 60):
        asked["fill"] = Fill(random.choice(["null", "prev", "linear", "value"]), random.randint(-3, 9),
                             random.choice([1, 2, 5, 50]))
        asked["lateness"] = 0
    return asked


def random_query(random, features):
    kind = random.choice([kind for kind in WINDOWS if kind in features])
    asked = {"kind": kind, "keys": random.choice(KEYS)}
    asked.update(window_of(random, kind, features))
    asked["aggregates"] = tuple(random.sample(AGGREGATES, random.randint(1, 4)))
    asked["where"] = random.choice(FILTERS) if chance(random, 25) else None
    delays = [("delay", 0), ("delay", 1), ("delay", random_length(random))]
    asked["watermark"] = random.choice([None, ("column",)] + delays)
    asked.update(emission_of(random, kind, features))
    if "side_output" in features and kind in ("tumble", "hop", "cumulate", "session") and "late_policy" not in asked:
        asked["late_policy"] = "side-output" if chance(random, 30) else "drop"
    ends = ["flush"] * 4 + [end for end in ("discard", "mark") if end in features]
    asked["end"] = random.choice(ends)
    if asked["end"] == "mark" and not takes_mark(Query(**asked)):
        asked["end"] = "flush"
    if {"future", "future_aside"} & set(features) and asked["watermark"] and chance(random, 20):
        asked["max_future"] = random_length(random)
        aside = "future_aside" in features or asked.get("late_policy") == "side-output"
        asked["future_policy"] = random.choice(["keep", "drop"] + ["side-output"] * aside)
    takes_group = kind in ("tumble", "hop", "session") and not asked.get("offset") and not asked.get("max_duration")
    if "group" in features and takes_group and chance(random, 40):
        asked["form"] = "group"
    if asked["watermark"] is None and "max_future" not in asked and chance(random, 60):
        asked.update(typed=True, unit=random.choice(["s", "ms", "us", "ns"]), text=random.choice(["u", "U", "dict"]))
        if asked.get("late_policy") == "side-output" and "late_layout" not in features:
            asked.update(unit="ms", text="u")
    return Query(**asked)


def takes_mark(query):
    """The mark tells of windows of time that close once."""
    return not query.updates() and query.kind in ("tumble", "hop", "cumulate", "session")


# ---- streams ----

class Times:
    """Times of rows in ms: mostly rising, with ties, disorder, gaps and jumps."""

    def __init__(self, random, query, first, last):
        self.random, self.first, self.last = random, first, last
        self.unit = max(query.size if query.kind in ("tumble", "hop", "cumulate") else 0, query.gap, query.span, 1)
        if query.kind == "count":
            self.unit = 10
        if query.unit != "ms":
            self.last = INT64_MAX // 10 ** 6 - 1
            self.first = -self.last
        self.now = self.beginning(query)
        self.jumps = random.random() < 0.15
        self.disorder = random.choice([0, 10, 30, 60])
        self.guard = query.max_future

    def beginning(self, query):
        if query.max_future:
            return CLOCK - self.random.randint(0, 4 * self.unit)
        if query.unit != "ms":
            return self.random.choice([0, self.unit, -3 * self.unit, self.random.randint(0, 2 ** 40)])
        return self.random.choice([0, 0, self.unit, -3 * self.unit, -1, 1_700_000_000_000,
                                   self.random.randint(0, 2 ** 40), self.random.randint(-(2 ** 40), 2 ** 40),
                                   INT64_MAX - 4 * self.unit, INT64_MAX - self.unit // 2, INT64_MIN, INT64_MIN + self.unit])

    def next(self):
        random, unit = self.random, self.unit
        if self.guard and chance(random, 15):
            return CLOCK + self.guard + random.randint(-1, 5 * unit)
        if chance(random, self.disorder):
            return self.bounded(self.now - random.randint(0, 3 * unit))
        if chance(random, 75):
            self.now += random.choice([0, 0, 1, random.randint(0, unit), random.randint(0, unit), unit, unit - 1])
        elif chance(random, 60):
            self.now += random.randint(0, 4 * unit)
        elif self.jumps and not self.guard and chance(random, 40):
            self.now += random.choice([10 ** 6, 10 ** 9, 10 ** 12]) * random.randint(1, 9)
        self.now = self.bounded(self.now)
        return self.now

    def bounded(self, ts):
        return max(self.first, min(self.last, ts))


class Stream:
    def __init__(self, random, query, features, partitions):
        self.random, self.query, self.features, self.partitions = random, query, features, partitions
        # W = INT64_MAX by the rows themselves, and windows but TUMBLE's beyond 64 bits, are a kind of their own.
        margin = 1 if query.kind == "tumble" else 2 * query.size + query.slide + query.gap + query.span
        self.first, self.last = INT64_MIN + margin, INT64_MAX - margin
        if "limits" in features:
            self.first, self.last = INT64_MIN, INT64_MAX
        self.times = Times(random, query, self.first, self.last)
        self.texts = random.sample(TEXTS, random.randint(1, 4))
        self.nulls = random.choice([0, 0, 10, 50])
        self.extremes = random.random() < 0.05
        self.idle = set()

    def maybe_null(self, value):
        return None if chance(self.random, self.nulls) else value

    def number(self):
        if self.extremes and chance(self.random, 30):
            return self.random.choice([INT64_MAX, INT64_MIN, INT64_MAX - 1, 2 ** 62, -(2 ** 62)])
        return self.random.randint(-3, 9)

    def row(self):
        random = self.random
        ts = self.times.next()
        behind = random.choice([0, 1, self.times.unit, random.randint(0, 2 * self.times.unit)])
        wm = max(INT64_MIN, min(self.last, ts - behind))
        if chance(random, 3):
            ts = None
        elif self.query.unit in ("us", "ns"):
            per = TICKS_PER_SECOND[self.query.unit] // 1000
            ts = ts * per + random.choice([0, 0, 1, per - 1])
        elif self.query.unit == "s":
            ts //= 1000
        return Row(ts, None if chance(random, 20) else wm, random.choice(self.texts),
                   self.maybe_null(random.choice([0, 1, -7])), self.maybe_null(self.number()),
                   self.maybe_null(float(random.randint(-3, 9))))

    def advance(self):
        """Explicit watermarks: near the times of rows, at times beyond all."""
        near = self.times.now + self.random.randint(-2 * self.times.unit, self.times.unit)
        if chance(self.random, 4):
            near = self.random.choice([INT64_MIN, self.last, self.last - 1, 0, -1])
        return Advance(self.random.randrange(self.partitions), max(INT64_MIN, min(self.last, near)))

    def event(self, chances):
        if self.query.watermark is None and chance(self.random, chances) or chance(self.random, 3):
            return self.advance()
        if "idle" in self.features and chance(self.random, 8):
            return Idle(self.random.randrange(self.partitions))
        count = self.random.choice([1, 1, 1, 2, 3, 8])
        return Push(self.random.randrange(self.partitions), tuple(self.row() for _ in range(count)))

    def events(self):
        rows, wanted = 0, self.random.choice([1, 3, 8, 20, 40, 60])
        chances = self.random.choice([0, 20, 50])
        events = []
        while rows < wanted:
            events.append(self.event(chances))
            rows += len(events[-1].rows) if isinstance(events[-1], Push) else 0
        return events + [Finish()]


def random_batches(random, events):
    """How the rows of each push are cut into batches; an empty one now and then."""
    plans = []
    for event in events:
        plan, left = [], len(event.rows) if isinstance(event, Push) else 0
        while left > 0:
            count = random.choice([left, left, 1, random.randint(1, left)] + [0] * chance(random, 5))
            offsets = random.choice([(0, 0), (0, 0), (random.randint(0, 9), random.randint(0, 9))])
            plan.append((count,) + offsets)
            left -= count
        plans.append(plan)
    return plans


def random_case(random, features):
    """(query, events, run): the run is how, not what."""
    query = random_query(random, features)
    partitions = random.choice([1, 1, 1, 2, 3, 4])
    events = Stream(random, query, features, partitions).events()
    run = Run(workers=random.choice([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]), partitions=partitions, pull=chance(random, 80),
              probe=chance(random, 60), batches=random_batches(random, events))
    return query, events, run
