/* SPDX-License-Identifier: Apache-2.0
 *
 * The memory that Arrow decodes into. Pages, column chunks and batches come and go by the MiB; the first touch of
 * memory that is fresh from the system costs as much as a third of decoding into it, and Arrow's own pools give
 * such blocks back as soon as they are free. So blocks of 64 KiB and more that are freed are kept for the next ones
 * of their size, up to KEPT bytes in the whole process; smaller ones are Arrow's default pool's.
 *
 * Any thread; blocks may be freed after everything else of the module has gone, so there is one pool and it stays.
 */
#ifndef WEIR_CONNECT_PARQUET_POOL_H
#define WEIR_CONNECT_PARQUET_POOL_H

#include <arrow/memory_pool.h>

namespace weir_parquet {

arrow::MemoryPool *pool();

} // namespace weir_parquet

#endif
