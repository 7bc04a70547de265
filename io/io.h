/* SPDX-License-Identifier: Apache-2.0
 *
 * The one seam to the operating system's files. Reads are asynchronous: submit several, take completions as they
 * come. Two implementations behind it: io_uring (uring.c) and plain pread (posix.c), which takes over by itself
 * where io_uring is not allowed.
 *
 * A weir_io is used by one thread at a time; it may wander between threads, with reads in flight. Not for: sockets,
 * directories that change.
 */
#ifndef WEIR_IO_IO_H
#define WEIR_IO_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "weir/types.h"

struct weir_io;
struct weir_file;

/* Whether files are read past the page cache. */
enum weir_io_direct {
    WEIR_IO_DIRECT_AUTO, /* where the page cache has not half of the file, and the file is as large as a quarter of
                          * the available memory or larger, so that reading it would push out what else is there */
    WEIR_IO_DIRECT_ALWAYS,
    WEIR_IO_DIRECT_NEVER
};

struct weir_io_options {
    bool plain;     /* do not try io_uring */
    uint32_t depth; /* reads in flight at most, 1..256; 0: 16 */
    /* Says in one line why plain reads are used, where io_uring was wanted; may be NULL. Said once for each pair of
     * log and log_user, however many weir_io and weir_stream follow one another. */
    void (*log)(void *user, const char *text);
    void *log_user;
    enum weir_io_direct direct; /* of files that are opened here: those of streams */
};

/* Errors: WEIR_ERR_MEMORY. (That io_uring is not allowed is no error.) */
enum weir_status weir_io_create(const struct weir_io_options *options, struct weir_io **out,
                                struct weir_error *error);
/* Waits for reads in flight, then frees. */
void weir_io_destroy(struct weir_io **io);
/* "io_uring" or "pread". Static. */
const char *weir_io_name(const struct weir_io *io);
/* Whether io_uring can be used here; if not, one line in reason (size bytes) says why, else reason is empty. Any
 * thread. */
bool weir_io_uring_works(char *reason, size_t size);

/* Opens a regular file for reading. Errors: WEIR_ERR_IO naming path and reason (missing, a directory, a pipe, no
 * permission). */
enum weir_status weir_file_open(const char *path, struct weir_file **out, struct weir_error *error);
void weir_file_close(struct weir_file **file);
int64_t weir_file_size(const struct weir_file *file); /* bytes, at the time of opening */
const char *weir_file_path(const struct weir_file *file);

/* ---- past the page cache ---- */

/* Reads whose offset, memory and length are multiples of this may go past the page cache. */
#define WEIR_IO_ALIGN ((size_t)4096)

/* From now on reads of the file by weir_io_read whose offset, memory and length are multiples of WEIR_IO_ALIGN go
 * from the disk into that memory (O_DIRECT); others, such as those of the last bytes, go through the page cache as
 * before. False: no, by the wish or because the file system knows no such reads; then nothing has changed. */
bool weir_file_choose_direct(struct weir_file *file, enum weir_io_direct wish);
bool weir_file_go_direct(struct weir_file *file); /* always */
bool weir_file_is_direct(const struct weir_file *file);
/* Tells the system that these bytes will soon be read through the page cache. */
void weir_file_expect(const struct weir_file *file, int64_t offset, int64_t bytes);

/* Tells the system of memory (at most 1 GiB) into which much will be read, so that it need not be looked up and
 * held for each read; it must outlive the weir_io. Once. False: io_uring is not used or has no more to lock (ulimit
 * -l); reads into it work all the same. */
bool weir_io_register(struct weir_io *io, void *memory, size_t bytes);

struct weir_io_completion {
    uint64_t tag;
    int64_t bytes; /* read; less than asked only at the end of the file */
};

/* Begins a read of `bytes` at `offset` into buffer; buffer and file must stay until its completion. Where `depth`
 * reads are in flight it first waits for one of them and keeps its completion for weir_io_wait. tag comes back in
 * the completion. Errors: WEIR_ERR_INVALID (a negative offset, or a range past 2^63), WEIR_ERR_MEMORY; nothing was
 * begun then. A read that fails says so in weir_io_wait. */
enum weir_status weir_io_read(struct weir_io *io, struct weir_file *file, int64_t offset, void *buffer,
                              size_t bytes, uint64_t tag, struct weir_error *error);

/* Waits for the next completion, in any order. Short reads, EINTR and EAGAIN are continued inside. WEIR_END when
 * none is in flight; WEIR_ERR_IO naming file, offset and reason: out->tag is then that of the read that failed,
 * which is over, and the others go on. */
enum weir_status weir_io_wait(struct weir_io *io, struct weir_io_completion *out, struct weir_error *error);

