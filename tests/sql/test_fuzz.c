/* SPDX-License-Identifier: Apache-2.0
 *
 * Valid scripts, mutated token by token and byte by byte: whatever comes of them is a plan or an error with a
 * message, never a crash. The seed is printed; WEIR_FUZZ_SEED sets it, WEIR_FUZZ_ROUNDS the number of mutants.
 */
#include "script.h"

#include "sql/lexer.h"

static const char *const scripts[] = {
    EVENTS
    "SELECT window_start, window_end, k, COUNT(*) AS n, SUM(v) AS sv, MAX(x) AS maxx FROM TABLE(HOP(TABLE events, "
    "DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE)) WHERE v > 1 AND k LIKE 'a%' GROUP BY window_start, "
    "window_end, k HAVING COUNT(*) > 2 ORDER BY n DESC, k NULLS LAST LIMIT 5 OFFSET 1;",
    EVENTS
    "CREATE TEMPORARY VIEW w (a, c) AS SELECT ts, CASE v WHEN 1 THEN 'x' ELSE UPPER(k) END FROM events WHERE f IS "
    "NOT "
    "TRUE; SELECT c, CAST(COUNT(*) AS DOUBLE) / 2.5 FROM (SELECT * FROM w) AS q WHERE a > '2024-01-01' GROUP BY c;",
    EVENTS "WITH p AS (SELECT v + b AS s, d * 2 AS t FROM events), q (m) AS (SELECT s FROM p WHERE t BETWEEN 1 AND "
           "2.5) SELECT "
           "DISTINCT m % 7, -m FROM q WHERE m IN (1, 2, 3) OR NOT m = 5;",
    EVENTS "SELECT EXTRACT(YEAR FROM ts), FLOOR(ts TO HOUR), SUBSTRING(k FROM 2 FOR 3), TRIM(BOTH 'x' FROM k), ts "
           "+ INTERVAL '1 "
           "02:03:04.005' DAY TO SECOND, TRY_CAST(k AS DECIMAL(5, 2)), COALESCE(v, b, 1), k || 'é', DATE "
           "'2024-02-29' FROM events;",
    EVENTS "CREATE TABLE o (a BIGINT NOT NULL, c STRING COMMENT 'c', PRIMARY KEY (a) NOT ENFORCED) WITH "
           "('connector' = 'filesystem', "
           "'path' = 'x'); INSERT INTO o (c, a) SELECT k, v FROM events; DROP TABLE IF EXISTS o;",
    "SET 'execution.runtime-mode' = 'batch'; SELECT window_time, AVG(v) FROM TABLE(CUMULATE(DATA => TABLE 'f', "
    "TIMECOL => "
    "DESCRIPTOR(ts), STEP => INTERVAL '1' MINUTE, SIZE => INTERVAL '1' HOUR)) GROUP BY window_start, window_end, "
    "window_time; RESET;",
    EVENTS
    "SET 'table.exec.emit.early-fire.enabled' = 'true'; SET 'table.exec.emit.early-fire.delay' = '0 s'; SET "
    "'weir.emit.mode' = 'discarding'; SELECT HOP_START(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) AS s, k, "
    "COUNT(*) AS n FROM events GROUP BY HOP(ts, INTERVAL '1' MINUTE, INTERVAL '5' MINUTE), k HAVING HOP_END(ts, "
    "INTERVAL '1' MINUTE, INTERVAL '5' MINUTE) > TIMESTAMP '2024-01-01 00:00:00'; RESET 'weir.emit.mode';",
    EVENTS
    "SET 'weir.end-of-input' = 'mark'; SELECT window_start, is_complete, k, b, SUM(v) FROM TABLE(SESSION(DATA => "
    "TABLE events PARTITION BY k, b, TIMECOL => DESCRIPTOR(ts), GAP => INTERVAL '30' SECOND, MAX_DURATION => "
    "INTERVAL '1' HOUR)) GROUP BY window_start, window_end, k, b;",
    EVENTS
    "SELECT k, AVG(x) FROM TABLE(COUNT_WINDOW(TABLE events PARTITION BY (k), DESCRIPTOR(ts), 100, 10)) GROUP BY "
    "window_start, window_end, k; SELECT MAX(v) FROM TABLE(COUNT_OR_TIME((SELECT * FROM events), DESCRIPTOR(ts), "
    "5, INTERVAL '1' SECOND)) GROUP BY window_start, window_end;",
    EVENTS
    "SELECT TUMBLE_ROWTIME(ts, INTERVAL '1' DAY), SUM(v), COUNT(*) FROM events GROUP BY TUMBLE(ts, INTERVAL '1' "
    "DAY) FILL(-1, 10); SELECT SUM(v) FROM events GROUP BY k, TUMBLE(ts, INTERVAL '1' DAY) FILL(LINEAR);",
    EVENTS
    "SELECT k FROM events /*+ OPTIONS('path' = 'b.csv', 'csv.header' = 'true') */ AS e; INSERT INTO 'o.csv' /*+ "
    "OPTIONS('csv.header' = 'false') */ SELECT v FROM 'f' /*+ OPTIONS('format' = 'csv') */;",
    "CREATE TABLE s (ts TIMESTAMP(3), v INT, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', "
    "'scan.watermark.idle-timeout' = '5 s', 'scan.watermark.max-future' = '1 h', 'scan.watermark.future-policy' = "
    "'keep'); SELECT SUM(v) FROM s GROUP BY SESSION(ts, INTERVAL '1' MINUTE);",
};

