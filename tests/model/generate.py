# SPDX-License-Identifier: Apache-2.0
"""Random queries and streams, drawn from the features that a run asks for."""
from driver import Run
from query import (INT64_MAX, INT64_MIN, TICKS_PER_SECOND, Advance, Aggregate, Clock, Fill, Filter, Finish, Having,
                   Idle, Push, Query, Row)
from windows import windows_of

# What a run can be asked for. The first six are kinds of windows, the others come on top of those that take them.
WINDOWS = ("tumble", "hop", "cumulate", "session", "count", "count_or_time")
FEATURES = ("group", "session_max", "count_slide", "fill", "having", "lateness", "late_fire", "early_rows", "early_time",
            "early_clock", "early_clock_push", "modes", "side_output", "fold", "discard", "mark", "idle", "idle_timeout",
            "close", "future", "close_future", "processing_time", "zone", "limits", "built", "unit")
KINDS = WINDOWS + FEATURES
# What does not agree; asked for by name.
PENDING = ()
WORKING = tuple(kind for kind in KINDS if kind not in PENDING)

AGGREGATES = [Aggregate("COUNT", None)] + [Aggregate(function, column) for column in "vd"
                                           for function in ("COUNT", "SUM", "MIN", "MAX", "AVG")]
FILTERS = [Filter("v", ">=", 0), Filter("v", "<", 5), Filter("v", "=", 1), Filter("v", "<>", 2),
           Filter("v", "IS NULL", None), Filter("v", "IS NOT NULL", None), Filter("d", "<", 3.0), Filter("k", "<>", "a"),
           Filter("k", "IS NOT NULL", None), Filter("g", ">=", 0), Filter("h", "=", "")]
COMPARISONS = [(">=", 1), ("<", 3), ("=", 2), ("<>", 1), ("IS NULL", None), ("IS NOT NULL", None)]
KEYS = [(), ("k",), ("g",), ("k", "g"), ("g", "k"), ("k", "h"), ("h", "g", "k")]
TEXTS = ["a", "b", "c", "a longer key than twelve bytes", "a longer key than twelve Bytes", "", None]


CLOCK = Run().clock
HOUR = 3600000
# When their clocks change by an hour.
CHANGES = {"Europe/Berlin": [1711846800000, 1729990800000, 1743296400000, 323830800000],
           "America/New_York": [1710054000000, 1730613600000, 1741503600000, 120636000000]}

def chance(random, percent):
    return random.random() * 100 < percent


# ---- queries ----

def random_length(random, scales=(1, 1, 7, 10, 1000, 1000, 60000, 86400000)):
    """Of a window, in ms: from the least to days."""
    return random.choice(scales) * random.randint(1, 10)


