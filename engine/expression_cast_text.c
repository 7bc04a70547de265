/* SPDX-License-Identifier: Apache-2.0
 *
 * CAST to CHAR(n), VARCHAR(n) and STRING: the text of a value, cut to n code points, CHAR padded with blanks.
 */
#include <string.h>

#include "engine/expression_ops.h"
#include "engine/utf8.h"
#include "engine/value_text.h"

struct weir_string weir_text_of_value(struct weir_type type, const struct weir_vector *vector, int32_t row,
                                      char *buffer) {
    int length = 0;
    switch (type.id) {
    case WEIR_TYPE_BOOLEAN:
        return weir_bit_get(vector->bits, (size_t)row) ? (struct weir_string){"TRUE", 4}
                                                       : (struct weir_string){"FALSE", 5};
    case WEIR_TYPE_FLOAT: length = weir_text_write_float((float)vector->f64[row], buffer); break;
    case WEIR_TYPE_DOUBLE: length = weir_text_write_double(vector->f64[row], buffer); break;
    case WEIR_TYPE_DECIMAL:
        length = weir_decimal_format((struct weir_decimal){vector->i128[row], type.scale}, buffer);
        break;
    case WEIR_TYPE_DATE: length = weir_text_write_date(vector->i64[row], buffer); break;
    case WEIR_TYPE_TIME: length = weir_text_write_time(vector->i64[row], type.precision, buffer); break;
    case WEIR_TYPE_TIMESTAMP:
    case WEIR_TYPE_TIMESTAMP_LTZ:
        length = weir_text_write_timestamp(weir_eval_cut_time(type, vector->i64[row]), weir_type_ticks(type),
                                           type.precision, buffer);
        break;
    default: length = weir_text_write_i64(vector->i64[row], buffer); break;
    }
    return (struct weir_string){buffer, length};
}

/* `string` cut and padded for the type. Bytes of the result lie in the pool, but for a string that is only cut. */
static bool fit(struct weir_evaluation *ev, struct weir_text_pool *pool, struct weir_type type, bool copy,
                struct weir_string string, struct weir_string *out) {
    int64_t pad = 0;
    if (type.length != WEIR_LENGTH_MAX) {
        if (string.length > type.length) string.length = weir_utf8_offset(string.data, string.length, type.length);
        if (type.fixed) pad = type.length - weir_utf8_count(string.data, string.length);
    }
    *out = string;
    if (!copy && pad == 0) return true;
    char *text = weir_eval_text(ev, pool, (size_t)(string.length + pad));
    if (text == NULL) return false;
    if (string.length > 0) memcpy(text, string.data, (size_t)string.length);
    if (pad > 0) memset(text + string.length, ' ', (size_t)pad);
    *out = (struct weir_string){text, string.length + pad};
    return true;
}

static enum weir_status eval_cast_text(struct weir_evaluation *ev, const struct weir_node *node,
                                       struct weir_vector *out) {
    char buffer[WEIR_VALUE_TEXT_BYTES];
    struct weir_text_pool pool = {0};
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    struct weir_type from = weir_eval_arg_node(ev, node, 0)->type;
    struct weir_string *strings = weir_eval_values(ev, sizeof(*strings));
    if (strings == NULL) return weir_eval_memory(ev);
    out->strings = strings;
    out->validity = arg->validity;
    for (int32_t i = 0; i < ev->rows; i++) {
        strings[i] = (struct weir_string){"", 0};
        if (!weir_eval_counts(NULL, arg->validity, i)) continue;
        bool text = from.id == WEIR_TYPE_STRING;
        struct weir_string string = text ? arg->strings[i] : weir_text_of_value(from, arg, i, buffer);
        bool copy = !text && from.id != WEIR_TYPE_BOOLEAN;
        if (!fit(ev, &pool, node->type, copy, string, &strings[i])) return weir_eval_memory(ev);
    }
    return WEIR_OK;
}

bool weir_prepare_cast_text(struct weir_compiler *compiler, struct weir_node *node) {
    struct weir_type from = weir_compile_arg(compiler, node, 0)->type;
    bool interval = from.id == WEIR_TYPE_INTERVAL_MS || from.id == WEIR_TYPE_INTERVAL_MONTH;
    if (interval || from.id == WEIR_TYPE_BYTES) {
        char a[WEIR_TYPE_NAME_BYTES], b[WEIR_TYPE_NAME_BYTES];
        return weir_compile_fail(compiler, node, WEIR_ERR_UNSUPPORTED, "CAST from %s to %s is not done by weir",
                                 weir_type_name(from, false, a, sizeof(a)),
                                 weir_type_name(node->type, false, b, sizeof(b)));
    }
    if (node->type.length < 0) return weir_compile_shape(compiler, node);
    bool keeps = from.id == WEIR_TYPE_STRING && !node->type.fixed && node->type.length >= from.length;
    node->eval = keeps ? weir_eval_pass : eval_cast_text;
    return true;
}
