/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/say.h"

static bool reserve(struct weir_cli_text *text, size_t more) {
    if (text->failed) return false;
    if (text->capacity - text->used > more) return true;
    size_t capacity = text->capacity == 0 ? 256 : text->capacity;
    while (capacity - text->used <= more) {
        if (capacity > SIZE_MAX / 4) {
            text->failed = true;
            return false;
        }
        capacity *= 2;
    }
    char *data = realloc(text->data, capacity);
    if (data == NULL) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void weir_cli_text_append(struct weir_cli_text *text, const char *bytes, size_t count) {
    if (count > SIZE_MAX / 4) text->failed = true;
    if (!reserve(text, count)) return;
    memcpy(text->data + text->used, bytes, count);
    text->used += count;
    text->data[text->used] = '\0';
}

void weir_cli_text_add(struct weir_cli_text *text, const char *string) {
    weir_cli_text_append(text, string, strlen(string));
}

void weir_cli_text_pad(struct weir_cli_text *text, char byte, size_t count) {
    if (count > SIZE_MAX / 4) text->failed = true;
    if (!reserve(text, count)) return;
    memset(text->data + text->used, byte, count);
    text->used += count;
    text->data[text->used] = '\0';
}

void weir_cli_text_print(struct weir_cli_text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) text->failed = true;
    if (length >= 0 && reserve(text, (size_t)length + 1)) {
        vsnprintf(text->data + text->used, (size_t)length + 1, format, again);
        text->used += (size_t)length;
    }
    va_end(again);
}

static void json_byte(struct weir_cli_text *text, unsigned char byte) {
    switch (byte) {
    case '"': weir_cli_text_add(text, "\\\""); break;
    case '\\': weir_cli_text_add(text, "\\\\"); break;
    case '\n': weir_cli_text_add(text, "\\n"); break;
    case '\t': weir_cli_text_add(text, "\\t"); break;
    default:
        if (byte < 0x20)
            weir_cli_text_print(text, "\\u%04x", byte);
        else
            weir_cli_text_append(text, (const char *)&byte, 1);
    }
}

void weir_cli_text_json(struct weir_cli_text *text, const char *string) {
    size_t left = strlen(string);
    weir_cli_text_append(text, "\"", 1);
    while (left > 0) {
        size_t length = weir_cli_utf8_length(string, left);
        if (length == 1)
            json_byte(text, (unsigned char)*string);
        else if (length == 0)
            weir_cli_text_add(text, "\\ufffd");
        else
            weir_cli_text_append(text, string, length);
        if (length == 0) length = 1;
        string += length;
        left -= length;
    }
    weir_cli_text_append(text, "\"", 1);
}

void weir_cli_text_fini(struct weir_cli_text *text) {
    free(text->data);
    memset(text, 0, sizeof(*text));
}

bool weir_cli_write(int fd, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t done = write(fd, bytes, count);
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) return false;
        bytes += done;
        count -= (size_t)done;
    }
    return true;
}

bool weir_cli_reader_has_gone(void) {
    struct pollfd out = {.fd = STDOUT_FILENO};
    return poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

bool weir_cli_text_out(struct weir_cli_text *text) {
    bool done = !text->failed;
    if (!done) weir_cli_say("error: memory is short");
    if (done && !weir_cli_write(STDOUT_FILENO, text->data, text->used)) {
        if (errno != EPIPE) weir_cli_say("error: cannot write to standard output: %s", strerror(errno));
        done = false;
    }
    weir_cli_text_fini(text);
    return done;
}

static bool read_all(int fd, size_t bytes_max, struct weir_cli_text *text) {
    for (;;) {
        char block[65536];
        ssize_t got = read(fd, block, sizeof(block));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        weir_cli_text_append(text, block, (size_t)got);
        if (text->failed || text->used > bytes_max) {
            errno = text->failed ? ENOMEM : EFBIG;
            return false;
        }
        if (got == 0) return true;
    }
}

bool weir_cli_read_file(const char *path, size_t bytes_max, char **out, size_t *count) {
    bool standard = strcmp(path, "-") == 0;
    int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    struct weir_cli_text text = {0};
    bool done = read_all(fd, bytes_max, &text);
    int reason = errno;
    if (!standard) close(fd);
    if (!done) weir_cli_text_fini(&text);
    errno = reason;
    *out = text.data;
    *count = text.used;
    return done;
}

size_t weir_cli_utf8_length(const char *bytes, size_t count) {
    const unsigned char *at = (const unsigned char *)bytes;
    if (count == 0) return 0;
    if (at[0] < 0x80) return 1;
    size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (at[0] < 0xC2 || at[0] > 0xF4 || length > count) return 0;
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
    }
    /* overlong forms, surrogates, and what lies beyond U+10FFFF */
    if (at[0] == 0xE0 && at[1] < 0xA0) return 0;
    if (at[0] == 0xED && at[1] > 0x9F) return 0;
    if (at[0] == 0xF0 && at[1] < 0x90) return 0;
    if (at[0] == 0xF4 && at[1] > 0x8F) return 0;
    return length;
}
