# SPDX-License-Identifier: Apache-2.0
"""Wall clocks (docs/semantics.md, 1): windows over instants lie on the wall clock of a zone. Local times are written as the
instants at which UTC shows them. Zones with summer time whose clocks change by an hour; years from 1 to 9998."""
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from query import INT64_MAX

EPOCH = datetime(1970, 1, 1)
MS = timedelta(milliseconds=1)
HOUR = 3600000


@lru_cache(maxsize=65536)
def local_of(zone, instant, per=1):
    """What the clock shows; `per`: units in a ms."""
    if zone is None:
        return instant
    instant, rest = divmod(instant, per)
    shown = (EPOCH + instant * MS).replace(tzinfo=timezone.utc).astimezone(ZoneInfo(zone))
    return (shown.replace(tzinfo=None) - EPOCH) // MS * per + rest


def instant_of(zone, local):
    """A time shown twice means the earlier instant, one that is skipped is moved on by as much as the clock jumps."""
    shown = (EPOCH + local * MS).replace(tzinfo=ZoneInfo(zone), fold=0)
    return (shown.astimezone(timezone.utc).replace(tzinfo=None) - EPOCH) // MS


@lru_cache(maxsize=65536)
def timer_of(zone, local, per=1):
    """The instant at which a window fires whose last unit is `local`: a time shown twice means its later instant, one that
    is skipped the jump. `per`: units in a ms."""
    if zone is None or local >= INT64_MAX:
        return local
    local, rest = divmod(local, per)
    first, hour_on = instant_of(zone, local), instant_of(zone, local + HOUR)
    if hour_on - first > HOUR:
        return (hour_on - HOUR) * per + rest
    return (first - first % HOUR) * per if hour_on == first else first * per + rest


@lru_cache(maxsize=65536)
def local_watermark(zone, watermark, per=1):
    """W on the wall clock: the greatest local time whose timer it has reached."""
    if zone is None or watermark >= INT64_MAX:
        return watermark
    low, high = watermark - 24 * HOUR * per, watermark + 24 * HOUR * per  # timer(low) <= W < timer(high)
    while high - low > 1:
        middle = (low + high) // 2
        if timer_of(zone, middle, per) <= watermark:
            low = middle
        else:
            high = middle
    return low
