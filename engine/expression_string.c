/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions of strings, by code points. Results point into their argument where they are a part of it.
 */
#include <string.h>

#include "engine/expression_ops.h"
#include "engine/letter_case.h"
#include "engine/utf8.h"

/* ---- UPPER and LOWER ---- */

static bool is_ascii(struct weir_string string) {
    char any = 0;
    for (int64_t i = 0; i < string.length; i++) any |= string.data[i];
    return (any & 0x80) == 0;
}

static void change_ascii(struct weir_string string, bool upper, char *out) {
    char first = upper ? 'a' : 'A';
    for (int64_t i = 0; i < string.length; i++) {
        char c = string.data[i];
        out[i] = (unsigned char)(c - first) < 26 ? (char)(c ^ 0x20) : c;
    }
}

/* The changed text, in the pool; a length of -1 where LOWER cannot tell. */
static bool change_letters(struct weir_evaluation *ev, struct weir_text_pool *pool, bool upper,
                           struct weir_string string, struct weir_string *out) {
    bool ascii = is_ascii(string);
    char *text = weir_eval_text(ev, pool, (size_t)string.length * (ascii ? 1 : WEIR_LETTER_GROWTH));
    if (text == NULL) return false;
    *out = (struct weir_string){text, string.length};
    if (ascii) {
        change_ascii(string, upper, text);
    } else {
        out->length = upper ? weir_letter_upper(string.data, string.length, text)
                            : weir_letter_lower(string.data, string.length, text);
    }
    return true;
}

static enum weir_status eval_letters(struct weir_evaluation *ev, const struct weir_node *node,
                                     struct weir_vector *out) {
    struct weir_text_pool pool = {0};
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    struct weir_string *strings = weir_eval_values(ev, sizeof(*strings));
    if (strings == NULL) return weir_eval_memory(ev);
    const uint64_t *mask = weir_eval_mask(ev, node);
    bool upper = node->op == WEIR_EXPR_UPPER;
    out->strings = strings;
    out->validity = arg->validity;
    for (int32_t i = 0; i < ev->rows; i++) {
        struct weir_string string = arg->strings[i];
        strings[i] = (struct weir_string){"", 0};
        if (string.length == 0 || !weir_eval_counts(NULL, arg->validity, i)) continue;
        if (!change_letters(ev, &pool, upper, string, &strings[i])) return weir_eval_memory(ev);
        if (WEIR_LIKELY(strings[i].length >= 0)) continue;
        strings[i] = string;
        if (!weir_eval_counts(mask, arg->validity, i)) continue;
        char text[WEIR_EVAL_TEXT_BYTES];
        return weir_eval_error(
            ev, node,
            "LOWER of %s: whether its capital sigma ends a word (and becomes a final one) is not "
            "known in this text: leave such rows out",
            weir_eval_value_text(weir_eval_arg_node(ev, node, 0)->type, arg, i, text));
    }
    return WEIR_OK;
}

/* ---- CONCAT ---- */

static enum weir_status eval_concat(struct weir_evaluation *ev, const struct weir_node *node,
                                    struct weir_vector *out) {
    struct weir_text_pool pool = {0};
    struct weir_string *strings = weir_eval_values(ev, sizeof(*strings));
    if (strings == NULL) return weir_eval_memory(ev);
    enum weir_status status = weir_eval_validity(ev, node, &out->validity);
    if (status != WEIR_OK) return status;
    out->strings = strings;
    for (int32_t i = 0; i < ev->rows; i++) {
        int64_t length = 0;
        strings[i] = (struct weir_string){"", 0};
        if (!weir_eval_counts(NULL, out->validity, i)) continue;
        for (int32_t k = 0; k < node->args_count; k++) {
            if (!weir_add_i64(length, weir_eval_arg(ev, node, k)->strings[i].length, &length)) length = INT64_MAX;
        }
        if (length == 0) continue;
        char *text = weir_eval_text(ev, &pool, (size_t)length);
        if (text == NULL) return weir_eval_memory(ev);
        strings[i] = (struct weir_string){text, length};
        for (int32_t k = 0; k < node->args_count; k++) {
            struct weir_string part = weir_eval_arg(ev, node, k)->strings[i];
            if (part.length > 0) memcpy(text, part.data, (size_t)part.length);
            text += part.length;
        }
    }
    return WEIR_OK;
}

