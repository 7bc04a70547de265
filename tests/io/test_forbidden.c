/* SPDX-License-Identifier: Apache-2.0
 *
 * io_uring truly forbidden, by a seccomp filter as containers install it. Each case runs in a child, since a filter
 * cannot be taken off; the child says by its exit status which check failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "io/io.h"
#include "tests/io/folder.h"

enum { file_bytes = 50000, block_bytes = 7000, cannot_filter = 77 };

#define CHECK(condition)                                                                                           \
    do {                                                                                                           \
        if (!(condition)) {                                                                                        \
            fprintf(stderr, "child: %s (line %d)\n", #condition, __LINE__);                                        \
            _exit(1);                                                                                              \
        }                                                                                                          \
    } while (0)

/* From here on the system call `number` fails with `reason`. The number alone tells it: no other ABI is in play. */
static bool forbid(long number, int reason) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ((uint32_t)reason & SECCOMP_RET_DATA)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0;
}

static int lines;

static void hear(void *user, const char *text) {
    (void)user;
    lines++;
    CHECK(strchr(text, '\n') == NULL);
    CHECK(strstr(text, "pread") != NULL);
}

static void read_all(const char *path, bool logged) {
    struct weir_io_options options = {.log = logged ? hear : NULL};
    struct weir_stream *stream = NULL;
    CHECK(weir_stream_open(path, block_bytes, 3, &options, &stream, NULL) == WEIR_OK);
    const char *data;
    size_t bytes, offset = 0;
    while (weir_stream_next(stream, &data, &bytes, NULL) == WEIR_OK) {
        CHECK(is_pattern_from(data, offset, bytes));
        offset += bytes;
    }
    CHECK(offset == file_bytes);
    weir_stream_close(&stream);
}

static void child_without_setup(const char *path, int reason) {
    if (!forbid(SYS_io_uring_setup, reason)) _exit(cannot_filter);
    char why[300];
    CHECK(!weir_io_uring_works(why, sizeof(why)));
    CHECK(strstr(why, "io_uring") != NULL);
    read_all(path, false);
    CHECK(lines == 0);
    read_all(path, true);
    read_all(path, true);
    CHECK(lines == 1 || strstr(why, "built without") != NULL);
}

/* A sandbox that is closed while reads are under way: what the ring does not take, pread does. */
static void child_loses_enter(const char *path, int reason) {
    struct weir_io *io = NULL;
    struct weir_file *file = NULL;
    static char buffer[20][block_bytes];
    CHECK(weir_io_create(NULL, &io, NULL) == WEIR_OK);
    CHECK(weir_file_open(path, &file, NULL) == WEIR_OK);
    for (uint64_t i = 0; i < 20; i++) {
        if (i == 5 && !forbid(SYS_io_uring_enter, reason)) _exit(cannot_filter);
        CHECK(weir_io_read(io, file, (int64_t)i * 100, buffer[i], block_bytes, i, NULL) == WEIR_OK);
    }
    struct weir_io_completion completion;
    int count = 0;
    while (weir_io_wait(io, &completion, NULL) == WEIR_OK) {
        CHECK(completion.bytes == block_bytes);
        CHECK(is_pattern_from(buffer[completion.tag], completion.tag * 100, block_bytes));
        count++;
    }
    CHECK(count == 20);
    weir_io_destroy(&io);
    weir_file_close(&file);
}

static void run_child(const struct folder *folder, void (*child)(const char *path, int reason), int reason) {
    folder_put_pattern(folder, "data", file_bytes);
    const char *path = folder_name(folder, "data");
    fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        child(path, reason);
        _exit(0);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0) assert_int_equal(errno, EINTR);
    assert_true(WIFEXITED(status));
    if (WEXITSTATUS(status) == cannot_filter) skip();
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void setup_forbidden(void **state) { run_child(*state, child_without_setup, EPERM); }
static void setup_unknown(void **state) { run_child(*state, child_without_setup, ENOSYS); }
static void enter_forbidden_meanwhile(void **state) { run_child(*state, child_loses_enter, EPERM); }
static void enter_short_of_memory(void **state) { run_child(*state, child_loses_enter, EAGAIN); }

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(setup_forbidden, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(setup_unknown, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(enter_forbidden_meanwhile, folder_setup, folder_teardown),
        cmocka_unit_test_setup_teardown(enter_short_of_memory, folder_setup, folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
