/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/window.h"

#include "base/checked.h"
#include "base/error.h"

static int64_t clamp(weir_i128 value) {
    if (value > INT64_MAX) return INT64_MAX;
    if (value < INT64_MIN) return INT64_MIN;
    return (int64_t)value;
}

static weir_i128 floordiv_i128(weir_i128 a, weir_i128 b) {
    weir_i128 quotient = a / b;
    return quotient - (a % b < 0);
}

enum weir_status weir_window_validate(const struct weir_window_spec *spec, const char *unit,
                                      struct weir_error *error) {
    const char *what = NULL; /* must hold for the lengths */
    if (spec->kind == WEIR_WINDOW_NONE) return WEIR_OK;
    if (spec->size <= 0) {
        bool rows = spec->kind == WEIR_WINDOW_COUNT || spec->kind == WEIR_WINDOW_COUNT_OR_TIME;
        what = spec->kind == WEIR_WINDOW_SESSION ? "gap of a session" : "size of a window";
        return weir_error_set(error, WEIR_ERR_INVALID, "the %s must be positive, and is %lld%s", what,
                              (long long)spec->size, rows ? " rows" : unit);
    }
    int64_t first = spec->slide, second = spec->size;
    switch (spec->kind) {
    case WEIR_WINDOW_TUMBLE:
        if (spec->offset <= -spec->size || spec->offset >= spec->size) what = "TUMBLE wants abs(offset) < size";
        first = spec->offset;
        break;
    case WEIR_WINDOW_HOP:
        if (spec->slide <= 0) what = "HOP wants a positive slide";
        break;
    case WEIR_WINDOW_CUMULATE:
        if (spec->slide <= 0) {
            what = "CUMULATE wants a positive step";
        } else if (spec->size % spec->slide != 0) {
            what = "CUMULATE wants a largest size that is a whole number of steps";
        }
        break;
    case WEIR_WINDOW_SESSION:
        if (spec->slide < 0) what = "SESSION wants a positive largest duration";
        break;
    case WEIR_WINDOW_COUNT:
        if (spec->slide > 0) return WEIR_OK;
        return weir_error_set(error, WEIR_ERR_INVALID, "a count window wants a positive slide (got %lld rows)",
                              (long long)spec->slide);
    case WEIR_WINDOW_COUNT_OR_TIME:
        if (spec->slide <= 0) what = "COUNT_OR_TIME wants a positive span";
        break;
    default: return weir_error_set(error, WEIR_ERR_INVALID, "unknown kind of window");
    }
    if (what == NULL) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_INVALID, "%s (got %lld%s and %lld%s)", what, (long long)first, unit,
                          (long long)second, unit);
}

enum weir_status weir_window_init(struct weir_window *window, const struct weir_window_spec *spec,
                                  int64_t ticks_per_unit, struct weir_error *error) {
    enum weir_status status = weir_window_validate(spec, "", error);
    if (status != WEIR_OK) return status;
    *window = (struct weir_window){.kind = spec->kind, .per = 1, .spec = *spec, .ticks_per_unit = ticks_per_unit};
    if (!weir_window_is_sliced(spec->kind)) return WEIR_OK; /* its machine works in units */
    if (!weir_mul_i64(spec->size, ticks_per_unit, &window->size) ||
        !weir_mul_i64(spec->slide, ticks_per_unit, &window->slide) ||
        !weir_mul_i64(spec->offset, ticks_per_unit, &window->offset)) {
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "a window of %lld ms does not fit the range of the time column, which counts 1/%lld ms",
            (long long)spec->size, (long long)ticks_per_unit);
    }
    window->unit_offset = spec->offset;
    if (spec->kind == WEIR_WINDOW_HOP) {
        window->cut = window->size % window->slide;
        window->per = window->size / window->slide;
        window->offset %= window->slide; /* windows begin at every offset + n * slide: same set, small numbers */
        window->spec.offset %= window->spec.slide;
        window->unit_offset = window->spec.offset;
    }
    if (spec->kind == WEIR_WINDOW_CUMULATE) { /* whole steps of the offset only say where a base begins */
        window->per = window->size / window->slide;
        window->phase = weir_floormod_i64(weir_floordiv_i64(window->offset, window->slide), window->per);
        window->offset = weir_floormod_i64(window->offset, window->slide);
        window->spec.offset %= window->spec.size;
        window->unit_offset = weir_floormod_i64(window->spec.offset, window->spec.slide);
    }
    return WEIR_OK;
}

/* floor((ticks - offset) / unit), where the difference may leave the range. */
static int64_t index_of(int64_t ticks, int64_t offset, int64_t unit) {
    int64_t from;
    if (WEIR_LIKELY(weir_sub_i64(ticks, offset, &from))) return weir_floordiv_i64(from, unit);
    return clamp(floordiv_i128((weir_i128)ticks - offset, unit));
}