/* How often it had to wait for a read that was not done yet. Where that stays 0, the data lies in the page cache,
 * and reading far ahead would only take the memory of the processor's caches. (Plain reads always count as waits.)
 */
uint64_t weir_io_waits(const struct weir_io *io);

/* Reads exactly `bytes` at `offset`, synchronously. A file that ends before is WEIR_ERR_FORMAT ("... ends at byte
 * N"). Any number of threads may read one file at the same time. */
enum weir_status weir_file_read_exact(struct weir_file *file, int64_t offset, void *buffer, size_t bytes,
                                      struct weir_error *error);

/* ---- a file from front to back, several blocks ahead --------------------------------------------------------- */

struct weir_stream;

/* Reads the regular file `path` from front to back, as long as it was when it was opened, in blocks of block_bytes
 * (1 to 1 GiB; only the last may be shorter) with `ahead` blocks in flight (1 to 256; 0: 4). Memory: ahead + 1
 * blocks, or the file's size where that is less. options may be NULL; its depth is not used. */
enum weir_status weir_stream_open(const char *path, size_t block_bytes, uint32_t ahead,
                                  const struct weir_io_options *options, struct weir_stream **out,
                                  struct weir_error *error);
/* The same, with room that is the caller's before and behind each block (at most 1 MiB each): he may write there
 * what he wants to stand beside it in memory. Its content is lost with the next call that gives a block. */
enum weir_status weir_stream_open_roomy(const char *path, size_t block_bytes, size_t before, size_t behind,
                                        uint32_t ahead, const struct weir_io_options *options,
                                        struct weir_stream **out, struct weir_error *error);
void weir_stream_close(struct weir_stream **stream);
/* The next block: *data stays valid until the next call. WEIR_END at the end. Errors (they stay): WEIR_ERR_IO, also
 * for a file that was cut short since it was opened. */
enum weir_status weir_stream_next(struct weir_stream *stream, const char **data, size_t *bytes,
                                  struct weir_error *error);
int64_t weir_stream_size(const struct weir_stream *stream);

/* ---- names --------------------------------------------------------------------------------------------------- */

/* The files that `path` names: itself, the regular files of a directory (not hidden: no leading '.' or '_'; not
 * recursive), or those a glob (* ? []) matches; in byte order of their paths. paths and each entry are malloc'd.
 * Errors: WEIR_ERR_IO: nothing there, a directory without files, a glob that matches nothing. */
enum weir_status weir_paths_expand(const char *path, char ***paths, size_t *count, struct weir_error *error);
void weir_paths_free(char **paths, size_t count);

/* Another look at the same, for somebody who watches: the files that are there now and not `known`, in byte order.
 * None is no error (*paths is NULL), nor is a file that vanishes while it is looked at; that the directory is gone,
 * or that of a glob, up to its first wildcard, is one. known may be NULL: no file is. */
typedef bool (*weir_paths_known_fn)(const void *user, const char *path);
enum weir_status weir_paths_look(const char *path, weir_paths_known_fn known, const void *user, char ***paths,
                                 size_t *count, struct weir_error *error);

/* ---- writing ---------------------------------------------------------------------------------------------------
 */

struct weir_output;

/* Opens a file for writing through a hidden temporary name beside it, renamed on commit; path "-" is standard
 * output. The new file's mode follows the umask. What is no plain file (a symbolic link, a device, a pipe) is
 * written directly instead, and keeps what was written when there is no commit. Errors: WEIR_ERR_IO naming path and
 * reason (also for a read-only file that would be replaced), WEIR_ERR_MEMORY. */
enum weir_status weir_output_open(const char *path, struct weir_output **out, struct weir_error *error);
/* Buffered. Errors: WEIR_ERR_IO naming path and reason (full disk, closed pipe). After a failure every later write,
 * flush and commit fails in the same way, so that no output with a hole is ever committed. */
enum weir_status weir_output_write(struct weir_output *output, const void *data, size_t bytes,
                                   struct weir_error *error);
/* Hands what is buffered to the operating system, for a reader who waits for it (a pipe, a terminal). */
enum weir_status weir_output_flush(struct weir_output *output, struct weir_error *error);
int64_t weir_output_offset(const struct weir_output *output); /* bytes written so far, buffered ones too */
/* Flushes, makes the data durable (fsync, for files), renames. Only then the file exists under its name. Once:
 * later writes and commits are WEIR_ERR_STATE. */
enum weir_status weir_output_commit(struct weir_output *output, struct weir_error *error);
/* Frees; removes the temporary file when not committed. */
void weir_output_close(struct weir_output **output);

#endif
