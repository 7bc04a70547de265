/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/say.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/text.h"

/* One write a line, so that lines of several threads do not mix. A standard error that cannot be written is no
 * reason to stop: there is nobody left to tell. */
static void say_text(struct weir_cli_text *text) {
    weir_cli_progress_wipe();
    if (!text->failed) weir_cli_write(STDERR_FILENO, text->data, text->used);
    weir_cli_text_fini(text);
}

void weir_cli_say(const char *format, ...) {
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    struct weir_cli_text text = {0};
    weir_cli_text_print(&text, "weir: %s\n", line);
    say_text(&text);
}

/* Start and length of line `number` (from 1), or NULL when the script has fewer. */
static const char *find_line(const char *script, int32_t number, size_t *length) {
    for (int32_t i = 1; i < number; i++) {
        script = strchr(script, '\n');
        if (script == NULL) return NULL;
        script++;
    }
    *length = strcspn(script, "\r\n");
    return script;
}

/* The line of the script and a mark below the column; a long line is shown around the column only. */
static void print_excerpt(struct weir_cli_text *text, const char *script, int32_t number, int32_t column) {
    size_t length = 0;
    const char *line = find_line(script, number, &length);
    if (line == NULL || column < 1 || (size_t)column > length + 1) return;
    size_t at = (size_t)column - 1;
    size_t skip = at > 60 ? at - 60 : 0;
    size_t shown = length - skip > 100 ? 100 : length - skip;
    weir_cli_text_print(text, "  %.*s\n  ", (int)shown, line + skip);
    for (size_t i = skip; i < at; i++) {
        if (((unsigned char)line[i] & 0xC0) == 0x80) continue;
        weir_cli_text_append(text, line[i] == '\t' ? "\t" : " ", 1);
    }
    weir_cli_text_add(text, "^\n");
}

void weir_cli_say_error(const struct weir_error *error, const char *name, const char *script) {
    bool in_script = error->code == WEIR_ERR_SQL || error->code == WEIR_ERR_UNSUPPORTED;
    struct weir_cli_text text = {0};
    weir_cli_text_add(&text, "weir: error: ");
    if (error->line > 0 && in_script) {
        if (name != NULL) weir_cli_text_print(&text, "%s, ", name);
        weir_cli_text_print(&text, "line %d", (int)error->line);
        if (error->column > 0) weir_cli_text_print(&text, ", column %d", (int)error->column);
        weir_cli_text_add(&text, ": ");
    }
    weir_cli_text_add(&text, error->message[0] == '\0' ? weir_status_name(error->code) : error->message);
    weir_cli_text_add(&text, "\n");
    if (error->line > 0 && in_script && script != NULL) print_excerpt(&text, script, error->line, error->column);
    say_text(&text);
}

void weir_cli_say_log(void *user, const char *text) {
    (void)user;
    weir_cli_say("note: %s", text);
}

bool weir_cli_has_colour(int fd) {
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    if (no_colour != NULL && no_colour[0] != '\0') return false;
    if (term == NULL || strcmp(term, "dumb") == 0) return false;
    return isatty(fd) == 1;
}

char *weir_cli_count_text(int64_t count, char *buffer) {
    char digits[WEIR_CLI_COUNT_BYTES];
    int length = snprintf(digits, sizeof(digits), "%lld", (long long)count);
    size_t used = 0;
    for (int i = 0; i < length; i++) {
        bool group = (length - i) % 3 == 0;
        if (i > 0 && group && digits[i - 1] != '-') buffer[used++] = ' ';
        buffer[used++] = digits[i];
    }
    buffer[used] = '\0';
    return buffer;
}

char *weir_cli_bytes_text(double bytes, char *buffer) {
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB"};
    size_t unit = 0;
    while (bytes >= 1000.0 && unit + 1 < sizeof(units) / sizeof(units[0])) {
        bytes /= 1000.0;
        unit++;
    }
    snprintf(buffer, WEIR_CLI_COUNT_BYTES, unit == 0 || bytes >= 100.0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
    return buffer;
}

char *weir_cli_time_text(int64_t ms, char *buffer) {
    time_t seconds = (time_t)(ms / 1000 - (ms % 1000 < 0));
    struct tm parts;
    if (ms == INT64_MIN)
        snprintf(buffer, WEIR_CLI_TIME_BYTES, "none");
    else if (ms == INT64_MAX)
        snprintf(buffer, WEIR_CLI_TIME_BYTES, "end");
    else if (gmtime_r(&seconds, &parts) == NULL)
        snprintf(buffer, WEIR_CLI_TIME_BYTES, "%lld ms", (long long)ms);
    else
        strftime(buffer, WEIR_CLI_TIME_BYTES, "%Y-%m-%d %H:%M:%S", &parts);
    return buffer;
}
