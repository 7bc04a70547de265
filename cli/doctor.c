/* SPDX-License-Identifier: Apache-2.0
 *
 * weir doctor: what this build and this machine have.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/say.h"
#include "cli/text.h"

#ifdef WEIR_CLI_JEMALLOC
#define ALLOCATOR "jemalloc"
#else
#define ALLOCATOR "the system's"
#endif

static void add(struct weir_cli_text *text, bool json, const char *name, const char *value) {
    if (!json) {
        weir_cli_text_print(text, "%s: %s\n", name, value);
        return;
    }
    weir_cli_text_add(text, text->used == 0 ? "{\n  " : ",\n  ");
    weir_cli_text_json(text, name);
    weir_cli_text_add(text, ": ");
    weir_cli_text_json(text, value);
}

/* The library's report has one `name: value` a line. */
static void add_report(struct weir_cli_text *text, bool json, char *report) {
    char *rest = NULL;
    for (char *line = strtok_r(report, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char *value = strstr(line, ": ");
        if (value == NULL) {
            add(text, json, line, "");
        } else {
            *value = '\0';
            add(text, json, line, value + 2);
        }
    }
}

int weir_cli_doctor(const struct weir_cli_options *options) {
    struct weir_cli_text text = {0};
    char workers[16];
    char *report = weir_machine_report();
    if (report == NULL) {
        weir_cli_say("error: memory is short");
        return WEIR_CLI_FAILED;
    }
    add_report(&text, options->json, report);
    free(report);
    snprintf(workers, sizeof(workers), "%d", (int)weir_cli_workers(options));
    add(&text, options->json, "workers unless --workers is given", workers);
    add(&text, options->json, "allocator", ALLOCATOR);
    if (options->json) weir_cli_text_add(&text, "\n}\n");
    return weir_cli_text_out(&text) ? WEIR_CLI_DONE : WEIR_CLI_FAILED;
}
