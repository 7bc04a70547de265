/* SPDX-License-Identifier: Apache-2.0
 *
 * The first line of a CSV file as names: whether it can be those of a declared table, and what is said where
 * nothing tells.
 */
#ifndef WEIR_CONNECT_CSV_HEADER_H
#define WEIR_CONNECT_CSV_HEADER_H

#include "connect/csv_scan.h"

/* The columns of a table; borrowed. */
struct weir_csv_names {
    const char *const *names;
    const struct weir_type *types;
    size_t count;
};

/* The record split last, of so many fields, is to be passed over as the header of a declared table: WEIR_ERR_FORMAT
 * where it is plainly a row of data, or names the columns in another order. */
enum weir_status weir_csv_header_check(struct weir_csv_scan *scan, const struct weir_csv_names *names,
                                       size_t fields, struct weir_error *error);

/* Notes that a file without declaration has texts above texts: nothing tells names from a row. */
void weir_csv_header_undecided(const struct weir_csv_origin *origin, const struct weir_csv_guess *guess,
                               const struct weir_source_request *request);

/* Notes where the first line of a declared table's file, which is read as a row (as in Flink), is its columns'
 * names: a header that was forgotten. */
void weir_csv_header_forgotten(const struct weir_csv_origin *origin, const struct weir_csv_names *names,
                               const struct weir_csv_options *options, const struct weir_source_request *request);

#endif
