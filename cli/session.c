/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/session.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"
#include "cli/text.h"

#define SCRIPT_BYTES_MAX ((size_t)64 << 20)
/* How long results of a live input may lie in a buffer. */
#define WAIT_MS 10

/* The script was all of standard input; a table that reads it, too, is to fail and not to be empty. */
static void spend_standard_input(void) {
    int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (fd < 0) return;
    (void)dup2(fd, STDIN_FILENO);
    close(fd);
}

bool weir_cli_script_read(const char *path, struct weir_cli_script *out) {
    size_t count = 0;
    out->name = strcmp(path, "-") == 0 ? "standard input" : path;
    out->text = NULL;
    if (!weir_cli_read_file(path, SCRIPT_BYTES_MAX, &out->text, &count)) {
        weir_cli_say("error: cannot read the script '%s': %s", out->name, strerror(errno));
        return false;
    }
    if (strcmp(path, "-") == 0) spend_standard_input();
    if (out->text == NULL) out->text = strdup("");
    if (out->text == NULL) {
        weir_cli_say("error: memory is short");
        return false;
    }
    if (memchr(out->text, '\0', count) != NULL) {
        weir_cli_say("error: '%s' holds zero bytes: it is no SQL script", out->name);
        weir_cli_script_fini(out);
        return false;
    }
    return true;
}

bool weir_cli_script_copy(const char *name, const char *text, struct weir_cli_script *out) {
    out->name = name;
    out->text = strdup(text);
    if (out->text == NULL) weir_cli_say("error: memory is short");
    return out->text != NULL;
}

void weir_cli_script_fini(struct weir_cli_script *script) {
    free(script->text);
    script->text = NULL;
}

bool weir_cli_simd_limit(const struct weir_cli_options *options) {
    struct weir_error error = {0};
    if (options->simd == NULL || weir_simd_limit(options->simd, &error) == WEIR_OK) return true;
    weir_cli_say_error(&error, NULL, NULL);
    return false;
}

static enum weir_status define_all(struct weir_session *session, const struct weir_cli_pairs *defines,
                                   struct weir_error *error) {
    enum weir_status status = WEIR_OK;
    for (size_t i = 0; status == WEIR_OK && i < defines->count; i++)
        status = weir_session_define(session, defines->items[i].name, defines->items[i].value, error);
    return status;
}

struct weir_session *weir_cli_session_open(const struct weir_cli_options *options,
                                           const struct weir_cli_script *script) {
    struct weir_error error = {0};
    struct weir_session *session = NULL;
    if (!weir_cli_simd_limit(options)) return NULL;
    int32_t workers = weir_cli_workers(options);
    struct weir_session_options wanted = {
        .struct_size = sizeof(wanted),
        .workers = workers,
        .pin_workers = workers > 0 && workers <= weir_cli_cpus(),
        .batch_rows = options->batch_rows,
        .memory_max = options->memory_max,
        .plain_io = options->plain_io,
        .fail_on_null_time = options->fail_on_null_time,
        .log = weir_cli_say_log,
        .wait_ms = WAIT_MS,
    };
    enum weir_status status = weir_session_create(&wanted, &session, &error);
    if (status == WEIR_OK) status = define_all(session, &options->defines, &error);
    if (status == WEIR_OK) status = weir_session_script(session, script->text, &error);
    if (status == WEIR_OK) return session;
    weir_cli_say_error(&error, script->name, script->text);
    weir_session_destroy(&session);
    return NULL;
}
