/* SPDX-License-Identifier: Apache-2.0
 *
 * Arrow schemas that own themselves. Every node owns its strings and its children apart from its parent, for a
 * consumer may move a child out and release the rest.
 */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "base/error.h"
#include "engine/type.h"

#define SCHEMA_DEPTH_MAX 64
#define SCHEMA_METADATA_MAX ((size_t)64 << 20)

static void release_node(struct ArrowSchema *schema) {
    for (int64_t i = 0; i < schema->n_children; i++) {
        struct ArrowSchema *child = schema->children[i];
        if (child == NULL) continue;
        if (child->release != NULL) child->release(child);
        free(child);
    }
    free(schema->children);
    if (schema->dictionary != NULL) {
        if (schema->dictionary->release != NULL) schema->dictionary->release(schema->dictionary);
        free(schema->dictionary);
    }
    free(schema->private_data); /* format, name and metadata, one after the other */
    schema->release = NULL;
}

static enum weir_status no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for an Arrow schema");
}

/* A node without children that owns copies of the three texts. */
static bool init_node(struct ArrowSchema *out, const char *format, const char *name, const char *metadata,
                      size_t metadata_bytes) {
    memset(out, 0, sizeof(*out));
    size_t format_bytes = strlen(format) + 1, name_bytes = strlen(name) + 1;
    char *texts = malloc(metadata_bytes + format_bytes + name_bytes);
    if (texts == NULL) return false;
    if (metadata != NULL) memcpy(texts, metadata, metadata_bytes);
    memcpy(texts + metadata_bytes, format, format_bytes);
    memcpy(texts + metadata_bytes + format_bytes, name, name_bytes);
    out->metadata = metadata != NULL ? texts : NULL;
    out->format = texts + metadata_bytes;
    out->name = texts + metadata_bytes + format_bytes;
    out->private_data = texts;
    out->release = release_node;
    return true;
}

/* Room for `count` children, each zeroed and thus released. */
static bool init_children(struct ArrowSchema *out, int64_t count) {
    if (count == 0) return true;
    out->children = calloc((size_t)count, sizeof(struct ArrowSchema *));
    if (out->children == NULL) return false;
    out->n_children = count;
    for (int64_t i = 0; i < count; i++) {
        out->children[i] = calloc(1, sizeof(struct ArrowSchema));
        if (out->children[i] == NULL) return false;
    }
    return true;
}

enum weir_status weir_schema_export(const char *const *names, const struct weir_type *types, size_t count,
                                    struct ArrowSchema *out, struct weir_error *error) {
    memset(out, 0, sizeof(*out));
    if (count > INT32_MAX) return weir_error_set(error, WEIR_ERR_INVALID, "%zu columns are too many", count);
    if (!init_node(out, "+s", "", NULL, 0)) return no_memory(error);
    bool done = init_children(out, (int64_t)count);
    for (size_t i = 0; done && i < count; i++) {
        char buffer[40];
        const char *format = weir_type_arrow_format(types[i], buffer, sizeof(buffer));
        done = init_node(out->children[i], format, names[i] != NULL ? names[i] : "", NULL, 0);
        if (done && types[i].nullable) out->children[i]->flags = ARROW_FLAG_NULLABLE;
    }
    if (done) return WEIR_OK;
    release_node(out);
    return no_memory(error);
}

enum weir_status weir_schema_code(struct ArrowSchema *column, struct weir_error *error) {
    struct ArrowSchema *words = malloc(sizeof(*words)), codes;
    if (words == NULL || !init_node(&codes, "I", column->name, NULL, 0)) {
        free(words);
        return no_memory(error);
    }
    codes.flags = column->flags;
    codes.dictionary = words;
    *words = *column;
    *column = codes;
    return WEIR_OK;
}

/* Length of Arrow's metadata: a count of pairs, then key and value, each a length and bytes. False when malformed.
 */
static bool metadata_length(const char *metadata, size_t *bytes) {
    int32_t pairs, length;
    *bytes = 0;
    if (metadata == NULL) return true;
    memcpy(&pairs, metadata, sizeof(pairs));
    *bytes = sizeof(pairs);
    if (pairs < 0) return false;
    for (int64_t i = 0; i < 2 * (int64_t)pairs; i++) {
        memcpy(&length, metadata + *bytes, sizeof(length));
        if (length < 0) return false;
        *bytes += sizeof(length) + (size_t)length;
        if (*bytes > SCHEMA_METADATA_MAX) return false;
    }
    return true;
}

static enum weir_status copy_node(const struct ArrowSchema *schema, struct ArrowSchema *out, int depth,
                                  struct weir_error *error);

static enum weir_status copy_below(const struct ArrowSchema *schema, struct ArrowSchema *out, int depth,
                                   struct weir_error *error) {
    if (!init_children(out, schema->n_children)) return no_memory(error);
    for (int64_t i = 0; i < schema->n_children; i++) {
        enum weir_status status = copy_node(schema->children[i], out->children[i], depth + 1, error);
        if (status != WEIR_OK) return status;
    }
    if (schema->dictionary == NULL) return WEIR_OK;
    out->dictionary = calloc(1, sizeof(*out->dictionary));
    if (out->dictionary == NULL) return no_memory(error);
    return copy_node(schema->dictionary, out->dictionary, depth + 1, error);
}

static enum weir_status copy_node(const struct ArrowSchema *schema, struct ArrowSchema *out, int depth,
                                  struct weir_error *error) {
    size_t metadata_bytes;
    if (schema == NULL || schema->release == NULL || schema->format == NULL) {
        return weir_error_set(error, WEIR_ERR_INVALID, "the Arrow schema, or a part of it, is released or empty");
    }
    if (depth > SCHEMA_DEPTH_MAX) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "the Arrow schema is nested deeper than %d",
                              SCHEMA_DEPTH_MAX);
    }
    if (schema->n_children < 0 || schema->n_children > INT32_MAX ||
        (schema->n_children > 0 && schema->children == NULL)) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "the Arrow schema '%s' has %lld children",
                              schema->name != NULL ? schema->name : "", (long long)schema->n_children);
    }
    if (!metadata_length(schema->metadata, &metadata_bytes)) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "the metadata of the Arrow schema '%s' is malformed",
                              schema->name != NULL ? schema->name : "");
    }
    const char *name = schema->name != NULL ? schema->name : "";
    if (!init_node(out, schema->format, name, schema->metadata, metadata_bytes)) return no_memory(error);
    out->flags = schema->flags;
    enum weir_status status = copy_below(schema, out, depth, error);
    if (status != WEIR_OK) release_node(out);
    return status;
}

enum weir_status weir_schema_copy(const struct ArrowSchema *schema, struct ArrowSchema *out,
                                  struct weir_error *error) {
    memset(out, 0, sizeof(*out));
    return copy_node(schema, out, 0, error);
}
