#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What weir must give around changes of a clock, worked out from the rule alone and never from what weir gives.

Windows over TIMESTAMP_LTZ lie on the wall clock. Flink fires each when W, an instant, reaches that window's own timer
(TimeWindowUtil.toEpochMillsForTimer of its last ms). Where a clock changes by an hour of summer time the timers rise with
the ends of the windows; elsewhere they do not, and Flink fires windows in another order than that of their ends, loses
some and gives others twice. weir moves W to the wall clock and never back: W there is the greatest local time L whose
timer W has reached, a window has fired when its last ms is at or before L, and a row counts in those of its windows that
had not fired before it.

  tests/parity/zone_change.py            the scripts zone-*.sql of the forms that are modelled: do their kept rows follow
                                         the rule? Those of Flink must as well, where there is no NAME.weir.csv.
  tests/parity/zone_change.py --write NAME ...   writes NAME.weir.csv for these scripts

Needs the standard library alone; zones are those of the system, read by zoneinfo.
"""
import re
import sys
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

SCRIPTS = Path(__file__).resolve().parent / "flink"
EPOCH = datetime(1970, 1, 1)
MS = timedelta(milliseconds=1)
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
UNITS = {"SECOND": 1000, "MINUTE": MINUTE, "HOUR": HOUR, "DAY": DAY, "s": 1000, "min": MINUTE, "h": HOUR}


class NotModelled(Exception):
    pass


# ---- the clock ----


class Clock:
    """Local times are written as the instants at which UTC shows them."""

    def __init__(self, name):
        fixed = re.fullmatch(r"GMT([+-])(\d\d):(\d\d)", name)
        if fixed:
            offset = timedelta(hours=int(fixed.group(2)), minutes=int(fixed.group(3)))
            self.zone = timezone(-offset if fixed.group(1) == "-" else offset)
        else:
            self.zone = ZoneInfo(name)
        # Java's TimeZone.useDaylightTime(): the rule for all years to come, after the last change that is listed by date.
        shown = {datetime(2400, month, 1, tzinfo=self.zone).utcoffset() for month in range(1, 13)}
        self.summer_time = len(shown) > 1

    def local_of(self, instant):
        shown = (EPOCH + instant * MS).replace(tzinfo=timezone.utc).astimezone(self.zone)
        return (shown.replace(tzinfo=None) - EPOCH) // MS

    def instant_of(self, local):
        """Java's LocalDateTime.atZone: shown twice, the earlier; skipped, moved on by the length of the jump."""
        shown = (EPOCH + local * MS).replace(tzinfo=self.zone, fold=0)
        return (shown.astimezone(timezone.utc).replace(tzinfo=None) - EPOCH) // MS

    @lru_cache(maxsize=None)
    def timer_of(self, local):
        first = self.instant_of(local)
        if not self.summer_time:
            return first
        hour_on = self.instant_of(local + HOUR)
        if hour_on - first > HOUR:
            return first + HOUR
        return first - first % HOUR if hour_on == first else first

    @lru_cache(maxsize=None)
    def earliest_timer(self, local):
        """The least timer of all local times at or after this one. Timers rise within a minute of the clock, so its
        first ms speaks for each later minute; a day and two hours hold the longest jump that a clock has made."""
        next_minute = local - local % MINUTE + MINUTE
        later = range(next_minute, local + DAY + 2 * HOUR, MINUTE)
        return min(self.timer_of(local), min(self.timer_of(minute) for minute in later))

    def has_fired(self, last_ms, watermark):
        """Some L >= last_ms has its timer at or before W."""
        return watermark is not None and self.earliest_timer(last_ms) <= watermark


# ---- windows: (start, end) of a local time ----


def hop(local, slide, size):
    start = local - local % slide
    while start > local - size:
        yield start, start + size
        start -= slide


def cumulate(local, step, size):
    base = local - local % size
    return [(base, end) for end in range(base + step, base + size + 1, step) if end > local]


