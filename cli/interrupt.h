/* SPDX-License-Identifier: Apache-2.0
 *
 * Ctrl-C and friends. SIGINT, SIGTERM and SIGHUP are blocked in every thread and taken by one that waits for them,
 * so that no code runs in a signal handler. The first asks the work to stop; another, half a second later or more,
 * or one that finds no work to stop, ends the process at once. SIGUSR1 asks what the work is doing: it is said on
 * standard error, and the work goes on. Where --why was given, the thread that drives the run is asked to say more.
 */
#ifndef WEIR_CLI_INTERRUPT_H
#define WEIR_CLI_INTERRUPT_H

#include <stdbool.h>

#include "weir/weir.h"

/* Call once, before any thread is made. A write into a closed pipe becomes an error of the write, too. */
void weir_cli_interrupt_init(void);

/* From now on a signal cancels `run`, or, where it is NULL, is seen by weir_cli_interrupted. */
void weir_cli_interrupt_watch(struct weir_run *run);
/* Nothing is to be stopped any more. Call it before the run is destroyed. */
void weir_cli_interrupt_unwatch(void);

/* The signal that asked to stop; 0: none. Any thread. */
int weir_cli_interrupted(void);

/* From now on SIGUSR1 also wakes the run, so that its thread comes to ask weir_cli_interrupt_asked. */
void weir_cli_interrupt_ask(void);
/* True once for each SIGUSR1 or several of them. Any thread. */
bool weir_cli_interrupt_asked(void);

#endif
