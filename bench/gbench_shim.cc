/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/gbench.h"

#include <benchmark/benchmark.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

struct weir_gbench {
    benchmark::State &state;
};

static std::atomic<bool> some_failed{false};

void weir_gbench_register(const char *name, weir_gbench_fn fn, void *user) {
    benchmark::RegisterBenchmark(name,
                                 [fn, user](benchmark::State &state) {
                                     weir_gbench bench{state};
                                     fn(&bench, user);
                                 })
        ->UseRealTime()
        ->MeasureProcessCPUTime();
}

bool weir_gbench_keep_running(weir_gbench *bench) { return bench->state.KeepRunning(); }

void weir_gbench_pause(weir_gbench *bench) { bench->state.PauseTiming(); }

void weir_gbench_resume(weir_gbench *bench) { bench->state.ResumeTiming(); }

void weir_gbench_rows(weir_gbench *bench, int64_t rows_a_turn) {
    bench->state.SetItemsProcessed(rows_a_turn * static_cast<int64_t>(bench->state.iterations()));
}

void weir_gbench_bytes(weir_gbench *bench, int64_t bytes_a_turn) {
    bench->state.SetBytesProcessed(bytes_a_turn * static_cast<int64_t>(bench->state.iterations()));
}

void weir_gbench_counter(weir_gbench *bench, const char *name, double value) {
    bench->state.counters[name] = benchmark::Counter(value);
}

void weir_gbench_label(weir_gbench *bench, const char *text) { bench->state.SetLabel(text); }

void weir_gbench_fail(weir_gbench *bench, const char *reason) {
    some_failed = true;
    bench->state.SkipWithError(reason);
}

static int64_t option_value(const char *option, const char *text) {
    char *end = nullptr;
    errno = 0;
    long long value = std::strtoll(text, &end, 10);
    if (errno == 0 && end != text && *end == 0 && value >= 1) return value;
    std::fprintf(stderr, "%s: '%s' is no number from 1 on\n", option, text);
    std::exit(2);
}

int64_t weir_gbench_option(int *argc, char **argv, const char *name, int64_t fallback) {
    size_t length = std::strlen(name);
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        const char *text = argv[i];
        bool is_it = std::strncmp(text, "--", 2) == 0 && std::strncmp(text + 2, name, length) == 0 &&
                     text[2 + length] == '=';
        if (is_it) {
            fallback = option_value(name, text + 2 + length + 1);
        } else {
            argv[kept++] = argv[i];
        }
    }
    *argc = kept;
    return fallback;
}

int weir_gbench_run(int argc, char **argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return some_failed ? 1 : 0;
}
