# SPDX-License-Identifier: Apache-2.0
"""Which windows a late row still reaches (docs/semantics.md, 3)."""
from query import saturate
from windows import cumulate, max_ts, start_of, tumble


def is_cleaned_up(window, lateness, watermark):
    return saturate(max_ts(window) + lateness) <= watermark


def open_windows(windows, lateness, watermark):
    return [window for window in windows if not is_cleaned_up(window, lateness, watermark)]


def fold_windows(query, watermark):
    """Where FOLD counts a late row: the window of its kind with the least max_ts > W; for CUMULATE also the steps after."""
    if query.kind == "tumble":
        windows = tumble(watermark + 1, query.size, query.offset)
    elif query.kind == "cumulate":
        windows = cumulate(watermark + 1, query.size, query.step, query.offset)
    else:  # The least end with end - 1 > W: ends lie at offset + size + n * slide.
        end = start_of(watermark + 1, query.slide, query.offset + query.size) + query.slide
        windows = [(end - query.size, end)]
    return open_windows(windows, 0, watermark)  # none is open once W is the last time of all
