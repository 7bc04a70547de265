/* SPDX-License-Identifier: Apache-2.0
 *
 * A query over a Parquet file in tests, with options of the file: its rows as text, its counters, what it explains.
 */
#ifndef WEIR_TESTS_PARQUET_RUNS_H
#define WEIR_TESTS_PARQUET_RUNS_H

#include "tests/connect/parquet_files.h"
#include "weir/weir.h"

/* A watermark, a file, options (each begins with a comma) and a SELECT. */
#define TABLE                                                                                                      \
    "CREATE TABLE t (ts TIMESTAMP(3), n INT, m BIGINT, x DOUBLE, s STRING, k STRING, late TIMESTAMP(3)%s) WITH ("  \
    "'connector' = 'filesystem', 'path' = '" PARQUET_DATA "%s', 'format' = 'parquet'%s);\n%s"

struct outcome {
    enum weir_status status;
    struct weir_error error;
    struct weir_stats stats;
    char explain[8192];
    char rows[1 << 16];
};

static inline void add(struct outcome *out, const char *text, size_t length) {
    size_t used = strlen(out->rows);
    assert_true(used + length + 1 < sizeof(out->rows));
    memcpy(out->rows + used, text, length);
    out->rows[used + length] = '\0';
}

static inline void add_rows(struct outcome *out, const struct ArrowSchema *schema, const struct ArrowArray *batch) {
    for (int64_t row = 0; row < batch->length; row++) {
        for (int64_t c = 0; c < schema->n_children; c++) {
            char text[256];
            size_t length;
            weir_value_format(schema->children[c], batch->children[c], batch->offset + row, text, sizeof(text),
                              &length);
            add(out, text, length);
            add(out, "|", 1);
        }
        add(out, "\n", 1);
    }
}

static inline void take_rows(struct weir_run *run, struct outcome *out) {
    struct ArrowSchema schema;
    struct ArrowArray batch;
    assert_int_equal(weir_run_schema(run, &schema, NULL), WEIR_OK);
    while ((out->status = weir_run_next(run, &batch, &out->error)) == WEIR_OK) {
        add_rows(out, &schema, &batch);
        batch.release(&batch);
    }
    schema.release(&schema);
    out->stats.struct_size = sizeof(out->stats);
    assert_int_equal(weir_run_stats(run, &out->stats), WEIR_OK);
}

struct asked {
    const char *file, *watermark, *select;
    int32_t workers;
    bool fail_on_null_time;
};

static inline void ask(const struct asked *asked, const char *options, struct outcome *out) {
    char script[4096];
    struct weir_session_options session_options = {.struct_size = sizeof(session_options),
                                                   .workers = asked->workers,
                                                   .batch_rows = 7,
                                                   .fail_on_null_time = asked->fail_on_null_time};
    struct weir_session *session;
    struct weir_run *run = NULL;
    memset(out, 0, sizeof(*out));
    snprintf(script, sizeof(script), TABLE, asked->watermark, asked->file, options, asked->select);
    assert_int_equal(weir_session_create(&session_options, &session, NULL), WEIR_OK);
    assert_int_equal(weir_session_script(session, script, NULL), WEIR_OK);
    if (weir_session_step(session, &run, &out->error) != WEIR_OK) fail_msg("%s", out->error.message);
    snprintf(out->explain, sizeof(out->explain), "%s", weir_run_explain(run));
    take_rows(run, out);
    weir_run_destroy(&run);
    weir_session_destroy(&session);
}

#endif