def zone_length(random):
    """One that a change of the clock shows in."""
    return random_length(random, (HOUR // 4, HOUR // 2, HOUR, 86400000 // 10))


def window_of(random, kind, features, random_length):
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
    elif "early_clock" in features and chance(random, 30):
        asked["early_clock"] = random_length(random)
    updates = Query(**asked).updates()
    if "modes" in features and updates:
        asked["emit"] = random.choice(["retracting", "accumulating", "discarding"])
    if "fold" in features and chance(random, 25):
        asked["late_policy"] = "fold"
    if "fill" in features and kind == "tumble" and not updates and chance(random, 60):
        asked["fill"] = Fill(random.choice(["null", "prev", "linear", "value"]), random.randint(-3, 9),
                             random.choice([1, 2, 5, 50]))
        asked["late_fire"] = False
    return asked


def clock_of(random, asked, features):
    """What the wall clock does to the watermark."""
    if not asked["watermark"]:
        return
    if "future" in features and chance(random, 20):
        asked["max_future"] = random_length(random)
        asked["future_policy"] = random.choice(["keep", "drop", "side-output"])
        asked["future_reference"] = random.choice(["wall-clock", "partitions"])
    if "idle_timeout" in features and chance(random, 20):
        asked["idle_timeout"] = random_length(random)
    if "close" in features and chance(random, 20) and ("max_future" not in asked or "close_future" in features):
        asked["close_after"] = random_length(random)


def having_of(random, aggregates):
    operator, value = random.choice(COMPARISONS)
    return Having(random.choice(AGGREGATES + list(aggregates) * 3), operator, value)


def unit_of(random, features):
    """A query of calls over a column of any unit, and maybe in that unit."""
    if "built" not in features or not chance(random, 25):
        return {}
    native = "unit" in features and chance(random, 70)
    return {"built": True, "native": native, "typed": True, "unit": random.choice(["s", "ms", "us", "ns"]),
            "text": random.choice(["u", "U", "dict"])}


def fit_calls(asked):
    """What calls take, where it differs from SQL."""
    if asked["watermark"] in (("column",), ("delay", 0)):
        asked["watermark"] = ("delay", 1)
    if not asked.get("late_fire"):
        asked["lateness"] = 0


def random_query(random, features):
    kind = random.choice([kind for kind in WINDOWS if kind in features])
    asked = {"kind": kind, "keys": random.choice(KEYS), **unit_of(random, features)}
    if "zone" in features and chance(random, 15):
        asked["zone"] = random.choice(list(CHANGES))
        asked["native"] = asked.get("native", False) and asked["unit"] != "s"
    per_ms = Query(**asked).units_per_ms()
    asked.update(window_of(random, kind, features,
                           (lambda random: zone_length(random) * per_ms) if "zone" in asked else random_length))
    asked["aggregates"] = tuple(random.sample(AGGREGATES, random.randint(1, 4)))
    asked["where"] = random.choice(FILTERS) if chance(random, 25) else None
    delays = [("delay", 0), ("delay", 1), ("delay", random_length(random))]
    asked["watermark"] = random.choice([None, ("column",)] + delays)
    if "processing_time" in features and not asked.get("native") and chance(random, 10):
        asked.update(processing_time=True, watermark=None)
    if "having" in features and chance(random, 20):
        asked["having"] = having_of(random, asked["aggregates"])
    asked.update(emission_of(random, kind, features))
    if "side_output" in features and kind in ("tumble", "hop", "cumulate", "session") and "late_policy" not in asked:
        asked["late_policy"] = "side-output" if chance(random, 30) else "drop"
    ends = ["flush"] * 4 + [end for end in ("discard", "mark") if end in features]
    asked["end"] = random.choice(ends)
    if asked["end"] == "mark" and Query(**asked).updates():
        asked["end"] = "flush"
    clock_of(random, asked, features)
    if asked.get("built"):
        fit_calls(asked)
        return Query(**asked)
    takes_group = kind in ("tumble", "hop", "session") and not asked.get("offset") and not asked.get("max_duration")
    if "group" in features and takes_group and chance(random, 40):
        asked["form"] = "group"
    if asked["watermark"] is None and "processing_time" not in asked and chance(random, 60):
        asked.update(typed=True, unit=random.choice(["s", "ms", "us", "ns"]), text=random.choice(["u", "U", "dict"]))
    return Query(**asked)


# ---- streams ----

class Times:
    """Times of rows in ms: mostly rising, with ties, disorder, gaps and jumps."""

    def __init__(self, random, query, first, last, clock):
        self.random, self.first, self.last, self.clock = random, first, last, clock
        self.unit = max(query.size if query.kind in ("tumble", "hop", "cumulate") else 0, query.gap, query.span, 1)
        if query.kind == "count":
            self.unit = 10
        if query.native:
            self.bound_native(query)
        elif query.unit != "ms":
            aside = 2 * 86400000 if query.zone else 1  # a wall clock shows more than 64 bits of nanoseconds can say
            self.last = min(self.last, INT64_MAX // 10 ** 6 - aside)
            self.first = max(self.first, -self.last)
        self.now = self.beginning(query)
        self.jumps = random.random() < 0.15
        self.disorder = random.choice([0, 10, 30, 60])
        self.per_second = query.units_per_second()
        self.guard = query.max_future * self.per_second // 1000
        self.guard_by_clock = query.future_reference == "wall-clock"

    def bound_native(self, query):
        """Seconds come back as milliseconds, and what a wall clock shows must fit, too."""
        if query.unit == "s":
            self.last, self.first = min(self.last, INT64_MAX // 2000), max(self.first, -(INT64_MAX // 2000))
        if query.zone:
            last = INT64_MAX - 3 * 86400000 * query.units_per_ms() - 2 * self.unit
            self.last, self.first = min(self.last, last), max(self.first, -last)

    def beginning(self, query):
        if query.max_future and query.future_reference == "wall-clock":
            return self.clock * query.units_per_second() // 1000 - self.random.randint(0, 4 * self.unit)
        if query.zone:
            per_ms = query.units_per_ms()
            return self.random.choice(CHANGES[query.zone]) * per_ms - self.random.randint(-HOUR * per_ms, 4 * self.unit)
        if query.unit != "ms" and not query.native:
            return self.random.choice([0, self.unit, -3 * self.unit, self.random.randint(0, 2 ** 40)])
        return self.random.choice([0, 0, self.unit, -3 * self.unit, -1, 1_700_000_000_000,
                                   self.random.randint(0, 2 ** 40), self.random.randint(-(2 ** 40), 2 ** 40),
                                   INT64_MAX - 4 * self.unit, INT64_MAX - self.unit // 2, INT64_MIN,
                                   INT64_MIN + self.unit])

    def next(self):
        random, unit = self.random, self.unit
        if self.guard and chance(random, 15):
            near = self.clock * self.per_second // 1000 if self.guard_by_clock else self.now
            return self.bounded(near + self.guard + random.randint(-1, 5 * unit))
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


def last_within(query):
    """The greatest time whose windows all end within 64 bits."""
    if query.kind not in ("tumble", "hop", "cumulate"):
        return INT64_MAX - max(1, query.gap, query.span)
    last = INT64_MAX
    while any(end > INT64_MAX for _, end in windows_of(query, last)):
        last = windows_of(query, last)[-1][0] - 1 if query.kind == "hop" else windows_of(query, last)[0][0] - 1
    return last


def first_within(query):
    """The least time whose windows all begin within 64 bits. INT64_MIN stands for no time where the clock closes windows."""
    first = INT64_MIN + (query.close_after > 0)
    if query.kind in ("tumble", "hop", "cumulate"):
        while any(start < INT64_MIN for start, _ in windows_of(query, first)):
            first = windows_of(query, first)[0][1]
    return first


def bounds_of(random, query, features):
    """Least and greatest time, and greatest watermark. Borders of windows beyond 64 bits saturate there, and which of
    the windows with the same border are then told apart is not defined: rows whose windows have such borders are not
    drawn (but for TUMBLE, of which there is one at each end). With `limits` times come as near as that allows, and W up
    to INT64_MAX."""
    if query.zone:
        last = min(10 ** 13 * query.units_per_ms(), INT64_MAX - 3 * 86400000 * query.units_per_ms())
        return -(10 ** 12) * query.units_per_ms(), last, last  # years that calendars have
    if "limits" in features and query.late_policy != "fold" and chance(random, 30):
        return first_within(query), last_within(query), INT64_MAX
    margin = 2 * query.size + query.slide + query.gap + query.span
    if query.kind == "tumble" and not query.close_after:
        margin = 1
    return INT64_MIN + margin, INT64_MAX - margin, INT64_MAX - margin


class Stream:
    def __init__(self, random, query, features, partitions):
        self.random, self.query, self.features, self.partitions = random, query, features, partitions
        self.first, self.last, self.last_watermark = bounds_of(random, query, features)
        self.clock = CLOCK
        if query.zone and query.processing_time:
            self.clock = random.choice(CHANGES[query.zone]) - random.randint(0, 10 * HOUR)
        self.shown = self.clock  # by the wall clock, as the stream goes on
        self.times = Times(random, query, self.first, self.last, self.clock)
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
        wm = max(INT64_MIN, min(self.last_watermark, ts - behind))
        if chance(random, 1):
            wm = self.last_watermark
        if chance(random, 3):
            ts = None
        elif self.query.native:
            pass
        elif self.query.unit in ("us", "ns"):
            per = TICKS_PER_SECOND[self.query.unit] // 1000
            ts = ts * per + random.choice([0, 0, 1, per - 1])
        elif self.query.unit == "s":
            ts //= 1000
        return Row(ts, None if chance(random, 20) else wm, random.choice(self.texts),
                   self.maybe_null(random.choice([0, 1, -7])), self.maybe_null(self.number()),
                   self.maybe_null(float(random.randint(-3, 9))), random.choice(self.texts))

    def advance(self):
        """Explicit watermarks: near the times of rows, at times beyond all."""
        near = self.times.now + self.random.randint(-2 * self.times.unit, self.times.unit)
        if chance(self.random, 4):
            near = self.random.choice([INT64_MIN, self.last_watermark, self.last_watermark - 1, 0, -1])
            if self.query.zone:
                near = max(near, self.first)
        return Advance(self.random.randrange(self.partitions), max(INT64_MIN, min(self.last_watermark, near)))

    def looks_at_clock(self):
        query = self.query
        return query.processing_time or query.idle_timeout or query.close_after or query.early_clock or query.max_future

    def tick(self):
        """The wall clock goes on, and back now and then."""
        random, query = self.random, self.query
        spans = [span for span in (query.idle_timeout, query.close_after, query.early_clock) if span]
        span = random.choice(spans or [self.times.unit])
        self.shown += random.choice([0, 1, span - 1, span, random.randint(0, 2 * span), -random.randint(0, span)])
        told = query.early_clock and "early_clock_push" not in self.features
        return Clock(self.shown, bool(told) or chance(random, 70))

    def event(self, chances):
        if self.looks_at_clock() and chance(self.random, 30):
            return self.tick()
        if not self.query.processing_time:
            if self.query.watermark is None and chance(self.random, chances) or chance(self.random, 3):
                return self.advance()
        if "idle" in self.features and not self.query.processing_time and chance(self.random, 8):
            return Idle(self.random.randrange(self.partitions))
        count = self.random.choice([1, 1, 1, 2, 3, 8])
        return Push(self.random.randrange(self.partitions), tuple(self.row() for _ in range(count)))

    def events(self):
        rows, wanted = 0, self.random.choice([1, 3, 8, 20, 40, 60])
        chances = self.random.choice([0, 20, 50])
        events = [Clock(self.clock, True)] if self.query.early_clock else []
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
    stream = Stream(random, query, features, partitions)
    events = stream.events()
    workers = random.choice([0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7])
    run = Run(clock=stream.clock, workers=workers, partitions=partitions, waiting=random.choice([0, 2]),
              pull=chance(random, 80), probe=chance(random, 60), batches=random_batches(random, events))
    if workers > 0:
        run.strategy = random.choice([0, 1, 2, 3, 3])
    run.ranges = random.choice([0, random.randint(1, 10 ** 6)])
    return query, events, run