class Sums:
    def __init__(self):
        self.count, self.total = 0, 0

    def add(self, value):
        self.count, self.total = self.count + 1, self.total + value

    def cells(self):
        return [str(self.count), str(self.total)]


# ---- queries ----


class Query:
    """Reads the parts that scripts of these forms differ in; everything else stops with NotModelled."""

    def __init__(self, text):
        self.text = text
        self.clock = Clock(self.need(r"'table\.local-time-zone' = '([^']*)'"))
        self.need(r"ts AS TO_TIMESTAMP_LTZ\(e, 3\)")
        watermark = self.need(r"WATERMARK FOR ts AS ts((?: - INTERVAL '\d+' [A-Z]+)?)\n")
        self.delay = self.spans(watermark)[0] if watermark else 0
        self.data = SCRIPTS / "data" / self.need(r"'\$\{cases\}/data/([a-z0-9-]*\.csv)'")
        self.lateness = self.duration("allow-lateness")
        select = self.need(r"(SELECT [\s\S]*;)")
        if re.search(r"WHERE|HAVING|CAST|early-fire", text) or text.count("SELECT") != 1:
            raise NotModelled
        form = re.search(r"TABLE\((TUMBLE|HOP|CUMULATE|SESSION)\(TABLE \w+( PARTITION BY k)?, DESCRIPTOR\(ts\), (.*)\)\)", select)
        older = re.search(r"GROUP BY (TUMBLE|HOP|SESSION)\(ts, ([^)]*)\)", select)
        if not form and not older:
            raise NotModelled
        self.kind = (form or older).group(1)
        self.lengths = self.spans(form.group(3) if form else older.group(2))
        self.names = [self.column(item) for item in re.split(r",\s*(?![^()]*\))", self.need(r"SELECT ([\s\S]*?)\nFROM"))]
        if len(self.lengths) != (2 if self.kind in ("HOP", "CUMULATE") else 1):
            raise NotModelled

    def need(self, pattern):
        found = re.search(pattern, self.text)
        if not found:
            raise NotModelled
        return found.group(1) if found.groups() else found.group(0)

    @staticmethod
    def spans(text):
        return [int(count) * UNITS[unit] for count, unit in re.findall(r"INTERVAL '(\d+)' (SECOND|MINUTE|HOUR|DAY)", text)]

    def duration(self, option):
        found = re.search(rf"'table\.exec\.emit\.{option}' = '(\d+) (\w+)'", self.text)
        return int(found.group(1)) * UNITS[found.group(2)] if found else 0

    @staticmethod
    def column(item):
        """(name, what it shows)"""
        name = item.split(" AS ")[-1].strip()
        shows = re.match(r"window_(start|end|time)$|\w+_(START|END|ROWTIME)\(|(k)$|(COUNT)\(\*\)|(SUM)\(v\)", item.strip())
        if not shows:
            raise NotModelled
        what = next(group for group in shows.groups() if group).lower()
        return name, {"rowtime": "time"}.get(what, what)

    def windows(self, local):
        if self.kind == "CUMULATE":
            return list(cumulate(local, *self.lengths))
        return list(hop(local, self.lengths[0], self.lengths[-1]))

    def rows(self):
        """(instant, key, value, W just before the row)"""
        watermark = None  # Flink has none at or before 1970
        for line in self.data.read_text().splitlines():
            instant, key, value = line.split(",")
            yield int(instant), key, int(value), watermark
            claim = int(instant) - self.delay
            if claim > 0 and (watermark is None or claim > watermark):
                watermark = claim

    # ---- a result ----

    def result(self, op, window, key, sums):
        start, end = window
        shown = {"start": time_text(start), "end": time_text(end), "time": time_text(self.clock.instant_of(end - 1)) + "Z",
                 "k": key, "count": sums[0], "sum": sums[1]}
        return ",".join(([op] if op else []) + [shown[what] for _, what in self.names])

    def header(self):
        return ",".join((["op"] if self.lateness else []) + [name for name, _ in self.names])

    def key_of(self, key):
        return key if "k" in dict((what, name) for name, what in self.names) else ""

    # ---- by kind ----

    def give(self):
        if self.kind == "SESSION":
            return self.give_sessions()
        return self.give_updates() if self.lateness else self.give_windows()

    def give_windows(self):
        """Final results of TUMBLE, HOP and CUMULATE."""
        sums = {}
        for instant, key, value, watermark in self.rows():
            for window in self.windows(self.clock.local_of(instant)):
                if not self.clock.has_fired(window[1] - 1, watermark):
                    sums.setdefault((window, self.key_of(key)), Sums()).add(value)
        return [self.result("", window, key, found.cells()) for (window, key), found in sums.items()]

    def give_sessions(self):
        """Merged first, then judged."""
        gap, open_ones, results = self.lengths[0], {}, []
        for instant, key, value, watermark in list(self.rows()) + [(None, None, None, sys.maxsize)]:
            for its_key, sessions in open_ones.items():
                fired = [s for s in sessions if watermark == sys.maxsize or self.clock.has_fired(s[1] - 1, watermark)]
                results += [self.result("", s[:2], its_key, s[2].cells()) for s in fired]
                open_ones[its_key] = [s for s in sessions if s not in fired]
            if instant is None:
                return results
            local, key = self.clock.local_of(instant), self.key_of(key)
            merged, apart = [local, local + gap, Sums()], []
            merged[2].add(value)
            for session in open_ones.get(key, []):
                if session[0] <= merged[1] and merged[0] <= session[1]:
                    merged[2].count += session[2].count
                    merged[2].total += session[2].total
                    merged[:2] = [min(session[0], merged[0]), max(session[1], merged[1])]
                else:
                    apart.append(session)
            if not self.clock.has_fired(merged[1] - 1, watermark):
                open_ones[key] = apart + [merged]
        return results

    def give_updates(self):
        """Allowed lateness with late fire: a result when W passes the end, and one more at each later row."""
        cells, given, results = {}, {}, []

        def fire(place):
            now = cells[place].cells()
            if place not in given:
                results.append(self.result("+I", *place, now))
            elif given[place] != now:
                results.append(self.result("-U", *place, given[place]))
                results.append(self.result("+U", *place, now))
            given[place] = now

        for instant, key, value, watermark in self.rows():
            for place in [p for p in cells if p not in given and self.clock.has_fired(p[0][1] - 1, watermark)]:
                fire(place)
            for window in self.windows(self.clock.local_of(instant)):
                place = (window, self.key_of(key))
                if self.clock.has_fired(window[1] - 1 + self.lateness, watermark):
                    continue
                cells.setdefault(place, Sums()).add(value)
                if self.clock.has_fired(window[1] - 1, watermark):
                    fire(place)
        for place in cells:
            fire(place)
        return results


def time_text(local):
    return (EPOCH + local * MS).isoformat(timespec="milliseconds")


def rows_of(script):
    query = Query(script.read_text())
    return [query.header()] + sorted(query.give())


def main(arguments):
    if arguments[:1] == ["--write"]:
        for name in arguments[1:]:
            (SCRIPTS / f"{name}.weir.csv").write_text("\n".join(rows_of(SCRIPTS / f"{name}.sql")) + "\n")
        return 0
    checked = differences = 0
    for script in sorted(SCRIPTS.glob("zone-*.sql")):
        kept = script.with_suffix(".weir.csv")
        kept = kept if kept.exists() else script.with_suffix(".csv")
        try:
            rows = rows_of(script)
        except NotModelled:
            continue
        checked += 1
        if rows != kept.read_text().splitlines():
            differences += 1
            print(f"{kept.name} does not follow the rule:", *sorted(set(rows) ^ set(kept.read_text().splitlines())), sep="\n  ")
    print(f"{checked} scripts, {differences} differences")
    return 1 if differences or checked == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
