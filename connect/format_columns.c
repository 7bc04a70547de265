/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "connect/format.h"
#include "engine/type.h"

static const char *name_of(const struct ArrowSchema *schema) { return schema->name ? schema->name : ""; }

static const char *nearest_column(const struct ArrowSchema *file, const char *name) {
    const char *nearest = NULL;
    const char **names = calloc((size_t)file->n_children + 1, sizeof(*names));
    if (!names) return NULL;
    for (int64_t i = 0; i < file->n_children; i++) names[i] = name_of(file->children[i]);
    nearest = weir_nearest_name(name, names, (size_t)file->n_children);
    free(names);
    return nearest;
}

static enum weir_status find_column(const struct ArrowSchema *file, const char *name, const char *path,
                                    int32_t *out, struct weir_error *error) {
    *out = -1;
    for (int64_t i = 0; i < file->n_children; i++) {
        if (strcmp(name_of(file->children[i]), name) != 0) continue;
        if (*out >= 0) {
            return weir_error_set(error, WEIR_ERR_FORMAT, "'%s' has two columns named '%s': rename one", path,
                                  name);
        }
        *out = (int32_t)i;
    }
    if (*out >= 0) return WEIR_OK;
    const char *nearest = nearest_column(file, name);
    return weir_error_set(error, WEIR_ERR_FORMAT, "'%s' has no column '%s'%s%s%s", path, name,
                          nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* Whether a file's column can be read as the declared type without a change of its values. */
static bool is_same(struct weir_type declared, struct weir_type file) {
    if (declared.id != file.id) return false;
    if (declared.id != WEIR_TYPE_DECIMAL) return true; /* lengths and precisions of the others are layout */
    return declared.precision == file.precision && declared.scale == file.scale;
}

static enum weir_status check_type(const struct ArrowSchema *declared, const struct ArrowSchema *file,
                                   const char *path, struct weir_error *error) {
    struct weir_layout want, have;
    char want_name[WEIR_TYPE_NAME_BYTES], have_name[WEIR_TYPE_NAME_BYTES];
    enum weir_status status = weir_layout_import(declared, &want, error);
    if (status == WEIR_OK) {
        status = weir_layout_import(file, &have, error);
        if (status != WEIR_OK) weir_error_prefix(error, "'%s'", path);
    }
    if (status != WEIR_OK || is_same(want.type, have.type)) return status;
    weir_type_name(want.type, false, want_name, sizeof(want_name));
    weir_type_name(have.type, false, have_name, sizeof(have_name));
    return weir_error_set(error, WEIR_ERR_FORMAT,
                          "column '%s' is declared %s, and is %s in '%s': declare it so, and CAST it in the query",
                          name_of(declared), want_name, have_name, path);
}

enum weir_status weir_columns_match(const struct ArrowSchema *declared, const struct ArrowSchema *file,
                                    const char *path, int32_t *columns, struct weir_error *error) {
    for (int64_t i = 0; !declared && i < file->n_children; i++) columns[i] = (int32_t)i;
    for (int64_t i = 0; declared && i < declared->n_children; i++) {
        const struct ArrowSchema *child = declared->children[i];
        enum weir_status status = find_column(file, name_of(child), path, &columns[i], error);
        if (status == WEIR_OK) status = check_type(child, file->children[columns[i]], path, error);
        if (status != WEIR_OK) return status;
    }
    return WEIR_OK;
}
