/* SPDX-License-Identifier: Apache-2.0
 *
 * Freed memory that is kept for reuse is hidden from everybody meanwhile, so that AddressSanitizer finds who still
 * uses it.
 */
#ifndef WEIR_ALLOC_HIDE_H
#define WEIR_ALLOC_HIDE_H

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WEIR_HIDES 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define WEIR_HIDES 1
#endif

#ifdef WEIR_HIDES
#include <sanitizer/asan_interface.h>
#define WEIR_HIDE(block, bytes) ASAN_POISON_MEMORY_REGION(block, bytes)
#define WEIR_SHOW(block, bytes) ASAN_UNPOISON_MEMORY_REGION(block, bytes)
#else
#define WEIR_HIDE(block, bytes) ((void)(block), (void)(bytes))
#define WEIR_SHOW(block, bytes) ((void)(block), (void)(bytes))
#endif

#endif
