# SPDX-License-Identifier: Apache-2.0
"""Makes a failing case small: whatever can go while the case still fails goes."""
from dataclasses import replace

from driver import batches_of
from query import INT64_MIN, Finish, Push, Query

DEFAULTS = Query()



def split_rows(events, run):
    """Each row an event and a batch of its own, with the offsets that its batch had."""
    split, plans = [], []
    for number, event in enumerate(events):
        if not isinstance(event, Push):
            split.append(event)
            plans.append([])
            continue
        plan = run.batches[number] if number < len(run.batches) else []
        for rows, batch_offset, column_offset in batches_of(event, plan):
            split += [Push(event.partition, (row,)) for row in rows]
            plans += [[(1, batch_offset, column_offset)] for _ in rows]
    return split, replace(run, batches=plans)


class Shrinker:
    """`fails(query, events, run)` tells whether a case still shows the difference."""

    def __init__(self, fails, tries=1500):
        self.fails, self.tries = fails, tries

    def try_case(self, case):
        if self.tries <= 0:
            return False
        self.tries -= 1
        return self.fails(*case)

    def first_of(self, case, candidates):
        for candidate in candidates:
            if candidate != case and self.try_case(candidate):
                return candidate
        return case

    def shrink(self, case):
        query, events, run = case
        case = self.first_of(case, [(query, events, replace(run, ranges=0))])
        query, events, run = case
        plain = (query, events, replace(run, batches=[], workers=0, waiting=0, pull=True, probe=True))
        case = self.first_of(case, [plain, (query, events, replace(run, batches=[], workers=0)),
                                    (query, events, replace(run, workers=0)),
                                    (query, events, replace(run, waiting=0)),
                                    (query, events, replace(run, batches=[]))])
        case = self.first_of(case, [(query,) + split_rows(case[1], case[2])])
        before = None
        while before != case and self.tries > 0:
            before = case
            case = self.drop_events(case)
            case = self.simplify_query(case)
            case = self.simplify_events(case)
        return case

    def drop_events(self, case):
        query, events, run = case
        size = max(1, len(events) // 2)
        while size >= 1:
            at = 0
            while at < len(events):
                rest = events[:at] + events[at + size:]
                plans = replace(run, batches=run.batches[:at] + run.batches[at + size:])
                if rest and Finish() not in events[at:at + size] and self.try_case((query, rest, plans)):
                    events, run = rest, plans
                else:
                    at += size
            size //= 2
        return query, events, run

    def simplify_query(self, case):
        query, events, run = case
        for name in ("where", "having", "fill", "late_fire", "lateness", "late_policy", "early_rows", "early_time",
                     "early_clock", "emit", "end", "max_future", "future_reference", "idle_timeout", "close_after", "zone",
                     "offset", "form", "text", "max_duration", "keys"):
            wanted = getattr(DEFAULTS, name)
            case = self.first_of(case, [(replace(case[0], **{name: wanted}), case[1], case[2])])
        query = case[0]
        for name in query.keys:
            fewer = tuple(key for key in query.keys if key != name)
            case = self.first_of(case, [(replace(case[0], keys=fewer), case[1], case[2])])
        for wanted in query.aggregates:
            rest = tuple(one for one in case[0].aggregates if one != wanted)
            if rest:
                case = self.first_of(case, [(replace(case[0], aggregates=rest), case[1], case[2])])
        if case[2].partitions > 1:
            fewer = case[2].partitions - 1
            moved = [event._replace(partition=min(event.partition, fewer - 1)) if hasattr(event, "partition") else event
                     for event in case[1]]
            case = self.first_of(case, [(case[0], moved, replace(case[2], partitions=fewer))])
        return case

    def simplify_events(self, case):
        for at, event in enumerate(case[1]):
            if not isinstance(event, Push) or len(event.rows) != 1:
                continue
            for name, value in (("v", None), ("d", None), ("g", None), ("k", None), ("h", None), ("wm", None)):
                row = event.rows[0]
                if getattr(row, name) is not None:
                    event = self.change(case, at, row._replace(**{name: value}))[1][at]
                    case = (case[0], case[1][:at] + [event] + case[1][at + 1:], case[2])
        return self.shift_times(case)

    def change(self, case, at, row):
        events = case[1][:at] + [Push(case[1][at].partition, (row,))] + case[1][at + 1:]
        return self.first_of(case, [(case[0], events, case[2])])

    def shift_times(self, case):
        """Moves all times towards 0 together."""
        times = [row.ts for event in case[1] if isinstance(event, Push) for row in event.rows if row.ts is not None]
        if not times or (case[0].unit != "ms" and not case[0].native) or case[0].zone or case[0].max_future:
            return case
        for by in (min(times), min(times) // 2, min(times) - case[0].size, min(times) // 1000 * 1000):
            shifted = [self.shifted(event, by) for event in case[1]]
            if by != 0 and self.try_case((case[0], shifted, case[2])):
                return case[0], shifted, case[2]
        return case

    def shifted(self, event, by):
        if isinstance(event, Push):
            return Push(event.partition, tuple(
                row._replace(ts=None if row.ts is None else row.ts - by, wm=None if row.wm is None else row.wm - by)
                for row in event.rows))
        if hasattr(event, "watermark") and abs(event.watermark) < -INT64_MIN - 1:
            return event._replace(watermark=event.watermark - by)
        return event