int64_t weir_window_slice(const struct weir_window *window, int64_t ticks) {
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE: return index_of(ticks, window->offset, window->size);
    case WEIR_WINDOW_CUMULATE: return index_of(ticks, window->offset, window->slide);
    case WEIR_WINDOW_HOP: {
        int64_t slide = index_of(ticks, window->offset, window->slide);
        if (window->cut == 0) return slide;
        weir_i128 start = (weir_i128)slide * window->slide + window->offset;
        return clamp((weir_i128)slide * 2 + (ticks - start >= window->cut));
    }
    default: return 0;
    }
}

/* CUMULATE: which step of its base a step is, from 0. */
static int64_t step_of_base(const struct weir_window *window, int64_t step) {
    int64_t at = weir_floormod_i64(step, window->per) - window->phase;
    return at < 0 ? at + window->per : at;
}

int64_t weir_window_slice_start(const struct weir_window *window, int64_t slice) {
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE: return clamp((weir_i128)slice * window->size + window->offset);
    case WEIR_WINDOW_CUMULATE: return clamp((weir_i128)slice * window->slide + window->offset);
    case WEIR_WINDOW_HOP: {
        if (window->cut == 0) return clamp((weir_i128)slice * window->slide + window->offset);
        int64_t slide = weir_floordiv_i64(slice, 2);
        int64_t skip = (slice & 1) ? window->cut : 0;
        return clamp((weir_i128)slide * window->slide + window->offset + skip);
    }
    default: return INT64_MIN;
    }
}

int64_t weir_window_first(const struct weir_window *window, int64_t slice) {
    if (window->kind != WEIR_WINDOW_HOP) return slice;
    if (window->cut == 0) return weir_sub_saturate_i64(slice, window->per - 1);
    int64_t slide = weir_floordiv_i64(slice, 2);
    return weir_sub_saturate_i64(slide, (slice & 1) ? window->per - 1 : window->per);
}

int64_t weir_window_last(const struct weir_window *window, int64_t slice) {
    switch (window->kind) {
    case WEIR_WINDOW_HOP: return window->cut == 0 ? slice : weir_floordiv_i64(slice, 2);
    case WEIR_WINDOW_CUMULATE: return weir_add_saturate_i64(slice, window->per - 1 - step_of_base(window, slice));
    default: return slice;
    }
}

int64_t weir_window_closed(const struct weir_window *window, int64_t watermark) {
    if (watermark == INT64_MIN || watermark == INT64_MAX) return watermark;
    const struct weir_window_spec *spec = &window->spec;
    weir_i128 until = (weir_i128)watermark + 1 - window->unit_offset; /* ends at or before this are closed */
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE: return clamp(floordiv_i128(until, spec->size) - 1);
    case WEIR_WINDOW_HOP: return clamp(floordiv_i128(until - spec->size, spec->slide));
    case WEIR_WINDOW_CUMULATE: return clamp(floordiv_i128(until, spec->slide) - 1);
    default: return INT64_MIN; /* ends with the input only */
    }
}

int64_t weir_window_start(const struct weir_window *window, int64_t index) {
    const struct weir_window_spec *spec = &window->spec;
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE: return clamp((weir_i128)index * spec->size + window->unit_offset);
    case WEIR_WINDOW_HOP: return clamp((weir_i128)index * spec->slide + window->unit_offset);
    case WEIR_WINDOW_CUMULATE:
        return clamp(((weir_i128)index - step_of_base(window, index)) * spec->slide + window->unit_offset);
    default: return INT64_MIN;
    }
}

int64_t weir_window_end(const struct weir_window *window, int64_t index) {
    const struct weir_window_spec *spec = &window->spec;
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE: return clamp(((weir_i128)index + 1) * spec->size + window->unit_offset);
    case WEIR_WINDOW_HOP: return clamp((weir_i128)index * spec->slide + window->unit_offset + spec->size);
    case WEIR_WINDOW_CUMULATE: return clamp(((weir_i128)index + 1) * spec->slide + window->unit_offset);
    default: return INT64_MAX;
    }
}

int64_t weir_window_safe_from(const struct weir_window *window, int64_t closed) {
    if (closed == INT64_MIN) return INT64_MIN;
    if (closed == INT64_MAX) return INT64_MAX;
    weir_i128 end;
    switch (window->kind) {
    case WEIR_WINDOW_TUMBLE: end = ((weir_i128)closed + 1) * window->size; break;
    case WEIR_WINDOW_HOP: end = (weir_i128)closed * window->slide + window->size; break;
    case WEIR_WINDOW_CUMULATE: end = ((weir_i128)closed + 1) * window->slide; break;
    default: return INT64_MIN;
    }
    return clamp(end + window->offset);
}
