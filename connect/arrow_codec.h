/* SPDX-License-Identifier: Apache-2.0
 *
 * Compressed buffers of Arrow IPC: 8 bytes with the length before compression (-1: stored as it is), then one LZ4
 * frame or Zstandard frame. A codec keeps the contexts of both libraries; it belongs to one thread.
 */
#ifndef WEIR_CONNECT_ARROW_CODEC_H
#define WEIR_CONNECT_ARROW_CODEC_H

#include <stddef.h>
#include <stdint.h>

#include "weir/types.h"

/* The numbers of the format; NONE is ours. */
enum weir_arrow_compression { WEIR_ARROW_PLAIN = -1, WEIR_ARROW_LZ4 = 0, WEIR_ARROW_ZSTD = 1 };

struct LZ4F_dctx_s;
struct ZSTD_DCtx_s;
struct ZSTD_CCtx_s;

/* Zeroed is ready; contexts are made when they are first needed. */
struct weir_arrow_codec {
    struct LZ4F_dctx_s *lz4_reader;
    struct ZSTD_DCtx_s *zstd_reader;
    struct ZSTD_CCtx_s *zstd_writer;
};

void weir_arrow_codec_fini(struct weir_arrow_codec *codec);

/* What a compressed buffer says about itself: the length of its content, in *bytes. Refuses lengths that are
 * negative, above 16 GiB, or more than the compressed bytes can hold, so that the length may be allocated. An empty
 * buffer holds an empty content. */
enum weir_status weir_arrow_codec_peek(enum weir_arrow_compression compression, const uint8_t *buffer,
                                       size_t buffer_bytes, size_t *bytes, struct weir_error *error);

/* The first `wanted` bytes of the content of a buffer whose length has been peeked as `content` >= wanted. Where
 * both are equal, a frame that holds more is an error. */
enum weir_status weir_arrow_codec_expand(struct weir_arrow_codec *codec, enum weir_arrow_compression compression,
                                         const uint8_t *buffer, size_t buffer_bytes, size_t content, uint8_t *out,
                                         size_t wanted, struct weir_error *error);

/* Bytes that weir_arrow_codec_shrink may write for so many. */
size_t weir_arrow_codec_bound(enum weir_arrow_compression compression, size_t bytes);

/* Writes `bytes` > 0 as a compressed buffer, stored as it is when compression does not make it smaller.
 * `compression` is not PLAIN. *out_bytes: what was written, with the 8 bytes. */
enum weir_status weir_arrow_codec_shrink(struct weir_arrow_codec *codec, enum weir_arrow_compression compression,
                                         const uint8_t *data, size_t bytes, uint8_t *out, size_t *out_bytes,
                                         struct weir_error *error);

#endif
