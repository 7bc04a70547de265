/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"

static const char *const module_folders[] = {"weir-modules", "../weir-modules", "lib/weir", "../lib/weir",
                                             "weir",         "../../lib/weir"};

/* The folder of the program or library that holds this function, with its links followed. A program started by its
 * bare name is known to the loader only so, and has the file in /proc. */
static bool module_own_folder(char *folder) {
    Dl_info info;
    if (dladdr((const void *)(uintptr_t)&weir_module_load, &info) == 0 || info.dli_fname == NULL) return false;
    bool bare = strchr(info.dli_fname, '/') == NULL;
    if (realpath(bare ? "/proc/self/exe" : info.dli_fname, folder) == NULL) return false;
    char *slash = strrchr(folder, '/');
    if (slash == NULL) return false;
    *slash = '\0';
    return true;
}

static bool module_path(const char *base, const char *folder, const char *file, char *path) {
    int bytes = snprintf(path, PATH_MAX, "%s/%s%s%s", base, folder, folder[0] == '\0' ? "" : "/", file);
    return bytes > 0 && bytes < PATH_MAX && access(path, R_OK) == 0;
}

static bool module_find(const char *file, char *path) {
    const char *chosen = secure_getenv("WEIR_MODULE_DIR");
    if (chosen != NULL && chosen[0] != '\0') return module_path(chosen, "", file, path);
    char own[PATH_MAX];
    if (!module_own_folder(own)) return false;
    for (size_t idx = 0; idx < WEIR_ARRAY_COUNT(module_folders); idx++) {
        if (module_path(own, module_folders[idx], file, path)) return true;
    }
    return false;
}

enum weir_status weir_module_load(const char *file, const char *symbol, const char *what, const char *advice,
                                  void **symbol_out, struct weir_error *error) {
    char path[PATH_MAX];
    if (!module_find(file, path)) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "this build has no %s: %s", what, advice);
    }
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == NULL) {
        return weir_error_set(error, WEIR_ERR_UNSUPPORTED, "%s cannot be loaded: %s", what, dlerror());
    }
    *symbol_out = dlsym(handle, symbol);
    if (*symbol_out != NULL) return WEIR_OK;
    weir_error_set(error, WEIR_ERR_UNSUPPORTED, "%s cannot be loaded: '%s' is not a module of weir: %s", what, path,
                   dlerror());
    dlclose(handle);
    return WEIR_ERR_UNSUPPORTED;
}
