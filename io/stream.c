/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/bits.h"
#include "base/check.h"
#include "base/checked.h"
#include "base/error.h"
#include "io/io.h"

#define AHEAD_DEFAULT 4
#define AHEAD_MAX 256
#define BLOCK_BYTES_MAX ((size_t)1 << 30)
#define BLOCK_ALIGN ((size_t)4096)
#define ROOM_BYTES_MAX ((size_t)1 << 20)

struct weir_stream {
    struct weir_file *file;
    struct weir_io *io;
    size_t block_bytes;
    size_t before, behind; /* room beside each block */
    char *memory;          /* slots_count slots; block b of the file lies in slot b % slots_count */
    bool *arrived;         /* by slot */
    size_t slots_count;    /* one that the caller looks at, and those ahead of it */
    int64_t blocks;        /* of the file */
    int64_t given;         /* blocks handed out so far */
    int64_t asked;         /* blocks whose read was begun */
    int64_t failed_block;  /* the first whose read failed, or blocks: those before it are still handed out */
    struct weir_error failure;
};

static int64_t block_length(const struct weir_stream *stream, int64_t block) {
    int64_t rest = weir_file_size(stream->file) - block * (int64_t)stream->block_bytes;
    return rest < (int64_t)stream->block_bytes ? rest : (int64_t)stream->block_bytes;
}

static size_t slot_of(const struct weir_stream *stream, int64_t block) {
    return (size_t)block % stream->slots_count;
}

static size_t slot_bytes(const struct weir_stream *stream) {
    size_t bytes = stream->before + stream->block_bytes + stream->behind;
    /* Blocks that could be read past the page cache must lie so that they can. */
    return weir_round_up(bytes, stream->before % WEIR_IO_ALIGN != 0 ? 64 : stream->before > 0 ? WEIR_IO_ALIGN : 1);
}

static char *block_at(const struct weir_stream *stream, int64_t block) {
    return stream->memory + slot_of(stream, block) * slot_bytes(stream) + stream->before;
}

static enum weir_status allocate(struct weir_stream *stream, uint32_t ahead, struct weir_error *error) {
    int64_t size = weir_file_size(stream->file);
    if ((uint64_t)size < stream->block_bytes) stream->block_bytes = size == 0 ? 1 : (size_t)size;
    stream->blocks = size / (int64_t)stream->block_bytes + (size % (int64_t)stream->block_bytes != 0);
    stream->slots_count = (size_t)ahead + 1;
    if ((int64_t)stream->slots_count > stream->blocks)
        stream->slots_count = stream->blocks == 0 ? 1 : (size_t)stream->blocks;
    stream->failed_block = stream->blocks;
    size_t bytes;
    if (weir_mul_size(stream->slots_count, slot_bytes(stream), &bytes) && bytes <= SIZE_MAX - BLOCK_ALIGN) {
        stream->memory = aligned_alloc(BLOCK_ALIGN, weir_round_up(bytes, BLOCK_ALIGN));
    }
    stream->arrived = calloc(stream->slots_count, sizeof(*stream->arrived));
    if (stream->memory != NULL && stream->arrived != NULL) return WEIR_OK;
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read '%s' in %zu blocks of %zu bytes",
                          weir_file_path(stream->file), stream->slots_count, stream->block_bytes);
}

static enum weir_status open_parts(struct weir_stream *stream, const char *path, uint32_t ahead,
                                   const struct weir_io_options *options, struct weir_error *error) {
    enum weir_status status = weir_file_open(path, &stream->file, error);
    if (status != WEIR_OK) return status;
    (void)weir_file_choose_direct(stream->file, options == NULL ? WEIR_IO_DIRECT_AUTO : options->direct);
    status = allocate(stream, ahead, error);
    if (status != WEIR_OK) return status;
    struct weir_io_options own = {0};
    if (options != NULL) own = *options;
    own.depth = ahead;
    if (stream->blocks <= 1) own.plain = true; /* nothing to be read ahead: a ring would cost more than it brings */
    return weir_io_create(&own, &stream->io, error);
}

enum weir_status weir_stream_open(const char *path, size_t block_bytes, uint32_t ahead,
                                  const struct weir_io_options *options, struct weir_stream **out,
                                  struct weir_error *error) {
    return weir_stream_open_roomy(path, block_bytes, 0, 0, ahead, options, out, error);
}

