/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/arrow_codec.h"

#include <lz4frame.h>
#include <stdbool.h>
#include <string.h>
#include <zstd.h>

#include "base/error.h"

#define PREFIX 8
#define CONTENT_MAX (INT64_C(16) << 30)

/* The most that one compressed byte can stand for: 255 bytes of a match in LZ4, and in Zstandard a block of 128 KiB
 * in its 4 bytes. */
#define LZ4_RATIO 256
#define ZSTD_RATIO 32768

static enum weir_status no_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "not enough memory for a compressed Arrow buffer");
}

void weir_arrow_codec_fini(struct weir_arrow_codec *codec) {
    LZ4F_freeDecompressionContext(codec->lz4_reader);
    ZSTD_freeDCtx(codec->zstd_reader);
    ZSTD_freeCCtx(codec->zstd_writer);
    *codec = (struct weir_arrow_codec){0};
}

enum weir_status weir_arrow_codec_peek(enum weir_arrow_compression compression, const uint8_t *buffer,
                                       size_t buffer_bytes, size_t *bytes, struct weir_error *error) {
    *bytes = 0;
    if (buffer_bytes == 0) return WEIR_OK;
    if (buffer_bytes < PREFIX) {
        return weir_error_set(error, WEIR_ERR_FORMAT, "a compressed buffer of %zu bytes lacks its length",
                              buffer_bytes);
    }
    int64_t content;
    memcpy(&content, buffer, PREFIX);
    size_t packed = buffer_bytes - PREFIX;
    if (content == -1) {
        *bytes = packed;
        return WEIR_OK;
    }
    size_t ratio = compression == WEIR_ARROW_LZ4 ? LZ4_RATIO : ZSTD_RATIO;
    if (content < 0 || content > CONTENT_MAX || (size_t)content / ratio > packed) {
        return weir_error_set(error, WEIR_ERR_FORMAT,
                              "%zu compressed bytes cannot hold the %lld bytes that they declare", packed,
                              (long long)content);
    }
    *bytes = (size_t)content;
    return WEIR_OK;
}

static enum weir_status damaged(const char *reason, struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_FORMAT, "a compressed buffer is damaged: %s", reason);
}

static enum weir_status expand_lz4(struct weir_arrow_codec *codec, const uint8_t *from, size_t from_bytes,
                                   uint8_t *out, size_t wanted, bool whole, struct weir_error *error) {
    if (codec->lz4_reader == NULL &&
        LZ4F_isError(LZ4F_createDecompressionContext(&codec->lz4_reader, LZ4F_VERSION))) {
        codec->lz4_reader = NULL;
        return no_memory(error);
    }
    LZ4F_resetDecompressionContext(codec->lz4_reader);
    size_t taken = 0, given = 0, hint = 1;
    while (hint != 0) {
        size_t out_bytes = wanted - given, in_bytes = from_bytes - taken;
        hint = LZ4F_decompress(codec->lz4_reader, out + given, &out_bytes, from + taken, &in_bytes, NULL);
        if (LZ4F_isError(hint)) return damaged(LZ4F_getErrorName(hint), error);
        given += out_bytes;
        taken += in_bytes;
        if (out_bytes == 0 && in_bytes == 0) break;
        if (given == wanted && !whole) return WEIR_OK;
    }
    if (given < wanted) return damaged("it ends before its declared length", error);
    return hint == 0 || !whole ? WEIR_OK : damaged("it does not end at its declared length", error);
}

static enum weir_status expand_zstd(struct weir_arrow_codec *codec, const uint8_t *from, size_t from_bytes,
                                    uint8_t *out, size_t wanted, bool whole, struct weir_error *error) {
    if (codec->zstd_reader == NULL) codec->zstd_reader = ZSTD_createDCtx();
    if (codec->zstd_reader == NULL) return no_memory(error);
    if (whole) {
        size_t given = ZSTD_decompressDCtx(codec->zstd_reader, out, wanted, from, from_bytes);
        if (ZSTD_isError(given)) return damaged(ZSTD_getErrorName(given), error);
        return given == wanted ? WEIR_OK : damaged("it ends before its declared length", error);
    }
    ZSTD_DCtx_reset(codec->zstd_reader, ZSTD_reset_session_only);
    ZSTD_outBuffer output = {out, wanted, 0};
    ZSTD_inBuffer input = {from, from_bytes, 0};
    while (output.pos < wanted) {
        size_t before = output.pos + input.pos;
        size_t hint = ZSTD_decompressStream(codec->zstd_reader, &output, &input);
        if (ZSTD_isError(hint)) return damaged(ZSTD_getErrorName(hint), error);
        if (output.pos + input.pos == before) return damaged("it ends before its declared length", error);
    }
    return WEIR_OK;
}

enum weir_status weir_arrow_codec_expand(struct weir_arrow_codec *codec, enum weir_arrow_compression compression,
                                         const uint8_t *buffer, size_t buffer_bytes, size_t content, uint8_t *out,
                                         size_t wanted, struct weir_error *error) {
    if (wanted == 0) return WEIR_OK;
    int64_t declared;
    memcpy(&declared, buffer, PREFIX);
    if (declared == -1) {
        memcpy(out, buffer + PREFIX, wanted);
        return WEIR_OK;
    }
    bool whole = wanted == content;
    const uint8_t *from = buffer + PREFIX;
    size_t from_bytes = buffer_bytes - PREFIX;
    return compression == WEIR_ARROW_LZ4 ? expand_lz4(codec, from, from_bytes, out, wanted, whole, error)
                                         : expand_zstd(codec, from, from_bytes, out, wanted, whole, error);
}

/* ---- writing ---------------------------------------------------------------------------------------------------
 */

size_t weir_arrow_codec_bound(enum weir_arrow_compression compression, size_t bytes) {
    size_t bound = compression == WEIR_ARROW_LZ4 ? LZ4F_compressFrameBound(bytes, NULL) : ZSTD_compressBound(bytes);
    return PREFIX + (bound > bytes ? bound : bytes);
}

enum weir_status weir_arrow_codec_shrink(struct weir_arrow_codec *codec, enum weir_arrow_compression compression,
                                         const uint8_t *data, size_t bytes, uint8_t *out, size_t *out_bytes,
                                         struct weir_error *error) {
    size_t room = weir_arrow_codec_bound(compression, bytes) - PREFIX, packed;
    if (compression == WEIR_ARROW_LZ4) {
        packed = LZ4F_compressFrame(out + PREFIX, room, data, bytes, NULL);
        if (LZ4F_isError(packed)) return no_memory(error);
    } else {
        if (codec->zstd_writer == NULL) codec->zstd_writer = ZSTD_createCCtx();
        if (codec->zstd_writer == NULL) return no_memory(error);
        packed = ZSTD_compressCCtx(codec->zstd_writer, out + PREFIX, room, data, bytes, 1);
        if (ZSTD_isError(packed)) return no_memory(error);
    }
    int64_t content = (int64_t)bytes;
    if (packed >= bytes) {
        content = -1;
        packed = bytes;
        memcpy(out + PREFIX, data, bytes);
    }
    memcpy(out, &content, PREFIX);
    *out_bytes = PREFIX + packed;
    return WEIR_OK;
}
