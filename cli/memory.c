/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/memory.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

int64_t weir_cli_resident_bytes(void) {
    char line[128]; /* pages: total, resident, ... */
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL) return 0;
    bool read = fgets(line, sizeof(line), file) != NULL;
    fclose(file);
    const char *resident = read ? strchr(line, ' ') : NULL;
    return resident == NULL ? 0 : (int64_t)strtoll(resident, NULL, 10) * sysconf(_SC_PAGESIZE);
}

int64_t weir_cli_peak_bytes(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_SELF, &usage) != 0) return 0;
    return (int64_t)usage.ru_maxrss * 1024; /* Linux counts in KiB */
}
