/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/bits.h"
#include "base/checked.h"
#include "base/error.h"

static const char magic[6] = {'A', 'R', 'R', 'O', 'W', '1'};
static const char feather_magic[4] = {'F', 'E', 'A', '1'};

#define CONTINUATION UINT32_C(0xFFFFFFFF)
#define FOOTER_TAIL 10 /* length of the footer and the magic */
#define FIRST_READ 4096
#define EXPECTED_BLOCKS 32
#define PLAUSIBLE_METADATA (1 << 28)

bool weir_arrow_scan_recognise(const char *head, size_t bytes) {
    uint32_t words[4];
    if (bytes >= sizeof(magic) && memcmp(head, magic, sizeof(magic)) == 0) return true;
    if (bytes >= sizeof(feather_magic) && memcmp(head, feather_magic, sizeof(feather_magic)) == 0) return true;
    if (bytes < sizeof(words)) return false;
    memcpy(words, head, sizeof(words));
    size_t at = words[0] == CONTINUATION;
    return words[at] >= 16 && words[at] < PLAUSIBLE_METADATA && words[at] % 4 == 0 && words[at + 1] >= 4 &&
           words[at + 1] < words[at];
}

/* Puts the place before a message. */
static enum weir_status at_byte(const struct weir_arrow_scan *scan, int64_t offset, enum weir_status status,
                                struct weir_error *error) {
    weir_error_prefix(error, "'%s', message at byte %lld", scan->path, (long long)offset);
    return status;
}

static enum weir_status truncated(const struct weir_arrow_scan *scan, int64_t offset, int64_t needed,
                                  struct weir_error *error) {
    return weir_error_set(
        error, WEIR_ERR_FORMAT,
        "'%s' is truncated: the message at byte %lld goes on to byte %lld, but the data ends at byte "
        "%lld",
        scan->path, (long long)offset, (long long)needed, (long long)scan->data_end);
}

/* Makes scan->metadata at least `bytes`, which are no more than the file has. */
static enum weir_status reserve(struct weir_arrow_scan *scan, size_t bytes, struct weir_error *error) {
    if (bytes <= scan->metadata_capacity) return WEIR_OK;
    size_t capacity = (size_t)weir_round_up_pow2(bytes);
    uint8_t *metadata = realloc(scan->metadata, capacity);
    if (metadata == NULL) {
        return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for %zu bytes of metadata of '%s'", bytes,
                              scan->path);
    }
    scan->metadata = metadata;
    scan->metadata_capacity = capacity;
    return WEIR_OK;
}

/* Reads [offset, offset + bytes) into scan->metadata + at, of which `have` are there already. */
static enum weir_status fetch(struct weir_arrow_scan *scan, int64_t offset, size_t have, size_t bytes,
                              struct weir_error *error) {
    if (bytes <= have) return WEIR_OK;
    enum weir_status status = reserve(scan, bytes, error);
    if (status != WEIR_OK) return status;
    return weir_file_read_exact(scan->file, offset + (int64_t)have, scan->metadata + have, bytes - have, error);
}

/* ---- one message
 * ------------------------------------------------------------------------------------------------- */

/* Length of the prefix at the front of scan->metadata (of which `have` bytes are there), and of the metadata after
 * it. */
static enum weir_status read_prefix(const struct weir_arrow_scan *scan, int64_t offset, size_t have, size_t *prefix,
                                    int64_t *length, struct weir_error *error) {
    uint32_t words[2] = {0};
    if (have < 4) return truncated(scan, offset, offset + 4, error);
    memcpy(words, scan->metadata, have < 8 ? 4 : 8);
    *prefix = words[0] == CONTINUATION ? 8 : 4;
    if (have < *prefix) return truncated(scan, offset, offset + 8, error);
    *length = (int32_t)(*prefix == 8 ? words[1] : words[0]);
    if (*length < 0) {
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "'%s', message at byte %lld: its metadata has a length of %lld", scan->path,
                              (long long)offset, (long long)*length);
    }
    return WEIR_OK;
}

/* Reads the message at `offset`, guessing that prefix and metadata have `guess` bytes. WEIR_END at an end marker;
 * out->body is then the byte behind it. */
static enum weir_status read_message(struct weir_arrow_scan *scan, int64_t offset, size_t guess,
                                     struct weir_arrow_found *out, struct weir_error *error) {
    int64_t rest = scan->data_end - offset, length = 0;
    size_t have = (int64_t)guess > rest ? (size_t)rest : guess, prefix = 0;
    enum weir_status status = fetch(scan, offset, 0, have, error);
    if (status == WEIR_OK) status = read_prefix(scan, offset, have, &prefix, &length, error);
    if (status != WEIR_OK) return status;
    out->offset = offset;
    out->body = offset + (int64_t)prefix + length;
    if (length == 0) return WEIR_END;
    if (out->body > scan->data_end) return truncated(scan, offset, out->body, error);
    status = fetch(scan, offset, have, prefix + (size_t)length, error);
    if (status != WEIR_OK) return status;
    scan->flat = (struct weir_flat){.data = scan->metadata + prefix, .size = (size_t)length};
    status = weir_arrow_message_read(&scan->flat, &out->message, error);
    if (status != WEIR_OK) return at_byte(scan, offset, status, error);
    if (out->message.body_bytes > scan->data_end - out->body) {
        int64_t end = weir_add_saturate_i64(out->body, out->message.body_bytes);
        return truncated(scan, offset, end, error);
    }
    return WEIR_OK;
}