#define SCRIPTS (sizeof(scripts) / sizeof(scripts[0]))

static uint64_t state;

static uint64_t draw(uint64_t limit) {
    state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t x = state;
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (x ^ (x >> 31)) % limit;
}

/* All tokens of all scripts: what mutants are made of. */
struct words {
    struct weir_arena arena;
    const char **items; /* as written */
    size_t count;
    size_t first[SCRIPTS + 1];
};

static void collect(struct words *words) {
    memset(words, 0, sizeof(*words));
    words->items = calloc(4096, sizeof(*words->items));
    for (size_t i = 0; i < SCRIPTS; i++) {
        struct weir_script script;
        struct weir_tokens tokens;
        assert_int_equal(weir_script_expand(&words->arena, scripts[i], NULL, 0, &script, NULL), WEIR_OK);
        assert_int_equal(weir_lex(&words->arena, &script, &tokens, NULL), WEIR_OK);
        words->first[i] = words->count;
        for (size_t j = 0; j + 1 < tokens.count && words->count < 4096; j++) {
            const struct weir_token *token = &tokens.items[j];
            words->items[words->count++] =
                weir_arena_string(&words->arena, script.text + token->begin, token->end - token->begin);
        }
    }
    words->first[SCRIPTS] = words->count;
}

/* A script with one to four tokens dropped, doubled, swapped for others, or cut off. */
static void mutate_tokens(const struct words *words, char *out, size_t size) {
    size_t which = draw(SCRIPTS), first = words->first[which], count = words->first[which + 1] - first;
    size_t changes = 1 + draw(4), at[4], kind[4];
    for (size_t i = 0; i < changes; i++) {
        at[i] = draw(count);
        kind[i] = draw(5);
    }
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; i < count; i++) {
        const char *word = words->items[first + i];
        int times = 1;
        for (size_t j = 0; j < changes; j++) {
            if (at[j] != i) continue;
            if (kind[j] == 0) times = 0;
            if (kind[j] == 1) times = 2;
            if (kind[j] == 2) word = words->items[draw(words->count)];
            if (kind[j] == 3) word = words->items[first + draw(count)];
            if (kind[j] == 4 && draw(4) == 0) return;
        }
        for (int t = 0; t < times; t++)
            length += (size_t)snprintf(out + length, size - length, "%s%s", length == 0 ? "" : " ", word);
        if (length + 200 > size) return;
    }
}

/* A script with up to three bytes overwritten. */
static void mutate_bytes(char *out, size_t size) {
    snprintf(out, size, "%s", scripts[draw(SCRIPTS)]);
    size_t length = strlen(out);
    for (size_t i = draw(3) + 1; i > 0; i--) out[draw(length)] = (char)(1 + draw(255));
}

/* True when the script ran. */
static bool check(struct script *script, const char *sql) {
    enum weir_status status = script_run(script, sql);
    if (status == WEIR_OK) return true;
    bool known = status == WEIR_ERR_SQL || status == WEIR_ERR_UNSUPPORTED || status == WEIR_ERR_FORMAT;
    if (!known)
        fail_msg("status %d, %d:%d %s\n  for %s", (int)status, script->error.line, script->error.column,
                 script->error.message, sql);
    if (script->error.message[0] == '\0' || script->error.line < 1 || script->error.column < 1)
        fail_msg("an error without message or place (%s) for\n  %s", script->error.message, sql);
    return false;
}

static void mutants_never_crash(void **unused) {
    (void)unused;
    const char *seed = getenv("WEIR_FUZZ_SEED"), *rounds = getenv("WEIR_FUZZ_ROUNDS");
    state = seed == NULL ? 20240131 : strtoull(seed, NULL, 10);
    long count = rounds == NULL ? 4000 : strtol(rounds, NULL, 10);
    print_message("WEIR_FUZZ_SEED=%llu\n", (unsigned long long)state);
    struct words words;
    static char sql[16384];
    long valid = 0;
    collect(&words);
    for (long i = 0; i < count; i++) {
        struct script script;
        if (draw(4) == 0) {
            mutate_bytes(sql, sizeof(sql));
        } else {
            mutate_tokens(&words, sql, sizeof(sql));
        }
        script_open(&script);
        valid += check(&script, sql);
        script_close(&script);
    }
    /* Mutants that all fail early, or not at all, would test nothing. */
    assert_in_range(valid, count / 50, count - count / 10);
    weir_arena_fini(&words.arena);
    free(words.items);
}

static void the_scripts_themselves_are_valid(void **unused) {
    (void)unused;
    for (size_t i = 0; i < SCRIPTS; i++) {
        struct script script;
        script_open(&script);
        if (script_run(&script, scripts[i]) != WEIR_OK)
            fail_msg("%s\n  %d:%d %s", scripts[i], script.error.line, script.error.column, script.error.message);
        script_close(&script);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_scripts_themselves_are_valid),
        cmocka_unit_test(mutants_never_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