/* ---- CHAR_LENGTH and POSITION ---- */

static enum weir_status eval_char_length(struct weir_evaluation *ev, const struct weir_node *node,
                                         struct weir_vector *out) {
    const struct weir_vector *arg = weir_eval_arg(ev, node, 0);
    int64_t *lengths = weir_eval_values(ev, sizeof(*lengths));
    if (lengths == NULL) return weir_eval_memory(ev);
    for (int32_t i = 0; i < ev->rows; i++) {
        lengths[i] = weir_utf8_count(arg->strings[i].data, arg->strings[i].length);
    }
    out->i64 = lengths;
    out->validity = arg->validity;
    return WEIR_OK;
}

static int64_t position(struct weir_string needle, struct weir_string text) {
    if (needle.length == 0) return 1;
    if (text.length < needle.length) return 0;
    const char *found = memmem(text.data, (size_t)text.length, needle.data, (size_t)needle.length);
    return found == NULL ? 0 : weir_utf8_count(text.data, found - text.data) + 1;
}

static enum weir_status eval_position(struct weir_evaluation *ev, const struct weir_node *node,
                                      struct weir_vector *out) {
    const struct weir_string *needles = weir_eval_arg(ev, node, 0)->strings;
    const struct weir_string *texts = weir_eval_arg(ev, node, 1)->strings;
    int64_t *places = weir_eval_values(ev, sizeof(*places));
    if (places == NULL) return weir_eval_memory(ev);
    for (int32_t i = 0; i < ev->rows; i++) places[i] = position(needles[i], texts[i]);
    out->i64 = places;
    return weir_eval_validity(ev, node, &out->validity);
}

/* ---- SUBSTRING ---- */

/* As Flink: 0 begins like 1; negative counts from the end, and a begin before the text gives ''. count >= 0. */
static struct weir_string substring(struct weir_string string, int64_t from, int64_t count) {
    struct weir_string none = {"", 0};
    int64_t start = from > 0 ? from - 1 : 0;
    if (string.length == 0) return none;
    if (from < 0) {
        start = weir_utf8_count(string.data, string.length) + from;
        if (start < 0) return none;
    }
    int64_t begin = weir_utf8_offset(string.data, string.length, start);
    struct weir_string rest = {string.data + begin, string.length - begin};
    rest.length = weir_utf8_offset(rest.data, rest.length, count);
    return rest.length > 0 ? rest : none;
}

static enum weir_status eval_substring(struct weir_evaluation *ev, const struct weir_node *node,
                                       struct weir_vector *out) {
    const struct weir_string *texts = weir_eval_arg(ev, node, 0)->strings;
    const int64_t *from = weir_eval_arg(ev, node, 1)->i64;
    const int64_t *count = node->args_count > 2 ? weir_eval_arg(ev, node, 2)->i64 : NULL;
    struct weir_string *strings = weir_eval_values(ev, sizeof(*strings));
    if (strings == NULL) return weir_eval_memory(ev);
    bool negative = false;
    for (int32_t i = 0; i < ev->rows; i++) {
        int64_t most = count == NULL ? INT64_MAX : count[i];
        negative |= most < 0;
        strings[i] = substring(texts[i], from[i], most < 0 ? 0 : most);
    }
    out->strings = strings;
    enum weir_status status = weir_eval_validity(ev, node, &out->validity);
    if (status != WEIR_OK || !negative) return status;
    uint64_t *own = weir_eval_own_validity(ev, out); /* a negative count gives NULL */
    if (own == NULL) return weir_eval_memory(ev);
    for (int32_t i = 0; i < ev->rows; i++) {
        if (count[i] < 0) weir_bit_clear(own, (size_t)i);
    }
    return WEIR_OK;
}

/* ---- TRIM ---- */

#define TRIM_LEADING 1
#define TRIM_TRAILING 2