/* ---- the file format
 * --------------------------------------------------------------------------------------------- */

static enum weir_status add_blocks(struct weir_arrow_scan *scan, const struct weir_flat_vector *vector,
                                   struct weir_error *error) {
    for (uint32_t i = 0; i < vector->count; i++) {
        int64_t offset = weir_flat_int_at(vector, i, 0, 8);
        int64_t metadata = weir_flat_int_at(vector, i, 8, 4);
        if (offset < 8 || offset > scan->data_end || metadata < 8 || metadata > scan->data_end - offset) {
            return weir_error_set(
                error, WEIR_ERR_FORMAT,
                "the footer names a message at byte %lld with %lld bytes of metadata, where the data "
                "ends at byte %lld",
                (long long)offset, (long long)metadata, (long long)scan->data_end);
        }
        scan->blocks[scan->blocks_count++] = (struct weir_arrow_block){offset, metadata};
    }
    return WEIR_OK;
}

static enum weir_status read_footer_table(struct weir_arrow_scan *scan, struct weir_error *error) {
    struct weir_flat_table footer = weir_flat_root(&scan->flat);
    struct weir_flat_table schema = weir_flat_child(&footer, 1);
    struct weir_flat_vector dictionaries = weir_flat_elements(&footer, 2, 24);
    struct weir_flat_vector batches = weir_flat_elements(&footer, 3, 24);
    int64_t version = weir_flat_int(&footer, 0, 2, 0);
    if (scan->flat.bad) return weir_error_set(error, WEIR_ERR_FORMAT, "the footer is damaged");
    enum weir_status status = weir_arrow_version_check(version, error);
    if (status == WEIR_OK) status = weir_arrow_schema_read(&schema, &scan->schema, error);
    if (status != WEIR_OK) return status;
    scan->dictionaries = dictionaries.count;
    scan->blocks = calloc((size_t)dictionaries.count + batches.count + 1, sizeof(*scan->blocks));
    if (scan->blocks == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for the footer");
    status = add_blocks(scan, &dictionaries, error);
    return status != WEIR_OK ? status : add_blocks(scan, &batches, error);
}

static enum weir_status open_file_format(struct weir_arrow_scan *scan, struct weir_error *error) {
    uint8_t tail[FOOTER_TAIL] = {0};
    int32_t length = 0;
    if (scan->size >= 8 + FOOTER_TAIL) {
        enum weir_status status =
            weir_file_read_exact(scan->file, scan->size - FOOTER_TAIL, tail, sizeof(tail), error);
        if (status != WEIR_OK) return status;
        memcpy(&length, tail, 4);
    }
    if (memcmp(tail + 4, magic, sizeof(magic)) != 0) {
        return weir_error_set(
            error, WEIR_ERR_FORMAT,
            "'%s' is truncated: it begins as an Arrow IPC file, but ends at byte %lld without the "
            "closing 'ARROW1'",
            scan->path, (long long)scan->size);
    }
    scan->data_end = scan->size - FOOTER_TAIL - length;
    if (length <= 0 || scan->data_end < 8) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "'%s', byte %lld: the footer has a length of %d", scan->path,
                              (long long)scan->size - FOOTER_TAIL, length);
    }
    enum weir_status status = fetch(scan, scan->data_end, 0, (size_t)length, error);
    if (status != WEIR_OK) return status;
    scan->flat = (struct weir_flat){.data = scan->metadata, .size = (size_t)length};
    status = read_footer_table(scan, error);
    if (status != WEIR_OK) {
        weir_error_prefix(error, "'%s', footer at byte %lld", scan->path, (long long)scan->data_end);
    }
    return status;
}

/* Metadata lies between bodies that are read in large pieces. Waiting for each behind those would leave the disk
 * with nothing to do in between. */
static void expect_blocks(struct weir_arrow_scan *scan) {
    if (scan->expected_block < scan->next_block) scan->expected_block = scan->next_block;
    while (scan->expected_block < scan->blocks_count && scan->expected_block < scan->next_block + EXPECTED_BLOCKS) {
        const struct weir_arrow_block *block = &scan->blocks[scan->expected_block++];
        weir_file_expect(scan->file, block->offset, block->metadata_bytes);
    }
}

