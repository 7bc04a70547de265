/* SPDX-License-Identifier: Apache-2.0
 *
 * The dictionaries of the selected columns, by id, as the messages so far have made them.
 */
#ifndef WEIR_CONNECT_ARROW_DICTIONARY_SET_H
#define WEIR_CONNECT_ARROW_DICTIONARY_SET_H

#include "connect/arrow_dictionary.h"
#include "connect/arrow_scan.h"

struct weir_arrow_dictionary {
    int64_t id;
    const struct weir_arrow_field *field; /* the first that uses it */
    struct weir_arrow_words *words;       /* NULL until it has come */
};

/* Zeroed is empty. */
struct weir_arrow_dictionary_set {
    struct weir_arrow_dictionary *entries;
    size_t count;
};

/* Makes an entry for each dictionary of the selected fields (indices into schema). */
enum weir_status weir_arrow_dictionary_set_init(struct weir_arrow_dictionary_set *set,
                                                const struct weir_arrow_schema *schema, const int32_t *fields,
                                                size_t count, struct weir_error *error);
void weir_arrow_dictionary_set_fini(struct weir_arrow_dictionary_set *set);

/* Applies a dictionary batch: reads its body, synchronously, unless no selected column uses it. In the file format
 * a dictionary is never replaced. Errors name file and byte. */
enum weir_status weir_arrow_dictionary_set_apply(struct weir_arrow_dictionary_set *set,
                                                 struct weir_arrow_scan *scan, const struct weir_arrow_found *found,
                                                 struct weir_arrow_codec *codec, struct weir_error *error);

/* The same with a body that has been read already; borrowed. */
enum weir_status weir_arrow_dictionary_set_add(struct weir_arrow_dictionary_set *set, struct weir_arrow_scan *scan,
                                               const struct weir_arrow_found *found, struct weir_arrow_body *body,
                                               struct weir_arrow_codec *codec, struct weir_error *error);

/* The words of a field as they are now, with a reference for the caller: for a batch in which `used` rows of it are
 * not NULL. NULL with an error. */
struct weir_arrow_words *weir_arrow_dictionary_set_get(const struct weir_arrow_dictionary_set *set,
                                                       const struct weir_arrow_field *field, int64_t used,
                                                       struct weir_error *error);

#endif
