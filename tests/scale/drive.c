/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs a script as `weir run` does, with the strategies of its pipelines forced:
 *
 *   scale_drive SCRIPT workers=N batch_rows=N strategy=N slices=N waiting=N memory_max=N simd=LEVEL
 *
 * Numbers are those of the enums in weir.h; what is not given is as weir would choose. Rows of an INSERT go where
 * it says, those of a SELECT nowhere. The counters of each statement go to stdout, a line each, failures to stderr
 * with status 1; wrong usage is 2.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weir/weir.h>

static struct weir_session_options session_options = {.struct_size = sizeof(session_options)};
static struct weir_pipeline_options forced = {.struct_size = sizeof(forced)};

/* The linker sends calls of weir_pipeline_create here (--wrap): a session has no words for strategies. */
enum weir_status __real_weir_pipeline_create(const struct weir_query *query,
                                             const struct weir_pipeline_options *options,
                                             struct weir_pipeline **out, struct weir_error *error);
enum weir_status __wrap_weir_pipeline_create(const struct weir_query *query,
                                             const struct weir_pipeline_options *options,
                                             struct weir_pipeline **out, struct weir_error *error);

static int wrapped;

enum weir_status __wrap_weir_pipeline_create(const struct weir_query *query,
                                             const struct weir_pipeline_options *options,
                                             struct weir_pipeline **out, struct weir_error *error) {
    struct weir_pipeline_options chosen = *options;
    chosen.strategy = forced.strategy;
    chosen.slices = forced.slices;
    chosen.waiting = forced.waiting;
    wrapped++;
    return __real_weir_pipeline_create(query, &chosen, out, error);
}

static int fail(const char *what, const struct weir_error *error) {
    fprintf(stderr, "%s: %" PRId32 ":%" PRId32 ": %s\n", what, error->line, error->column, error->message);
    return 1;
}

static int set_option(const char *word) {
    const char *equals = strchr(word, '=');
    size_t length = equals == NULL ? 0 : (size_t)(equals - word);
    struct weir_error error = {0};
    if (length == 4 && strncmp(word, "simd", length) == 0)
        return weir_simd_limit(equals + 1, &error) == WEIR_OK ? 0 : fail("simd", &error);
    char *end = NULL;
    long long value = equals == NULL ? 0 : strtoll(equals + 1, &end, 10);
    if (end == NULL || end == equals + 1 || *end != '\0' || value < 0) {
        fprintf(stderr, "no NAME=NUMBER: %s\n", word);
        return 2;
    }
    if (length == 7 && strncmp(word, "workers", length) == 0) {
        session_options.workers = (int32_t)value;
    } else if (length == 10 && strncmp(word, "batch_rows", length) == 0) {
        session_options.batch_rows = value;
    } else if (length == 10 && strncmp(word, "memory_max", length) == 0) {
        session_options.memory_max = value;
    } else if (length == 8 && strncmp(word, "strategy", length) == 0) {
        forced.strategy = (enum weir_strategy)value;
    } else if (length == 6 && strncmp(word, "slices", length) == 0) {
        forced.slices = (enum weir_slice_shape)value;
    } else if (length == 7 && strncmp(word, "waiting", length) == 0) {
        forced.waiting = (enum weir_waiting)value;
    } else {
        fprintf(stderr, "unknown option: %s\n", word);
        return 2;
    }
    return 0;
}

static char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    char *text = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        text = size < 0 ? NULL : calloc((size_t)size + 1, 1);
        if (text != NULL && fread(text, 1, (size_t)size, file) != (size_t)size) {
            free(text);
            text = NULL;
        }
    }
    fclose(file);
    return text;
}

static enum weir_status drain(struct weir_run *run, struct weir_error *error) {
    while (true) {
        struct ArrowArray batch = {.release = NULL};
        enum weir_status status = weir_run_next(run, &batch, error);
        if (status == WEIR_END) return WEIR_OK;
        if (status != WEIR_OK) return status;
        batch.release(&batch);
    }
}

static int run_statements(struct weir_session *session) {
    struct weir_error error = {0};
    while (true) {
        struct weir_run *run = NULL;
        enum weir_status status = weir_session_step(session, &run, &error);
        if (status == WEIR_END) return 0;
        if (status != WEIR_OK) return fail("step", &error);
        status = drain(run, &error);
        struct weir_stats stats = {.struct_size = sizeof(stats)};
        if (status == WEIR_OK && weir_run_stats(run, &stats) == WEIR_OK)
            printf("rows_in=%" PRId64 " filtered=%" PRId64 " null_time=%" PRId64 " unassigned=%" PRId64
                   " late=%" PRId64 " aggregated=%" PRId64 "\n",
                   stats.rows_in, stats.filtered, stats.null_time, stats.unassigned, stats.late, stats.aggregated);
        weir_run_destroy(&run);
        if (status != WEIR_OK) return fail("run", &error);
    }
}

int main(int count, char **words) {
    if (count < 2) {
        fprintf(stderr, "usage: scale_drive SCRIPT [NAME=NUMBER ...]\n");
        return 2;
    }
    for (int i = 2; i < count; i++) {
        int status = set_option(words[i]);
        if (status != 0) return status;
    }
    char *script = read_text(words[1]);
    if (script == NULL) {
        fprintf(stderr, "cannot read %s\n", words[1]);
        return 2;
    }
    struct weir_error error = {0};
    struct weir_session *session = NULL;
    enum weir_status status = weir_session_create(&session_options, &session, &error);
    if (status == WEIR_OK) status = weir_session_script(session, script, &error);
    int code = status == WEIR_OK ? run_statements(session) : fail("script", &error);
    weir_session_destroy(&session);
    free(script);
    if (code == 0 && wrapped == 0) {
        fprintf(stderr, "no pipeline was made through the linker's wrap: nothing was forced\n");
        code = 2;
    }
    return code;
}
