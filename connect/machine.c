/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/attributes.h"
#include "connect/format.h"
#include "engine/topology.h"
#include "io/io.h"
#include "simd/kernels.h"
#include "weir/weir.h"

/* Text that grows; `text` becomes NULL when memory is short and stays so. */
struct report {
    char *text;
    size_t length;
};

static void WEIR_PRINTF(2, 3) add(struct report *report, const char *format, ...) {
    if (report->text == NULL) return;
    va_list arguments;
    va_start(arguments, format);
    char line[1024];
    int length = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (length < 0) return;
    size_t bytes = strlen(line);
    char *text = realloc(report->text, report->length + bytes + 1);
    if (text == NULL) {
        free(report->text);
        report->text = NULL;
        return;
    }
    memcpy(text + report->length, line, bytes + 1);
    report->text = text;
    report->length += bytes;
}

/* The first line of a small file of the system, without its end; "" when it cannot be read. */
static void first_line(const char *path, char *line, size_t size) {
    line[0] = '\0';
    FILE *file = fopen(path, "re");
    if (file == NULL) return;
    if (fgets(line, (int)size, file) == NULL) line[0] = '\0';
    fclose(file);
    line[strcspn(line, "\n")] = '\0';
}

static void cpu_name(char *name, size_t size) {
    char line[512];
    snprintf(name, size, "unknown");
    FILE *file = fopen("/proc/cpuinfo", "re");
    if (file == NULL) return;
    while (fgets(line, sizeof(line), file) != NULL) {
        char *colon = strchr(line, ':');
        if (strncmp(line, "model name", 10) != 0 || colon == NULL) continue;
        line[strcspn(line, "\n")] = '\0';
        snprintf(name, size, "%s", colon + 2);
        break;
    }
    fclose(file);
}

static int numa_nodes(void) {
    DIR *folder = opendir("/sys/devices/system/node");
    if (folder == NULL) return 1;
    int count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        count += strncmp(entry->d_name, "node", 4) == 0 && entry->d_name[4] >= '0' && entry->d_name[4] <= '9';
    }
    closedir(folder);
    return count < 1 ? 1 : count;
}

static void add_cpu(struct report *report) {
    struct utsname system;
    char name[512];
    if (uname(&system) == 0) add(report, "system: %s %s %s\n", system.sysname, system.release, system.machine);
    cpu_name(name, sizeof(name));
    add(report, "cpu: %s\n", name);
    add(report, "cores: %d usable\n", weir_topology_cores());
    add(report, "numa nodes: %d\n", numa_nodes());
    add(report, "instruction sets:");
    for (int level = WEIR_SIMD_BASELINE; level < WEIR_SIMD_LEVELS; level++) {
        if (weir_simd_table((enum weir_simd_level)level) == NULL) continue;
        add(report, " %s", weir_simd_level_name((enum weir_simd_level)level));
    }
    add(report, "\nkernels in use: %s\n", weir_simd_level());
}

static void add_memory(struct report *report) {
    long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    if (pages > 0 && bytes > 0) add(report, "memory: %.1f GiB\n", (double)pages * (double)bytes / (1 << 30));
    char line[256];
    first_line("/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof(line));
    add(report, "huge pages: %s\n", line[0] == '\0' ? "not known" : line);
}

static void add_limits(struct report *report) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        add(report, "open files: %llu\n", (unsigned long long)limit.rlim_cur);
    if (getrlimit(RLIMIT_MEMLOCK, &limit) != 0) return;
    if (limit.rlim_cur == RLIM_INFINITY) {
        add(report, "locked memory: unlimited\n");
    } else {
        add(report, "locked memory: %llu KiB\n", (unsigned long long)limit.rlim_cur / 1024);
    }
}

/* Opening a file that cannot exist fails as unsupported where the module is missing, and as missing where it is
 * there. */
static bool parquet_works(struct weir_error *why) {
    struct weir_source_request request = {.struct_size = sizeof(request), .batch_rows = 1, .threads = 1};
    struct weir_source source;
    memset(why, 0, sizeof(*why));
    return weir_format_parquet()->open_reader("/proc/self/no-such-file", &request, &source, why) !=
           WEIR_ERR_UNSUPPORTED;
}

static void add_parts(struct report *report) {
    char reason[256] = "";
    bool uring = weir_io_uring_works(reason, sizeof(reason));
    add(report, "io_uring: %s%s\n", uring ? "yes" : "no, plain reads are used: ", uring ? "" : reason);
    struct weir_error why;
    bool has_parquet = parquet_works(&why);
    add(report, "parquet: %s%s\n", has_parquet ? "yes" : "no: ", has_parquet ? "" : why.message);
    add(report, "formats: csv, arrow%s to read; csv, json, arrow%s to write\n", has_parquet ? ", parquet" : "",
        has_parquet ? ", parquet" : "");
}

char *weir_machine_report(void) {
    struct report report = {calloc(1, 1), 0};
    add(&report, "weir: %s\n", weir_version());
    add_cpu(&report);
    add_memory(&report);
    add_limits(&report);
    add_parts(&report);
    return report.text;
}
