/* SPDX-License-Identifier: Apache-2.0
 *
 * "Did you mean": the known name that a wrong word is nearest to.
 */
#ifndef WEIR_CLI_NEAREST_H
#define WEIR_CLI_NEAREST_H

/* The nearest of names (NULL-terminated) by edit distance, ignoring case, or NULL when none is near: a third of the
 * letters may differ, but one at least, or two of four and more. A name that holds the word counts as near. */
const char *weir_cli_nearest(const char *word, const char *const *names);

#endif
