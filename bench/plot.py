#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""plot.py FIGURES.json FOLDER: draws what scripts/bench has measured, as SVG, with nothing but Python.

    keys-N.svg    rows a second over the number of 64-bit keys, of every engine, with N workers
    roofs.svg     what part of its roof each cell reaches
    cores.svg     how many times as fast each cell is with more workers, where several numbers of them were measured
"""
import html
import json
import math
import pathlib
import sys

COLORS = {"weir": "#0072B2", "clickhouse": "#E69F00", "polars": "#009E73", "datafusion": "#CC79A7", "acero": "#56B4E9", "duckdb": "#D55E00"}
INK, FAINT, PAPER = "#222222", "#dddddd", "#ffffff"
SHARE_MAX = 1.25  # longer bars are cut off: toys, or a machine that does other work
FONT = 'font-family="system-ui, sans-serif"'


class Drawing:
    def __init__(self, width, height, title):
        self.width, self.height, self.title, self.parts = width, height, title, []
        self.text(16, 28, title, size=16, weight="bold")

    def text(self, x, y, text, size=12, anchor="start", color=INK, weight="normal"):
        self.parts.append(f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{color}" font-weight="{weight}" {FONT}>'
                          f"{html.escape(text)}</text>")

    def line(self, points, color, width=1.0):
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="round"/>')

    def dot(self, x, y, color, radius, tip):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{color}"><title>{html.escape(tip)}</title></circle>')

    def bar(self, x, y, width, height, color, tip):
        self.parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}" fill="{color}"><title>{html.escape(tip)}</title></rect>')

    def write(self, path):
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" height="{self.height}" role="img">'
        body = "\n".join(self.parts)
        path.write_text(f'{head}\n<title>{html.escape(self.title)}</title>\n<rect width="100%" height="100%" fill="{PAPER}"/>\n{body}\n</svg>\n')


def short(number):
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "K")):
        if number >= size:
            return f"{number / size:.3g} {unit}"
    return f"{number:.3g}"


# ---- rows a second over keys ----

def series_of(results, workers):
    """engine -> [(keys, rows a second), ...]"""
    series = {}
    for result in results:
        if result["workers"] != workers or not result["name"].startswith("tumble/int64_"):
            continue
        for engine, rate in {"weir": result["rows_per_s"], **result["peers"]}.items():
            series.setdefault(engine, []).append((result["keys"], rate))
    return {engine: sorted(points) for engine, points in series.items()}


def apart(wanted, least):
    """Heights for labels near those wanted, `least` apart from each other. {name: y}"""
    placed, lowest = {}, -math.inf
    for name, y in sorted(wanted.items(), key=lambda one: one[1]):
        lowest = max(y, lowest + least)
        placed[name] = lowest
    return placed


def ticks(lowest, highest):
    """1, 2, 5, 10, ... that lie between."""
    decades = range(math.floor(math.log10(lowest)), math.ceil(math.log10(highest)) + 1)
    return [step * 10.0**decade for decade in decades for step in (1, 2, 5) if lowest <= step * 10.0**decade <= highest]


def draw_keys(series, workers, path):
    left, top, width, height = 70, 56, 560, 360
    cores = "one core" if workers < 2 else f"{workers} workers"
    drawing = Drawing(left + width + 120, top + height + 56, f"TUMBLE, sum and count by 64-bit keys, {cores}")
    rates = [rate for points in series.values() for _, rate in points]
    keys = sorted({key for points in series.values() for key, _ in points})
    lowest, highest = min(rates) / 1.3, max(rates) * 1.3

    def x(key):
        span = math.log(keys[-1] / keys[0]) or 1.0
        return left + width * math.log(key / keys[0]) / span

    def y(rate):
        return top + height * (1.0 - math.log(rate / lowest) / math.log(highest / lowest))

    for rate in ticks(lowest, highest):
        drawing.line([(left, y(rate)), (left + width, y(rate))], FAINT)
        drawing.text(left - 8, y(rate) + 4, short(rate), anchor="end")
    for key in keys:
        drawing.text(x(key), top + height + 20, short(key), anchor="middle")
    drawing.text(left + width / 2, top + height + 42, "keys", anchor="middle")
    drawing.text(left - 54, top - 10, "rows a second")
    labels = apart({engine: y(points[-1][1]) for engine, points in series.items()}, 15)
    for engine, points in sorted(series.items(), key=lambda one: one[0] == "weir"):
        color, is_weir = COLORS.get(engine, INK), engine == "weir"
        drawing.line([(x(key), y(rate)) for key, rate in points], color, 3 if is_weir else 1.5)
        for key, rate in points:
            drawing.dot(x(key), y(rate), color, 4 if is_weir else 3, f"{engine}, {short(key)} keys: {short(rate)} rows/s")
        drawing.text(x(points[-1][0]) + 10, labels[engine] + 4, engine, color=color, weight="bold" if is_weir else "normal")
    drawing.write(path)


# ---- shares of the roof ----

def draw_roofs(results, path):
    cells = [result for result in results if result["roof_share"] is not None]
    left, top, width, row = 250, 60, 440, 20
    drawing = Drawing(left + width + 70, top + row * len(cells) + 40, "Part of the roof that each cell reaches")
    for share in range(0, 6):
        at = left + width * share / 4 / SHARE_MAX
        drawing.line([(at, top - 6), (at, top + row * len(cells))], INK if share == 4 else FAINT)
        drawing.text(at, top - 12, f"{share * 25} %", anchor="middle", size=11)
    for idx, result in enumerate(cells):
        y, share = top + row * idx, result["roof_share"]
        what = f"{result['work']}, {result['workers']} worker{'' if result['workers'] == 1 else 's'}"
        tip = f"{what}: {short(result['rows_per_s'])} rows/s, {share:.0%} of {result['roof']} ({short(result['roof_rows_per_s'])})"
        drawing.text(left - 10, y + 13, f"{what} ({result['roof']})", anchor="end", size=11)
        length = width * min(share, SHARE_MAX) / SHARE_MAX
        drawing.bar(left, y + 3, length, row - 6, COLORS["weir"] if result["met"] else COLORS["clickhouse"], tip)
        drawing.text(left + length + 6, y + 13, f"{share:.0%}", size=11)
    drawing.text(left, top + row * len(cells) + 24, "blue: every target of the cell is met; orange: one is missed", size=11)
    drawing.write(path)


# ---- scaling over cores ----

def scaling_of(results):
    """work -> [(cores, rows a second, those of its roof), ...]; without workers the caller's core is the one."""
    scaling = {}
    for result in results:
        if result["name"].endswith(f"/workers:{result['workers']}"):
            point = (max(result["workers"], 1), result["rows_per_s"], result["roof_rows_per_s"])
            points = scaling.setdefault(result["work"], [])
            points.extend([point] if point[0] not in [cores for cores, *_ in points] else [])
    return {work: sorted(points) for work, points in scaling.items() if len(points) > 1}


