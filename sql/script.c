/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/script.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"

/* Which kind of text the expander is in: only comments are left alone. */
enum script_state { IN_CODE, IN_STRING, IN_BACKTICK, IN_LINE_COMMENT, IN_BLOCK_COMMENT };

struct expander {
    struct weir_arena *arena;
    struct weir_error *error;
    const struct weir_define *defines;
    size_t defines_count;
    char *text;
    size_t length;
    size_t capacity;
    struct weir_script_piece *pieces;
    size_t pieces_count;
    size_t pieces_capacity;
};

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the text of the script");
}

static enum weir_status append(struct expander *x, const char *bytes, size_t count) {
    if (count > WEIR_SCRIPT_BYTES_MAX - x->length)
        return weir_error_set(x->error, WEIR_ERR_UNSUPPORTED, "the script is longer than %zu bytes",
                              WEIR_SCRIPT_BYTES_MAX);
    if (x->length + count + 1 > x->capacity) {
        size_t capacity = (x->length + count + 1) * 2;
        char *grown = realloc(x->text, capacity);
        if (grown == NULL) return out_of_memory(x->error);
        x->text = grown;
        x->capacity = capacity;
    }
    memcpy(x->text + x->length, bytes, count);
    x->length += count;
    x->text[x->length] = '\0';
    return WEIR_OK;
}

static enum weir_status begin_piece(struct expander *x, struct weir_place at, bool value) {
    if (x->pieces_count == x->pieces_capacity) {
        size_t capacity = x->pieces_capacity == 0 ? 16 : x->pieces_capacity * 2;
        struct weir_script_piece *grown = realloc(x->pieces, capacity * sizeof(*grown));
        if (grown == NULL) return out_of_memory(x->error);
        x->pieces = grown;
        x->pieces_capacity = capacity;
    }
    x->pieces[x->pieces_count++] = (struct weir_script_piece){x->length, at, value};
    return WEIR_OK;
}

/* Bytes of the well-formed UTF-8 sequence at `text`, or 0. Reads no byte past a zero. */
static size_t utf8_bytes(const unsigned char *text) {
    if (text[0] < 0x80) return 1;
    size_t more = text[0] >= 0xF0 ? 3 : text[0] >= 0xE0 ? 2 : 1;
    if (text[0] < 0xC2 || text[0] > 0xF4) return 0;
    for (size_t i = 1; i <= more; i++) {
        if ((text[i] & 0xC0) != 0x80) return 0;
    }
    if (text[0] == 0xE0 && text[1] < 0xA0) return 0;
    if (text[0] == 0xED && text[1] > 0x9F) return 0;
    if (text[0] == 0xF0 && text[1] < 0x90) return 0;
    if (text[0] == 0xF4 && text[1] > 0x8F) return 0;
    return more + 1;
}

static bool is_utf8(const char *text) {
    for (size_t bytes; *text != '\0'; text += bytes) {
        bytes = utf8_bytes((const unsigned char *)text);
        if (bytes == 0) return false;
    }
    return true;
}

/* The state after the character at `at`; *bytes is 2 where two characters belong together. */
static enum script_state next_state(enum script_state state, const char *at, size_t *bytes) {
    *bytes = 1;
    switch (state) {
    case IN_CODE:
        if (at[0] == '\'') return IN_STRING;
        if (at[0] == '`') return IN_BACKTICK;
        if (at[0] == '-' && at[1] == '-') return IN_LINE_COMMENT;
        if (at[0] == '/' && at[1] == '*' && at[2] != '+') { /* a hint is code */
            *bytes = 2;
            return IN_BLOCK_COMMENT;
        }
        return IN_CODE;
    case IN_STRING: return at[0] == '\'' ? IN_CODE : IN_STRING;
    case IN_BACKTICK: return at[0] == '`' ? IN_CODE : IN_BACKTICK;
    case IN_LINE_COMMENT: return at[0] == '\n' ? IN_CODE : IN_LINE_COMMENT;
    case IN_BLOCK_COMMENT:
        if (at[0] != '*' || at[1] != '/') return IN_BLOCK_COMMENT;
        *bytes = 2;
        return IN_CODE;
    }
    return state;
}

static enum weir_status unknown_name(struct expander *x, struct weir_place at, const char *name) {
    const char **names = weir_arena_array(x->arena, x->defines_count + 1, sizeof(*names));
    if (names == NULL) return out_of_memory(x->error);
    for (size_t i = 0; i < x->defines_count; i++) names[i] = x->defines[i].name;
    const char *near = weir_nearest_name(name, names, x->defines_count);
    return weir_error_set_at(
        x->error, WEIR_ERR_SQL, at.line, at.column, "${%s} has no value%s%s%s; define it first", name,
        near == NULL ? "" : "; did you mean ${", near == NULL ? "" : near, near == NULL ? "" : "}");
}

