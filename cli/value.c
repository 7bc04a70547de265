/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/value.h"

#include <stdlib.h>

#define SHORT_BYTES 256 /* most cells; a longer one costs a second call */

enum weir_status weir_cli_value_add(const struct ArrowSchema *type, const struct ArrowArray *column, int64_t row,
                                    struct weir_cli_text *out) {
    char brief[SHORT_BYTES];
    size_t length = 0;
    enum weir_status status = weir_value_format(type, column, row, brief, sizeof(brief), &length);
    if (status != WEIR_OK) return status;
    if (length <= sizeof(brief)) {
        weir_cli_text_append(out, brief, length);
        return out->failed ? WEIR_ERR_MEMORY : WEIR_OK;
    }
    char *whole = malloc(length);
    if (whole == NULL) return WEIR_ERR_MEMORY;
    status = weir_value_format(type, column, row, whole, length, &length);
    if (status == WEIR_OK) weir_cli_text_append(out, whole, length);
    free(whole);
    return status == WEIR_OK && out->failed ? WEIR_ERR_MEMORY : status;
}

char *weir_cli_value_text(const struct ArrowSchema *type, const struct ArrowArray *column) {
    struct weir_cli_text text = {0};
    if (weir_cli_value_add(type, column, 0, &text) == WEIR_OK) return text.data;
    weir_cli_text_fini(&text);
    return NULL;
}