/* `code` (the bytes of one code point) is among those of `set`. */
static bool among(struct weir_string set, const char *code, int64_t bytes) {
    for (int64_t at = 0, next; at < set.length; at = next) {
        next = weir_utf8_next(set.data, set.length, at);
        if (next - at == bytes && memcmp(set.data + at, code, (size_t)bytes) == 0) return true;
    }
    return false;
}

static struct weir_string trim(struct weir_string string, struct weir_string set, int sides) {
    int64_t begin = 0, end = string.length;
    while ((sides & TRIM_LEADING) != 0 && begin < end) {
        int64_t next = weir_utf8_next(string.data, end, begin);
        if (!among(set, string.data + begin, next - begin)) break;
        begin = next;
    }
    while ((sides & TRIM_TRAILING) != 0 && begin < end) {
        int64_t last = weir_utf8_previous(string.data, end);
        if (last < begin || !among(set, string.data + last, end - last)) break;
        end = last;
    }
    return begin < end ? (struct weir_string){string.data + begin, end - begin} : (struct weir_string){"", 0};
}

static enum weir_status eval_trim(struct weir_evaluation *ev, const struct weir_node *node,
                                  struct weir_vector *out) {
    const struct weir_string *texts = weir_eval_arg(ev, node, 0)->strings;
    const struct weir_string *sets = node->args_count > 1 ? weir_eval_arg(ev, node, 1)->strings : NULL;
    struct weir_string *strings = weir_eval_values(ev, sizeof(*strings));
    if (strings == NULL) return weir_eval_memory(ev);
    struct weir_string blank = {" ", 1};
    for (int32_t i = 0; i < ev->rows; i++) {
        strings[i] = trim(texts[i], sets == NULL ? blank : sets[i], (int)node->unit);
    }
    out->strings = strings;
    return weir_eval_validity(ev, node, &out->validity);
}

/* ---- shapes ---- */

static bool strings_fit(const struct weir_compiler *compiler, const struct weir_node *node, int32_t least,
                        int32_t most) {
    bool fits = node->args_count >= least && node->args_count <= most;
    for (int32_t i = 0; fits && i < node->args_count; i++) {
        fits = weir_compile_arg(compiler, node, i)->type.id == WEIR_TYPE_STRING;
    }
    return fits;
}

static bool substring_fits(const struct weir_compiler *compiler, const struct weir_node *node) {
    bool fits = node->args_count == 2 || node->args_count == 3;
    for (int32_t i = 0; fits && i < node->args_count; i++) {
        struct weir_type type = weir_compile_arg(compiler, node, i)->type;
        fits = i == 0 ? type.id == WEIR_TYPE_STRING : weir_type_is_integer(type);
    }
    return fits;
}

bool weir_prepare_string(struct weir_compiler *compiler, struct weir_node *node) {
    bool fits, number = node->op == WEIR_EXPR_CHAR_LENGTH || node->op == WEIR_EXPR_POSITION;
    switch (node->op) {
    case WEIR_EXPR_CONCAT:
        node->eval = eval_concat;
        fits = strings_fit(compiler, node, 1, INT32_MAX);
        break;
    case WEIR_EXPR_UPPER:
    case WEIR_EXPR_LOWER:
        node->eval = eval_letters;
        node->can_fail = node->op == WEIR_EXPR_LOWER;
        fits = strings_fit(compiler, node, 1, 1);
        break;
    case WEIR_EXPR_CHAR_LENGTH:
        node->eval = eval_char_length;
        fits = strings_fit(compiler, node, 1, 1);
        break;
    case WEIR_EXPR_POSITION:
        node->eval = eval_position;
        fits = strings_fit(compiler, node, 2, 2);
        break;
    case WEIR_EXPR_TRIM:
        node->eval = eval_trim;
        fits = strings_fit(compiler, node, 1, 2) && (int)node->unit >= TRIM_LEADING && (int)node->unit <= 3;
        break;
    default:
        node->eval = eval_substring;
        fits = substring_fits(compiler, node);
        break;
    }
    fits = fits && (number ? weir_type_is_integer(node->type) : node->type.id == WEIR_TYPE_STRING);
    return fits || weir_compile_shape(compiler, node);
}
