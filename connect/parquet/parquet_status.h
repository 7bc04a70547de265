/* SPDX-License-Identifier: Apache-2.0
 *
 * From arrow::Status and C++ exceptions to weir_error, so that neither crosses the module's border.
 */
#ifndef WEIR_CONNECT_PARQUET_STATUS_H
#define WEIR_CONNECT_PARQUET_STATUS_H

#include <exception>
#include <new>

#include <arrow/status.h>
#include <parquet/exception.h>

extern "C" {
#include "base/error.h"
}

namespace weir_parquet {

/* Which weir_status a failure of Arrow is. Arrow gives IOError for whatever Parquet's own exceptions say, so that
 * it means a malformed file here; failures of the operating system are kept by the file itself (parquet_file.h). */
inline enum weir_status status_code(const arrow::Status &status) {
    if (status.IsOutOfMemory()) return WEIR_ERR_MEMORY;
    if (status.IsNotImplemented()) return WEIR_ERR_UNSUPPORTED;
    return WEIR_ERR_FORMAT;
}

/* Runs body, which returns an arrow::Status, and turns every exception into one. */
template <typename Body>
arrow::Status guarded(Body &&body) noexcept try {
    return body();
} catch (const parquet::ParquetStatusException &failure) {
    return failure.status();
} catch (const std::bad_alloc &) {
    return arrow::Status::OutOfMemory("memory could not be had");
} catch (const std::exception &failure) {
    try {
        return arrow::Status::IOError(failure.what());
    } catch (...) {
        return arrow::Status::OutOfMemory("memory could not be had");
    }
} catch (...) {
    return arrow::Status::UnknownError("an unknown exception");
}

} // namespace weir_parquet

#endif