enum weir_status weir_stream_open_roomy(const char *path, size_t block_bytes, size_t before, size_t behind,
                                        uint32_t ahead, const struct weir_io_options *options,
                                        struct weir_stream **out, struct weir_error *error) {
    WEIR_ASSERT(before <= ROOM_BYTES_MAX && behind <= ROOM_BYTES_MAX);
    if (block_bytes == 0 || block_bytes > BLOCK_BYTES_MAX || ahead > AHEAD_MAX) {
        return weir_error_set(
            error, WEIR_ERR_INVALID,
            "blocks of %zu bytes, %u ahead: a block has 1 to %zu bytes, and 0 to %d are read ahead", block_bytes,
            ahead, BLOCK_BYTES_MAX, AHEAD_MAX);
    }
    struct weir_stream *stream = calloc(1, sizeof(*stream));
    if (stream == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory to read '%s'", path);
    stream->block_bytes = block_bytes;
    stream->before = weir_round_up(before, 64);
    stream->behind = behind;
    enum weir_status status = open_parts(stream, path, ahead == 0 ? AHEAD_DEFAULT : ahead, options, error);
    if (status != WEIR_OK) {
        weir_stream_close(&stream);
        return status;
    }
    *out = stream;
    return WEIR_OK;
}

void weir_stream_close(struct weir_stream **stream_address) {
    if (stream_address == NULL || *stream_address == NULL) return;
    struct weir_stream *stream = *stream_address;
    *stream_address = NULL;
    weir_io_destroy(&stream->io); /* first: reads in flight write into memory */
    weir_file_close(&stream->file);
    free(stream->memory);
    free(stream->arrived);
    free(stream);
}

static bool fails_earlier(struct weir_stream *stream, int64_t block) {
    if (block >= stream->failed_block) return false;
    stream->failed_block = block;
    return true;
}

/* Begins reads into every slot that is free; `current` is the first block that the caller still needs. */
static void ask_ahead(struct weir_stream *stream, int64_t current) {
    while (stream->asked < stream->failed_block && stream->asked - current < (int64_t)stream->slots_count) {
        int64_t block = stream->asked;
        size_t slot = slot_of(stream, block);
        struct weir_error error;
        enum weir_status status =
            weir_io_read(stream->io, stream->file, block * (int64_t)stream->block_bytes, block_at(stream, block),
                         (size_t)block_length(stream, block), (uint64_t)block, &error);
        if (status != WEIR_OK && fails_earlier(stream, block)) stream->failure = error;
        stream->arrived[slot] = false;
        stream->asked++;
    }
}

static void note_cut(struct weir_stream *stream, int64_t block, int64_t bytes) {
    if (!fails_earlier(stream, block)) return;
    weir_error_set(&stream->failure, WEIR_ERR_IO,
                   "'%s' was cut short while it was read: it had %lld bytes, and now ends at byte %lld",
                   weir_file_path(stream->file), (long long)weir_file_size(stream->file),
                   (long long)(block * (int64_t)stream->block_bytes + bytes));
}

/* Takes one completion, of any block. */
static void take_completion(struct weir_stream *stream) {
    struct weir_io_completion completion;
    struct weir_error error;
    enum weir_status status = weir_io_wait(stream->io, &completion, &error);
    WEIR_ASSERT(status != WEIR_END);
    if (status == WEIR_END) {
        weir_error_set(&error, WEIR_ERR_INTERNAL, "a block of '%s' was lost", weir_file_path(stream->file));
        completion.tag = (uint64_t)stream->given;
    }
    int64_t block = (int64_t)completion.tag;
    if (status != WEIR_OK) {
        if (fails_earlier(stream, block)) stream->failure = error;
    } else if (completion.bytes != block_length(stream, block)) {
        note_cut(stream, block, completion.bytes);
    } else {
        stream->arrived[slot_of(stream, block)] = true;
    }
}

enum weir_status weir_stream_next(struct weir_stream *stream, const char **data, size_t *bytes,
                                  struct weir_error *error) {
    int64_t block = stream->given;
    if (block == stream->blocks) return WEIR_END;
    ask_ahead(stream, block);
    while (block < stream->failed_block && !stream->arrived[slot_of(stream, block)]) take_completion(stream);
    if (block >= stream->failed_block) {
        if (error != NULL) *error = stream->failure;
        return stream->failure.code;
    }
    stream->given++;
    *data = block_at(stream, block);
    *bytes = (size_t)block_length(stream, block);
    return WEIR_OK;
}

int64_t weir_stream_size(const struct weir_stream *stream) { return weir_file_size(stream->file); }
