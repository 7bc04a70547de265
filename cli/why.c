/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/say.h"

/* Takes one value off the front of *text, in place; false when a quote is not closed or has something behind it.
 * *text is NULL after the last. */
static bool take_value(char **text, const char **value) {
    char *from = *text, *to = from;
    bool quoted = *from == '"';
    *value = quoted || (*from != ',' && *from != '\0') ? from : NULL;
    if (quoted) {
        for (from++; *from != '"' || from[1] == '"'; from++) {
            if (*from == '\0') return false;
            if (*from == '"') from++;
            *to++ = *from;
        }
        from++;
        if (*from != ',' && *from != '\0') return false;
    } else {
        from += strcspn(from, ",");
        to = from;
    }
    *text = *from == ',' ? from + 1 : NULL;
    *to = '\0';
    return true;
}

static bool read_key(struct weir_cli_why *why, char *text) {
    size_t most = 1;
    for (const char *at = text; *at != '\0'; at++) most += *at == ',';
    why->key = calloc(most, sizeof(*why->key));
    if (why->key == NULL) {
        weir_cli_say("error: memory is short");
        return false;
    }
    while (text != NULL) {
        if (take_value(&text, &why->key[why->key_count++])) continue;
        weir_cli_say(
            "error: --why takes TIME,KEY with KEY as a line of CSV; a quote (\") is not closed, or something "
            "stands behind it");
        return false;
    }
    return true;
}

bool weir_cli_why_init(struct weir_cli_why *why, const struct weir_cli_options *options) {
    *why = (struct weir_cli_why){.wanted = options->why};
    if (options->why_what == NULL) return true;
    why->bytes = strdup(options->why_what);
    if (why->bytes == NULL) {
        weir_cli_say("error: memory is short");
        return false;
    }
    char *comma = strchr(why->bytes, ',');
    if (comma != NULL) *comma = '\0';
    if (why->bytes[0] != '\0') why->time = why->bytes;
    return comma == NULL || read_key(why, comma + 1);
}

void weir_cli_why_fini(struct weir_cli_why *why) {
    free(why->key);
    free(why->bytes);
    memset(why, 0, sizeof(*why));
}

static struct weir_why_request request_of(const struct weir_cli_why *why) {
    return (struct weir_why_request){.struct_size = sizeof(struct weir_why_request),
                                     .time_text = why->time,
                                     .key = why->key,
                                     .key_count = why->key_count};
}

enum weir_status weir_cli_why_check(const struct weir_cli_why *why, struct weir_run *run,
                                    struct weir_error *error) {
    if (!why->wanted) return WEIR_OK;
    struct weir_why_request request = request_of(why);
    enum weir_status status = weir_run_why(run, &request, NULL, NULL, error);
    if (status != WEIR_OK) {
        struct weir_error own = *error;
        snprintf(error->message, sizeof(error->message), "--why: %.1200s", own.message);
    }
    return status;
}

void weir_cli_why_say(const struct weir_cli_why *why, struct weir_run *run) {
    struct weir_why_request request = request_of(why);
    struct weir_error error = {0};
    char *text = NULL;
    if (weir_run_why(run, &request, NULL, &text, &error) != WEIR_OK) {
        weir_cli_say("why: it cannot be said: %s", error.message);
        return;
    }
    const char *before = "why: ";
    for (char *line = text, *next; *line != '\0'; line = next) {
        next = line + strcspn(line, "\n");
        if (*next == '\n') *next++ = '\0';
        weir_cli_say("%s%s", before, line);
        before = "  ";
    }
    free(text);
}
