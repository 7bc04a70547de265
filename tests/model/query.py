# SPDX-License-Identifier: Apache-2.0
"""What a query asks for, and the rows that it reads: plain data, shared by the model, the SQL text and the generator.

All times and durations are units: milliseconds, as docs/semantics.md has it for SQL, or, of a `native` query, ticks of the time
column. What the wall clock measures is milliseconds in any case.
"""
from collections import namedtuple
from dataclasses import dataclass, field

INT64_MIN = -(2 ** 63)
INT64_MAX = 2 ** 63 - 1


def saturate(value):
    """The nearest value that 64 bits hold."""
    return max(INT64_MIN, min(INT64_MAX, value))


# A row of the one table: a time in ticks of the column's unit, a watermark column, two keys, two values, one more key.
# Any may be None.
Row = namedtuple("Row", "ts wm k g v d h", defaults=(None,))

# An aggregate: its function and its column; COUNT with column None is COUNT(*).
Aggregate = namedtuple("Aggregate", "function column")

# A comparison `column operator value`; operators: >=, <, =, <>, IS NULL, IS NOT NULL.
Filter = namedtuple("Filter", "column operator value")

# HAVING aggregate operator value, the operators of a Filter.
Having = namedtuple("Having", "aggregate operator value")

# FILL(kind [, largest stretch]): kind is "null", "prev", "linear" or "value" (then `value` is it).
Fill = namedtuple("Fill", "kind value max_empty")

TICKS_PER_SECOND = {"s": 1, "ms": 1000, "us": 10 ** 6, "ns": 10 ** 9}


@dataclass
class Query:
    kind: str = "tumble"  # tumble, hop, cumulate, session, count, count_or_time
    size: int = 0  # tumble, hop; cumulate: the largest size; count, count_or_time: rows
    slide: int = 0  # hop; count: rows between results (0: as size)
    step: int = 0  # cumulate
    offset: int = 0
    gap: int = 0  # session
    max_duration: int = 0  # session; 0: none
    span: int = 0  # count_or_time
    keys: tuple = ()  # of "k", "g", "h"
    aggregates: tuple = (Aggregate("COUNT", None),)
    where: Filter = None
    having: Having = None
    # None; ("delay", ms): WATERMARK FOR ts AS ts - ms; ("column",): AS wm
    watermark: tuple = None
    lateness: int = 0
    late_fire: bool = False
    late_policy: str = "drop"  # drop, side-output, fold
    early_rows: int = 0  # a result every so many rows of a key and window; 0: none
    early_time: int = 0  # a result whenever W passes a multiple; 0: none
    early_clock: int = 0  # a result every so many ms of the wall clock, since the first row of a key and window; 0: none
    emit: str = "retracting"  # retracting, accumulating, discarding
    fill: Fill = None
    end: str = "flush"  # flush, discard, mark
    max_future: int = 0  # ms ahead of the wall clock or of other partitions; 0: no guard
    future_policy: str = "keep"  # keep, drop, side-output
    future_reference: str = "wall-clock"  # wall-clock, partitions
    idle_timeout: int = 0  # ms of the wall clock; 0: none
    close_after: int = 0  # ms of the wall clock; 0: never
    processing_time: bool = False  # a row's time is the wall clock when it comes
    zone: str = None  # windows lie on its wall clock; None: UTC, and the time column has no zone
    unit: str = "ms"  # of the time column
    form: str = "function"  # how the SQL spells it: function, group
    typed: bool = False  # the table comes by its Arrow schema, not by CREATE TABLE
    built: bool = False  # put together by calls instead of SQL; then it is typed, and a delay is 1 or more
    native: bool = False  # (built) its unit is that of the time column
    text: str = "u"  # Arrow layout of the string keys: u, U, dict

    def updates(self):
        """Whether results come more than once for a window: such a query has a column `op`."""
        return self.late_fire or self.early_rows > 0 or self.early_time > 0 or self.early_clock > 0

    def allowed(self):
        """The lateness that counts: without late fire it does nothing, as in Flink."""
        return self.lateness if self.late_fire else 0

    def calls(self):
        """All that is aggregated: what is selected, and what HAVING asks for beside."""
        beside = self.having is not None and self.having.aggregate not in self.aggregates
        return self.aggregates + ((self.having.aggregate,) if beside else ())

    def units_per_second(self):
        return TICKS_PER_SECOND[self.unit] if self.native else 1000

    def bound_of(self, time):
        """As it comes in a result: held at the ends, seconds as milliseconds."""
        return saturate(saturate(time) * (1000 if self.units_per_second() == 1 else 1))

    def units_per_ms(self):
        """Where there is a zone: no seconds."""
        return max(1, self.units_per_second() // 1000)

    def time_of(self, row):
        """The row's time in units, floored; None for NULL."""
        if row.ts is None or self.native:
            return row.ts
        ticks = TICKS_PER_SECOND[self.unit]
        return row.ts * (1000 // ticks) if ticks <= 1000 else row.ts // (ticks // 1000)

    def key_of(self, row):
        return tuple(getattr(row, name) for name in self.keys)


# Events of a stream. A push carries rows; how rows are cut into batches is no part of the meaning.
Push = namedtuple("Push", "partition rows")
Advance = namedtuple("Advance", "partition watermark")
Idle = namedtuple("Idle", "partition")
Finish = namedtuple("Finish", "")
# The wall clock shows `now`; without `poll` it is looked at only with the next rows, or at the end.
Clock = namedtuple("Clock", "now poll")

# A result row. `op` is None for a query that does not update; `complete` None unless end is mark.
Result = namedtuple("Result", "op start end key values complete")


@dataclass
class Counters:
    rows_in: int = 0
    filtered: int = 0
    null_time: int = 0
    future_dropped: int = 0
    unassigned: int = 0
    late: int = 0
    aggregated: int = 0
    rows_out: int = 0
    future: int = 0  # beside the sum, as is folded
    folded: int = 0


@dataclass
class Step:
    """What one event gave."""
    results: list = field(default_factory=list)
    late: list = field(default_factory=list)
    counters: Counters = None
    watermark: int = INT64_MIN
