/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/say.h"

#define REPEAT_SECONDS 0.5

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct weir_run *watched; /* under lock */
static bool watching;            /* under lock */
static double taken_at;          /* under lock: when the first signal came */
static atomic_int taken;
static atomic_bool asks; /* SIGUSR1 asks the run's thread, too */
static atomic_bool asked;

/* True when the process is to live on: it stops by itself. Wrappers such as timeout send one signal twice, to the
 * process and to its group, so a repetition counts only after a while. */
static bool stop_work(int signal_number) {
    pthread_mutex_lock(&lock);
    double now = weir_cli_now();
    bool first = atomic_load(&taken) == 0;
    if (first) taken_at = now;
    bool lives = watching && (first || now - taken_at < REPEAT_SECONDS);
    if (first) atomic_store(&taken, signal_number);
    if (lives && watched != NULL) weir_run_cancel(watched);
    pthread_mutex_unlock(&lock);
    return lives;
}

/* Where the run stands; without one the signal is only not deadly. */
static void report(void) {
    char rows[WEIR_CLI_COUNT_BYTES], late[WEIR_CLI_COUNT_BYTES], time[WEIR_CLI_TIME_BYTES];
    struct weir_progress progress = {.struct_size = sizeof(progress), .watermark = INT64_MIN};
    pthread_mutex_lock(&lock);
    if (watched != NULL) {
        weir_run_progress(watched, &progress);
        weir_cli_say("%s rows in, %s late, watermark %s", weir_cli_count_text(progress.rows_in, rows),
                     weir_cli_count_text(progress.late, late), weir_cli_time_text(progress.watermark, time));
        if (atomic_load(&asks)) {
            atomic_store(&asked, true);
            weir_run_wake(watched);
        }
    }
    pthread_mutex_unlock(&lock);
}

static void *wait_for_signals(void *argument) {
    const sigset_t *signals = argument;
    for (;;) {
        int number = 0;
        if (sigwait(signals, &number) != 0) continue;
        if (number == SIGUSR1) {
            report();
            continue;
        }
        if (stop_work(number)) continue;
        weir_cli_progress_wipe();
        _exit(128 + number);
    }
    return NULL;
}

void weir_cli_interrupt_init(void) {
    static sigset_t signals;
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        struct sigaction before;
        /* what nohup and shells' background jobs ignore stays ignored */
        if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_IGN) continue;
        sigaddset(&signals, numbers[i]);
    }
    pthread_t thread;
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    if (pthread_create(&thread, NULL, wait_for_signals, &signals) == 0)
        pthread_detach(thread);
    else
        pthread_sigmask(SIG_UNBLOCK, &signals, NULL); /* signals then end the process, as by default */
}

void weir_cli_interrupt_watch(struct weir_run *run) {
    pthread_mutex_lock(&lock);
    watched = run;
    watching = true;
    /* one that came between two statements is not lost */
    if (atomic_load(&taken) != 0 && run != NULL) weir_run_cancel(run);
    pthread_mutex_unlock(&lock);
}

void weir_cli_interrupt_unwatch(void) {
    pthread_mutex_lock(&lock);
    watched = NULL;
    watching = false;
    pthread_mutex_unlock(&lock);
}

void weir_cli_interrupt_ask(void) { atomic_store(&asks, true); }

bool weir_cli_interrupt_asked(void) { return atomic_load(&asked) && atomic_exchange(&asked, false); }

int weir_cli_interrupted(void) { return atomic_load(&taken); }
