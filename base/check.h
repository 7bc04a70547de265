/* SPDX-License-Identifier: Apache-2.0
 *
 * Assertions in three levels. Errors of users and of data are never asserted: they return a status.
 *   WEIR_ASSERT    a defect of weir; compiled in builds with WEIR_ASSERTIONS (dev, asan, tsan)
 *   WEIR_AUDIT     the same for walks that cost more than constant time; WEIR_ASSERTIONS >= 2
 *   WEIR_STATIC    layouts and sizes, at compile time
 */
#ifndef WEIR_BASE_CHECK_H
#define WEIR_BASE_CHECK_H

#include "base/attributes.h"

#ifndef WEIR_ASSERTIONS
#define WEIR_ASSERTIONS 0
#endif

/* Writes the place and the condition to stderr and aborts. Only assertion builds reach it. */
WEIR_COLD void weir_check_failed(const char *condition, const char *file, int line);

#if WEIR_ASSERTIONS >= 1
#define WEIR_ASSERT(condition)                                                                                     \
    (WEIR_LIKELY(condition) ? (void)0 : weir_check_failed(#condition, __FILE__, __LINE__))
#else
#define WEIR_ASSERT(condition) ((void)sizeof(!(condition)))
#endif

#if WEIR_ASSERTIONS >= 2
#define WEIR_AUDIT(condition) WEIR_ASSERT(condition)
#else
#define WEIR_AUDIT(condition) ((void)sizeof(!(condition)))
#endif

#define WEIR_STATIC(condition, message) _Static_assert(condition, message)

#endif
