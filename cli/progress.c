/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "cli/memory.h"
#include "cli/say.h"
#include "cli/text.h"

#define FIRST_AFTER_MS 1000
#define EVERY_MS 200

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static bool running;    /* under lock: the work goes on */
static bool line_shown; /* under lock */

static struct {
    pthread_t thread;
    bool started;
    weir_cli_progress_fn state;
    const void *work;
    double begin;
} attendant;

double weir_cli_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double share_done(const struct weir_progress *progress) {
    double share = 0;
    if (progress->bytes_total > 0)
        share = (double)progress->bytes_done / (double)progress->bytes_total;
    else if (progress->rows_total > 0)
        share = (double)progress->rows_in / (double)progress->rows_total;
    return share > 1 ? 1 : share;
}

/* What matters most stands first: the line is cut at the terminal's edge. */
static void print_line(struct weir_cli_text *text, const struct weir_progress *progress, double seconds) {
    char buffer[WEIR_CLI_COUNT_BYTES];
    char time[WEIR_CLI_TIME_BYTES];
    double share = share_done(progress);
    int64_t memory = weir_cli_resident_bytes();
    if (share > 0) weir_cli_text_print(text, "%3.0f %%  ", share * 100);
    if (share > 0.01) weir_cli_text_print(text, "%.0f s left  ", seconds * (1 - share) / share);
    weir_cli_text_print(text, "%.1f M rows/s  ", (double)progress->rows_in / seconds * 1e-6);
    if (progress->bytes_done > 0)
        weir_cli_text_print(text, "%.2f GB/s  ", (double)progress->bytes_done / seconds * 1e-9);
    if (memory > 0) weir_cli_text_print(text, "%s  ", weir_cli_bytes_text((double)memory, buffer));
    if (progress->late > 0) weir_cli_text_print(text, "%s late  ", weir_cli_count_text(progress->late, buffer));
    if (progress->watermark != INT64_MIN)
        weir_cli_text_print(text, "watermark %s", weir_cli_time_text(progress->watermark, time));
}

/* Under lock. A line wider than the terminal would wrap and could not be wiped. */
static void show_line(void) {
    struct weir_progress progress = {.struct_size = sizeof(progress), .watermark = INT64_MIN};
    struct weir_cli_text text = {0};
    struct winsize window = {0};
    attendant.state(attendant.work, &progress);
    print_line(&text, &progress, weir_cli_now() - attendant.begin);
    size_t width = ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1 ? window.ws_col - 1u : 79;
    size_t shown = text.used < width ? text.used : width;
    if (!text.failed && weir_cli_write(STDERR_FILENO, "\r\033[K", 4))
        line_shown = weir_cli_write(STDERR_FILENO, text.data, shown);
    weir_cli_text_fini(&text);
}

static void *attend(void *argument) {
    (void)argument;
    struct timespec until;
    long wait_ms = FIRST_AFTER_MS;
    clock_gettime(CLOCK_REALTIME, &until);
    pthread_mutex_lock(&lock);
    while (running) {
        until.tv_nsec += (wait_ms % 1000) * 1000000;
        until.tv_sec += wait_ms / 1000 + until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        while (running && pthread_cond_timedwait(&ended, &lock, &until) == 0) {
        }
        if (running) show_line();
        clock_gettime(CLOCK_REALTIME, &until);
        wait_ms = EVERY_MS;
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

void weir_cli_progress_begin(weir_cli_progress_fn state, const void *work) {
    const char *term = getenv("TERM");
    if (isatty(STDERR_FILENO) != 1 || term == NULL || strcmp(term, "dumb") == 0) return;
    attendant.state = state;
    attendant.work = work;
    attendant.begin = weir_cli_now();
    running = true;
    attendant.started = pthread_create(&attendant.thread, NULL, attend, NULL) == 0;
}

void weir_cli_progress_end(void) {
    if (!attendant.started) return;
    pthread_mutex_lock(&lock);
    running = false;
    pthread_cond_signal(&ended);
    pthread_mutex_unlock(&lock);
    pthread_join(attendant.thread, NULL);
    attendant.started = false;
    weir_cli_progress_wipe();
}

void weir_cli_progress_wipe(void) {
    pthread_mutex_lock(&lock);
    if (line_shown) weir_cli_write(STDERR_FILENO, "\r\033[K", 4);
    line_shown = false;
    pthread_mutex_unlock(&lock);
}
