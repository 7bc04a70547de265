/* SPDX-License-Identifier: Apache-2.0 */
#include "sql/session.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "sql/parser.h"

#define BATCH_ROWS 65536

static enum weir_status out_of_memory(struct weir_error *error) {
    return weir_error_set(error, WEIR_ERR_MEMORY, "no memory for the session");
}

static enum weir_status invalid(struct weir_error *error, const char *what) {
    return weir_error_set(error, WEIR_ERR_INVALID, "%s", what);
}

static enum weir_status check_options(const struct weir_session_options *options, struct weir_error *error) {
    if (options->struct_size != sizeof(*options))
        return weir_error_set(error, WEIR_ERR_INVALID,
                              "weir_session_options.struct_size is %zu; set it to sizeof (%zu)",
                              options->struct_size, sizeof(*options));
    if (options->workers < 0 || options->workers > 1024) return invalid(error, "workers must be from 0 to 1024");
    if (options->batch_rows < 0 || options->batch_rows > INT32_MAX)
        return invalid(error, "batch_rows must be from 0 to 2147483647");
    if (options->memory_max < 0) return invalid(error, "memory_max must not be negative");
    if (options->wait_ms < 0 || options->wait_ms > 60000) return invalid(error, "wait_ms must be from 0 to 60000");
    return WEIR_OK;
}

enum weir_status weir_session_create(const struct weir_session_options *options, struct weir_session **out,
                                     struct weir_error *error) {
    if (out == NULL) return invalid(error, "weir_session_create needs a place for the session");
    *out = NULL;
    enum weir_status status = options == NULL ? WEIR_OK : check_options(options, error);
    if (status != WEIR_OK) return status;
    struct weir_session *session = calloc(1, sizeof(*session));
    if (session == NULL) return out_of_memory(error);
    session->options = options == NULL ? (struct weir_session_options){0} : *options;
    if (session->options.batch_rows == 0) session->options.batch_rows = BATCH_ROWS;
    weir_arena_init(&session->arena, 0);
    status = weir_session_register(session, weir_connector_filesystem(), error);
    if (status == WEIR_OK) {
        *out = session;
    } else {
        weir_session_destroy(&session);
    }
    return status;
}

void weir_session_destroy(struct weir_session **session) {
    if (session == NULL || *session == NULL) return;
    struct weir_session *dead = *session;
    *session = NULL;
    weir_run_destroy(&dead->run);
    weir_catalog_fini(&dead->catalog);
    free(dead->connectors);
    free(dead->defines);
    free(dead->statements);
    free(dead->written);
    weir_arena_fini(&dead->arena);
    free(dead);
}

enum weir_status weir_session_register(struct weir_session *session, const struct weir_connector *connector,
                                       struct weir_error *error) {
    if (session == NULL || connector == NULL || connector->name == NULL)
        return invalid(error, "weir_session_register needs a session and a connector with a name");
    if (connector->struct_size != sizeof(*connector))
        return weir_error_set(error, WEIR_ERR_INVALID, "the connector '%s' has struct_size %zu, expected %zu",
                              connector->name, connector->struct_size, sizeof(*connector));
    if (session->run != NULL) return weir_error_set(error, WEIR_ERR_STATE, "a run of the session is open");
    for (size_t i = 0; i < session->connectors_count; i++) {
        if (strcmp(session->connectors[i]->name, connector->name) != 0) continue;
        session->connectors[i] = connector;
        return WEIR_OK;
    }
    const struct weir_connector **grown =
        realloc(session->connectors, (session->connectors_count + 1) * sizeof(*grown));
    if (grown == NULL) return out_of_memory(error);
    session->connectors = grown;
    session->connectors[session->connectors_count++] = connector;
    return WEIR_OK;
}

enum weir_status weir_session_define(struct weir_session *session, const char *name, const char *value,
                                     struct weir_error *error) {
    if (session == NULL || name == NULL || value == NULL || name[0] == '\0')
        return invalid(error, "weir_session_define needs a session, a name and a value");
    struct weir_define define = {weir_arena_string(&session->arena, name, strlen(name)),
                                 weir_arena_string(&session->arena, value, strlen(value))};
    if (define.name == NULL || define.value == NULL) return out_of_memory(error);
    for (size_t i = 0; i < session->defines_count; i++) {
        if (strcmp(session->defines[i].name, name) != 0) continue;
        session->defines[i] = define;
        return WEIR_OK;
    }
    struct weir_define *grown = realloc(session->defines, (session->defines_count + 1) * sizeof(*grown));
    if (grown == NULL) return out_of_memory(error);
    session->defines = grown;
    session->defines[session->defines_count++] = define;
    return WEIR_OK;
}

enum weir_status weir_session_script(struct weir_session *session, const char *sql, struct weir_error *error) {
    if (session == NULL || sql == NULL) return invalid(error, "weir_session_script needs a session and a script");
    struct weir_statements parsed;
    enum weir_status status =
        weir_parse_script(&session->arena, sql, session->defines, session->defines_count, &parsed, error);
    if (status != WEIR_OK) return status;
    size_t left = session->statements_count - session->statements_next;
    size_t count = left + (size_t)parsed.count;
    struct weir_statement **queue = malloc((count + 1) * sizeof(*queue));
    if (queue == NULL) return out_of_memory(error);
    for (size_t i = 0; i < left; i++) queue[i] = session->statements[session->statements_next + i];
    for (size_t i = left; i < count; i++) queue[i] = parsed.items[i - left];
    free(session->statements);
    session->statements = queue;
    session->statements_count = count;
    session->statements_next = 0;
    return WEIR_OK;
}

/* Statements that give no rows. */
static enum weir_status execute(struct weir_session *session, const struct weir_statement *statement,
                                struct weir_error *error) {
    struct weir_relation_entry entry = {.name = statement->name};
    switch (statement->kind) {
    case WEIR_STATEMENT_SET:
    case WEIR_STATEMENT_RESET:
        return weir_settings_apply(&session->settings, statement, session->options.log, session->options.log_user,
                                   error);
    case WEIR_STATEMENT_DROP_TABLE:
    case WEIR_STATEMENT_DROP_VIEW: return weir_catalog_drop(&session->catalog, statement, error);
    case WEIR_STATEMENT_CREATE_TABLE: {
        enum weir_status status = weir_bind_check_table(statement->table, error);
        if (status != WEIR_OK) return status;
        entry.table = statement->table;
        break;
    }
    default:
        entry.view = statement->query;
        entry.columns = statement->columns;
        entry.columns_count = statement->columns_count;
        break;
    }
    return weir_catalog_add(&session->catalog, &entry, statement->if_exists, statement->name_at, error);
}

enum weir_status weir_session_step(struct weir_session *session, struct weir_run **out, struct weir_error *error) {
    if (session == NULL || out == NULL)
        return invalid(error, "weir_session_step needs a session and a place for the run");
    *out = NULL;
    if (session->run != NULL)
        return weir_error_set(error, WEIR_ERR_STATE, "destroy the run of the last step before the next one");
    while (session->statements_next < session->statements_count) {
        const struct weir_statement *statement = session->statements[session->statements_next++];
        bool gives_rows = statement->kind == WEIR_STATEMENT_SELECT || statement->kind == WEIR_STATEMENT_INSERT;
        enum weir_status status =
            gives_rows ? weir_run_create(session, statement, out, error) : execute(session, statement, error);
        if (status != WEIR_OK || gives_rows) return status;
    }
    return WEIR_END;
}
