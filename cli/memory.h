/* SPDX-License-Identifier: Apache-2.0
 *
 * How much memory the process has, in bytes; 0 where the system does not say.
 */
#ifndef WEIR_CLI_MEMORY_H
#define WEIR_CLI_MEMORY_H

#include <stdint.h>

int64_t weir_cli_resident_bytes(void); /* now */
int64_t weir_cli_peak_bytes(void);     /* at most so far */

#endif
