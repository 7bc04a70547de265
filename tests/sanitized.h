/* SPDX-License-Identifier: Apache-2.0
 *
 * What tests that repeat one thing in many ways do less often where each way costs tens of times as much.
 */
#ifndef WEIR_TESTS_SANITIZED_H
#define WEIR_TESTS_SANITIZED_H

/* 1 under ThreadSanitizer, which looks for races: one way in several that take the same locks will do. */
#if defined(__SANITIZE_THREAD__)
enum { thread_sanitized = 1 };
#else
enum { thread_sanitized = 0 };
#endif

#endif