static enum weir_status next_in_file(struct weir_arrow_scan *scan, struct weir_arrow_found *out,
                                     struct weir_error *error) {
    if (scan->next_block == scan->blocks_count) return WEIR_END;
    if (scan->cold) expect_blocks(scan);
    bool dictionary = scan->next_block < scan->dictionaries;
    const struct weir_arrow_block *block = &scan->blocks[scan->next_block++];
    enum weir_status status = read_message(scan, block->offset, (size_t)block->metadata_bytes, out, error);
    if (status == WEIR_OK &&
        out->message.kind == (dictionary ? WEIR_ARROW_MESSAGE_DICTIONARY : WEIR_ARROW_MESSAGE_BATCH)) {
        return WEIR_OK;
    }
    if (status != WEIR_OK && status != WEIR_END) return status;
    weir_error_set(error, WEIR_ERR_FORMAT, "it is not the %s that the footer names",
                   dictionary ? "dictionary" : "record batch");
    return at_byte(scan, block->offset, WEIR_ERR_FORMAT, error);
}

/* ---- the stream format
 * ------------------------------------------------------------------------------------------- */

static enum weir_status next_in_stream(struct weir_arrow_scan *scan, struct weir_arrow_found *out,
                                       struct weir_error *error) {
    if (scan->ended || scan->position == scan->data_end) return WEIR_END;
    size_t guess = scan->flat.size + 16;
    enum weir_status status =
        read_message(scan, scan->position, guess < FIRST_READ ? FIRST_READ : guess, out, error);
    if (status == WEIR_END) {
        scan->ended = true;
        if (out->body == scan->data_end) return WEIR_END;
        return weir_error_set(
            error, WEIR_ERR_FORMAT,
            "'%s': %lld bytes follow the end of the stream at byte %lld; several streams in one file "
            "are not read: split them",
            scan->path, (long long)(scan->data_end - out->body), (long long)out->body);
    }
    if (status != WEIR_OK) return status;
    scan->position = out->body + out->message.body_bytes;
    if (scan->cold) weir_file_expect(scan->file, scan->position, FIRST_READ);
    return WEIR_OK;
}

static enum weir_status open_stream_format(struct weir_arrow_scan *scan, const char *head, size_t head_bytes,
                                           struct weir_error *error) {
    struct weir_arrow_found found = {0};
    scan->data_end = scan->size;
    bool plausible = weir_arrow_scan_recognise(head, head_bytes);
    enum weir_status status = plausible ? next_in_stream(scan, &found, error) : WEIR_END;
    if (status == WEIR_END || (status == WEIR_OK && found.message.kind != WEIR_ARROW_MESSAGE_SCHEMA)) {
        return weir_error_set(
            error, WEIR_ERR_FORMAT,
            "'%s' is no Arrow IPC file, or was cut at byte %lld: it begins neither with 'ARROW1' nor with a "
            "schema message",
            scan->path, (long long)scan->size);
    }
    if (status != WEIR_OK) return status;
    status = weir_arrow_schema_read(&found.message.header, &scan->schema, error);
    return status == WEIR_OK ? WEIR_OK : at_byte(scan, 0, status, error);
}

/* ---- both
 * -------------------------------------------------------------------------------------------------------- */

enum weir_status weir_arrow_scan_open(struct weir_arrow_scan *scan, const char *path, struct weir_error *error) {
    enum weir_status status = weir_file_open(path, &scan->file, error);
    if (status != WEIR_OK) return status;
    scan->path = weir_file_path(scan->file);
    scan->size = weir_file_size(scan->file);
    char head[16] = {0};
    size_t bytes = scan->size < (int64_t)sizeof(head) ? (size_t)scan->size : sizeof(head);
    status = weir_file_read_exact(scan->file, 0, head, bytes, error);
    if (status != WEIR_OK) return status;
    if (memcmp(head, feather_magic, sizeof(feather_magic)) == 0) {
        return weir_error_set(
            error, WEIR_ERR_UNSUPPORTED,
            "'%s' is a Feather file of version 1, which is not read: write it as version 2 (Arrow IPC)", path);
    }
    scan->is_file = memcmp(head, magic, sizeof(magic)) == 0;
    return scan->is_file ? open_file_format(scan, error) : open_stream_format(scan, head, bytes, error);
}

enum weir_status weir_arrow_scan_next(struct weir_arrow_scan *scan, struct weir_arrow_found *out,
                                      struct weir_error *error) {
    enum weir_status status = scan->is_file ? next_in_file(scan, out, error) : next_in_stream(scan, out, error);
    if (status != WEIR_OK || out->message.kind != WEIR_ARROW_MESSAGE_SCHEMA) return status;
    weir_error_set(error, WEIR_ERR_FORMAT, "a second schema; several streams in one file are not read: split them");
    return at_byte(scan, out->offset, WEIR_ERR_FORMAT, error);
}

void weir_arrow_scan_close(struct weir_arrow_scan *scan) {
    weir_file_close(&scan->file);
    weir_arrow_schema_fini(&scan->schema);
    free(scan->blocks);
    free(scan->metadata);
    *scan = (struct weir_arrow_scan){0};
}
