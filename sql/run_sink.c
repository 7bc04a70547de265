/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/run_sink.h"

#include "base/error.h"
#include "base/monotonic.h"

/* Between two flushes while rows come without a pause. */
#define FLUSH_MS 10

/* Notes a failure and says whose it is. */
static enum weir_status check(struct weir_run_sink *sink, enum weir_status status, struct weir_error *error) {
    if (status == WEIR_OK) return WEIR_OK;
    sink->failed = true;
    weir_error_prefix(error, "table '%.120s'", sink->name);
    return status;
}

/* NULLs in columns that the table declares NOT NULL are an error, as in Flink. */
static enum weir_status check_not_null(const struct weir_run_sink *sink, const struct ArrowArray *batch,
                                       struct weir_error *error) {
    if (sink->table == NULL) return WEIR_OK;
    for (int32_t i = 0; i < sink->table->columns_count && sink->first + i < batch->n_children; i++) {
        const struct ArrowArray *column = batch->children[sink->first + i];
        const uint8_t *validity = column->n_buffers > 0 ? column->buffers[0] : NULL;
        if (sink->table->columns[i]->type.nullable || column->null_count == 0 || validity == NULL) continue;
        for (int64_t row = batch->offset; row < batch->offset + batch->length; row++) {
            int64_t bit = row + column->offset;
            if ((validity[bit >> 3] >> (bit & 7)) & 1) continue;
            return weir_error_set(
                error, WEIR_ERR_VALUE,
                "the column '%s' of the table '%s' is NOT NULL, and the query gives it a NULL; declare it "
                "nullable or use COALESCE",
                sink->table->columns[i]->name, sink->name);
        }
    }
    return WEIR_OK;
}

enum weir_status weir_run_sink_write(struct weir_run_sink *sink, const struct ArrowArray *batch,
                                     struct weir_error *error) {
    enum weir_status status = check_not_null(sink, batch, error);
    if (status != WEIR_OK) return status;
    sink->unflushed = true;
    return check(sink, sink->sink.write(sink->sink.state, batch, error), error);
}

enum weir_status weir_run_sink_flush(struct weir_run_sink *sink, bool idle, struct weir_error *error) {
    if (!sink->is_open || !sink->unflushed || sink->failed || sink->sink.flush == NULL) return WEIR_OK;
    int64_t now = weir_monotonic_ms();
    if (!idle && now < sink->flush_due) return WEIR_OK;
    sink->unflushed = false;
    sink->flush_due = now + FLUSH_MS;
    return check(sink, sink->sink.flush(sink->sink.state, error), error);
}

enum weir_status weir_run_sink_finish(struct weir_run_sink *sink, struct weir_error *error) {
    if (!sink->is_open || sink->failed) return WEIR_OK;
    return check(sink, sink->sink.finish(sink->sink.state, error), error);
}

void weir_run_sink_close(struct weir_run_sink *sink) {
    if (sink->is_open) sink->sink.close(sink->sink.state);
    sink->is_open = false;
}