/* Handles the ${name} at *cursor and moves both past it. */
static enum weir_status expand_one(struct expander *x, const char **cursor, struct weir_place *at) {
    const char *begin = *cursor + 2;
    const char *end = begin;
    while (*end != '\0' && *end != '}' && *end != '\n') end++;
    if (*end != '}' || end == begin)
        return weir_error_set_at(x->error, WEIR_ERR_SQL, at->line, at->column,
                                 "${ begins a placeholder, which needs a name and a closing }");
    char *name = weir_arena_string(x->arena, begin, (size_t)(end - begin));
    if (name == NULL) return out_of_memory(x->error);
    const char *value = NULL;
    for (size_t i = 0; i < x->defines_count; i++) {
        if (strcmp(x->defines[i].name, name) == 0) value = x->defines[i].value;
    }
    if (value == NULL) return unknown_name(x, *at, name);
    if (!is_utf8(value))
        return weir_error_set_at(x->error, WEIR_ERR_SQL, at->line, at->column, "the value of ${%s} is no UTF-8",
                                 name);
    enum weir_status status = begin_piece(x, *at, true);
    if (status == WEIR_OK) status = append(x, value, strlen(value));
    for (const char *c = *cursor; c <= end; c++) at->column += ((unsigned char)*c & 0xC0) != 0x80;
    *cursor = end + 1;
    if (status == WEIR_OK) status = begin_piece(x, *at, false);
    return status;
}

static enum weir_status expand_all(struct expander *x, const char *cursor) {
    struct weir_place at = {1, 1};
    enum script_state state = IN_CODE;
    enum weir_status status = begin_piece(x, at, false);
    if (status == WEIR_OK) status = append(x, "", 0);
    while (status == WEIR_OK && *cursor != '\0') {
        bool comment = state == IN_LINE_COMMENT || state == IN_BLOCK_COMMENT;
        if (!comment && cursor[0] == '$' && cursor[1] == '{') {
            status = expand_one(x, &cursor, &at);
            continue;
        }
        size_t bytes = utf8_bytes((const unsigned char *)cursor);
        if (bytes == 0)
            return weir_error_set_at(x->error, WEIR_ERR_SQL, at.line, at.column,
                                     "byte 0x%02X is no UTF-8; save the script as UTF-8", (unsigned char)*cursor);
        if (bytes == 1) state = next_state(state, cursor, &bytes);
        status = append(x, cursor, bytes);
        bool line_end = *cursor == '\n';
        at.line += line_end;
        at.column = line_end ? 1 : at.column + ((unsigned char)*cursor < 0x80 ? (int32_t)bytes : 1);
        cursor += bytes;
    }
    return status;
}

enum weir_status weir_script_expand(struct weir_arena *arena, const char *sql, const struct weir_define *defines,
                                    size_t defines_count, struct weir_script *out, struct weir_error *error) {
    struct expander x = {.arena = arena, .error = error, .defines = defines, .defines_count = defines_count};
    if (strncmp(sql, "\xEF\xBB\xBF", 3) == 0) sql += 3;
    enum weir_status status = expand_all(&x, sql);
    if (status == WEIR_OK) {
        struct weir_script_piece *pieces = weir_arena_array(arena, x.pieces_count, sizeof(*pieces));
        out->text = weir_arena_string(arena, x.text, x.length);
        out->length = x.length;
        out->pieces = pieces;
        out->pieces_count = x.pieces_count;
        if (pieces == NULL || out->text == NULL) {
            status = out_of_memory(error);
        } else {
            memcpy(pieces, x.pieces, x.pieces_count * sizeof(*pieces));
        }
    }
    free(x.text);
    free(x.pieces);
    return status;
}

void weir_script_walk_init(struct weir_script_walk *walk, const struct weir_script *script) {
    *walk = (struct weir_script_walk){.script = script, .at = {1, 1}};
}

struct weir_place weir_script_walk_to(struct weir_script_walk *walk, size_t offset) {
    const struct weir_script *script = walk->script;
    while (true) {
        while (walk->piece + 1 < script->pieces_count && script->pieces[walk->piece + 1].start <= walk->offset)
            walk->at = script->pieces[++walk->piece].at;
        if (walk->offset >= offset) return walk->at;
        unsigned char c = (unsigned char)script->text[walk->offset++];
        if (script->pieces[walk->piece].value) continue;
        if (c == '\n') {
            walk->at.line++;
            walk->at.column = 1;
        } else if ((script->text[walk->offset] & 0xC0) != 0x80) {
            walk->at.column++;
        }
    }
}
