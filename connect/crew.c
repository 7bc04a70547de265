/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/crew.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

#define THREADS_MAX 1024

struct member {
    struct weir_crew *crew;
    pthread_t thread;
    int32_t idx;
};

struct weir_crew {
    pthread_mutex_t lock; /* taken twice a job, and jobs are large */
    pthread_cond_t submitted;
    pthread_cond_t finished;
    struct weir_crew_job *first; /* submitted, and not begun */
    struct weir_crew_job *last;
    bool stops;
    int32_t count;
    struct member members[];
};

static struct weir_crew_job *take(struct weir_crew *crew) {
    pthread_mutex_lock(&crew->lock);
    while (crew->first == NULL && !crew->stops) pthread_cond_wait(&crew->submitted, &crew->lock);
    struct weir_crew_job *job = crew->stops ? NULL : crew->first;
    if (job != NULL) crew->first = job->next;
    pthread_mutex_unlock(&crew->lock);
    return job;
}

static void *run(void *argument) {
    struct member *member = argument;
    struct weir_crew *crew = member->crew;
    for (;;) {
        struct weir_crew_job *job = take(crew);
        if (job == NULL) return NULL;
        job->work(job, member->idx);
        pthread_mutex_lock(&crew->lock);
        job->done = true;
        pthread_cond_signal(&crew->finished);
        pthread_mutex_unlock(&crew->lock);
    }
}

/* Starts as many as the system gives. Signals are the program's business. */
static void start(struct weir_crew *crew, int32_t threads) {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (crew->count < threads) {
        struct member *member = &crew->members[crew->count];
        *member = (struct member){.crew = crew, .idx = crew->count};
        if (pthread_create(&member->thread, NULL, run, member) != 0) break;
        crew->count++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

enum weir_status weir_crew_create(int32_t threads, struct weir_crew **out, struct weir_error *error) {
    if (threads < 1 || threads > THREADS_MAX)
        return weir_error_set(error, WEIR_ERR_INVALID, "%d threads to decode: want 1 to %d", threads, THREADS_MAX);
    struct weir_crew *crew = calloc(1, sizeof(*crew) + (size_t)threads * sizeof(crew->members[0]));
    if (crew == NULL) return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for %d threads", threads);
    pthread_mutex_init(&crew->lock, NULL);
    pthread_cond_init(&crew->submitted, NULL);
    pthread_cond_init(&crew->finished, NULL);
    start(crew, threads);
    if (crew->count == 0) {
        weir_crew_destroy(&crew);
        return weir_error_set(error, WEIR_ERR_IO, "the system starts no thread to decode files");
    }
    *out = crew;
    return WEIR_OK;
}

void weir_crew_destroy(struct weir_crew **address) {
    struct weir_crew *crew = *address;
    if (crew == NULL) return;
    *address = NULL;
    pthread_mutex_lock(&crew->lock);
    crew->stops = true;
    pthread_cond_broadcast(&crew->submitted);
    pthread_mutex_unlock(&crew->lock);
    for (int32_t i = 0; i < crew->count; i++) pthread_join(crew->members[i].thread, NULL);
    pthread_cond_destroy(&crew->finished);
    pthread_cond_destroy(&crew->submitted);
    pthread_mutex_destroy(&crew->lock);
    free(crew);
}

void weir_crew_submit(struct weir_crew *crew, struct weir_crew_job *job) {
    job->next = NULL;
    job->done = false;
    pthread_mutex_lock(&crew->lock);
    if (crew->first == NULL)
        crew->first = job;
    else
        crew->last->next = job;
    crew->last = job;
    pthread_cond_signal(&crew->submitted);
    pthread_mutex_unlock(&crew->lock);
}

void weir_crew_wait(struct weir_crew *crew, const struct weir_crew_job *job) {
    pthread_mutex_lock(&crew->lock);
    while (!job->done) pthread_cond_wait(&crew->finished, &crew->lock);
    pthread_mutex_unlock(&crew->lock);
}
