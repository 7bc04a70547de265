/* SPDX-License-Identifier: Apache-2.0
 *
 * Sleeping until a word changes, and the short spin that comes before it.
 */
#ifndef WEIR_BASE_FUTEX_H
#define WEIR_BASE_FUTEX_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/attributes.h"

/* Sleeps while *word == expected, until a wake (or for no reason: the caller looks again). */
void weir_futex_wait(_Atomic uint32_t *word, uint32_t expected);

/* Wakes all that sleep on the word. */
void weir_futex_wake(_Atomic uint32_t *word);

/* Tells the CPU that this is a spin. */
WEIR_INLINE void weir_spin_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

/* Turns of a spin before sleeping: some microseconds, less than a sleep and a wake cost. */
#define WEIR_SPIN_TURNS 256

#endif