def draw_scaling(scaling, path):
    palette = list(COLORS.values())
    left, top, width, height = 70, 56, 460, max(360, 15 * len(scaling))
    drawing = Drawing(left + width + 190, top + height + 56, "Rows a second with more cores, times those with the fewest")
    cores = sorted({point[0] for points in scaling.values() for point in points})
    times = {work: [(one, rate / points[0][1], roof / points[0][2] if roof else None) for one, rate, roof in points]
             for work, points in scaling.items()}
    highest = max([cores[-1] / cores[0], *(share for points in times.values() for _, share, _ in points)]) * 1.05

    def x(one):
        return left + width * (one - cores[0]) / (cores[-1] - cores[0])

    def y(share):
        return top + height * (1.0 - share / highest)

    for tick in range(0, math.floor(highest * 2) + 1):
        drawing.line([(left, y(tick / 2)), (left + width, y(tick / 2))], FAINT)
        drawing.text(left - 8, y(tick / 2) + 4, f"{tick / 2:g}x", anchor="end")
    for one in cores:
        drawing.text(x(one), top + height + 20, str(one), anchor="middle")
    drawing.text(left + width / 2, top + height + 42, "cores", anchor="middle")
    drawing.line([(x(one), y(one / cores[0])) for one in (cores[0], cores[-1])], INK, 1.5)
    labels = apart({work: y(points[-1][1]) for work, points in times.items()}, 13)
    for idx, (work, points) in enumerate(times.items()):
        color = palette[idx % len(palette)]
        drawing.line([(x(one), y(share)) for one, share, _ in points], color, 1.5)
        for one, share, roof in points:
            bare = "" if roof is None else f", its roof {roof:.2f}x"
            drawing.dot(x(one), y(share), color, 3, f"{work}, {one} core{'' if one == 1 else 's'}: {share:.2f}x{bare}")
        drawing.text(x(points[-1][0]) + 10, labels[work] + 4, f"{work} {points[-1][1]:.2f}x", size=11, color=color)
    drawing.write(path)


def draw(results, folder):
    """Returns the files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for workers in sorted({result["workers"] for result in results}):
        series = series_of(results, workers)
        if len(series.get("weir", ())) > 1:
            written.append(folder / f"keys-{workers}.svg")
            draw_keys(series, workers, written[-1])
    if any(result["roof_share"] is not None for result in results):
        written.append(folder / "roofs.svg")
        draw_roofs(results, written[-1])
    scaling = scaling_of(results)
    if scaling:
        written.append(folder / "cores.svg")
        draw_scaling(scaling, written[-1])
    return written


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.splitlines()[0])
    print(*draw(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2])), sep="\n")
