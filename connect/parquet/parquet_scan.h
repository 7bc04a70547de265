/* SPDX-License-Identifier: Apache-2.0
 *
 * Some columns of a file, decoded row group by row group, in the file's order.
 *
 * The unit of work is a lane: one column of one row group, decoded front to back in pieces of at most PIECE_ROWS
 * rows. Lanes of the row groups that are open may be decoded side by side; the caller takes from the front of all
 * lanes of the first open row group. At most threads + 1 row groups are open and at most PIECES_AHEAD pieces wait
 * in a lane, which bounds the memory for any size of row group.
 *
 *     open row groups     [ 4: front          ] [ 5               ] [ 6               ]
 *     lanes, a column      date   |##|#>         date   |##|>        date   |>           # piece, > being decoded
 *                          origin |##|##|        origin |##|         origin |
 */
#ifndef WEIR_CONNECT_PARQUET_SCAN_H
#define WEIR_CONNECT_PARQUET_SCAN_H

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arrow/record_batch.h>

#include "connect/parquet/parquet_columns.h"

namespace weir_parquet {

/* Small pieces stay in the cache and bound the memory; but each brings a copy of its dictionary. Measured: 2^16
 * rows are up to 10 % faster for plain columns, 2^20 up to 30 % for dictionaries of 60 000 strings; this is near
 * the best of both. */
inline constexpr int64_t PIECE_ROWS = INT64_C(1) << 18;
inline constexpr size_t PIECES_AHEAD = 2;

class Scan {
  public:
    /* `reader` must outlive the scan and have PIECE_ROWS as its batch size. groups: rows of each row group. */
    Scan(parquet::arrow::FileReader &reader, std::vector<Column> columns, std::vector<int64_t> groups,
         int64_t batch_rows, int threads);
    /* Stops and joins the threads. */
    ~Scan();

    /* Before the first next: the rows of the row group are not given. */
    void leave_out(size_t group) { groups_[group] = 0; }
    /* The struct array of the rows that follow, or NULL at the end. */
    arrow::Result<std::shared_ptr<arrow::StructArray>> next();
    /* The row group and column of the last failure, for its message: "row group 3, column 'x'". */
    const std::string &place() const { return place_; }
    /* Row group of the batch that next gave last, and how many of its rows have been given. */
    size_t group() const { return given_group_; }
    int64_t group_rows_given() const { return given_rows_; }

  private:
    struct Lane {
        const Column *column;
        std::unique_ptr<arrow::RecordBatchReader> reader; /* opened by the first piece */
        std::deque<std::shared_ptr<arrow::Array>> pieces;
        arrow::Status status;
        int64_t decoded = 0; /* rows so far */
        bool busy = false;   /* a thread is at it; it alone may touch reader and decoded */
        bool ended = false;  /* no piece will follow, by `status` */
    };
    struct Group {
        size_t idx;
        int64_t given = 0;         /* rows handed out */
        std::deque<Lane> lanes;    /* one a column; addresses stay */
        std::vector<int64_t> used; /* rows handed out of each lane's first piece */
    };

    struct Claim {
        Group *group;
        Lane *lane;
    };

    void start();
    void work();
    Claim claim(); /* mutex_ held */
    void decode(const Group &group, Lane &lane);
    arrow::Result<std::shared_ptr<arrow::Array>> decode_piece(const Group &group, Lane &lane);
    bool open_group(); /* mutex_ held */
    arrow::Result<Group *> front();
    arrow::Status await(Group &group);
    arrow::Status failed(const Group &group, const Lane &lane);
    arrow::Result<std::shared_ptr<arrow::StructArray>> take(Group &group);
    std::shared_ptr<arrow::StructArray> count(Group &group);
    std::shared_ptr<arrow::StructArray> give(Group &group, const arrow::ArrayVector &arrays, int64_t rows);

    parquet::arrow::FileReader &reader_;
    const std::vector<Column> columns_;
    std::vector<int64_t> groups_;
    const int64_t batch_rows_;
    std::shared_ptr<arrow::DataType> type_;

    std::mutex mutex_;
    std::condition_variable work_there_;  /* for the threads: a piece was taken, or stop */
    std::condition_variable piece_there_; /* for the caller */
    std::deque<std::unique_ptr<Group>> open_;
    size_t next_group_ = 0;
    bool stop_ = false;

    int threads_; /* 0: the caller decodes; set by start */
    bool started_ = false;
    std::vector<std::thread> pool_;

    std::vector<std::shared_ptr<arrow::ArrayData>> dictionaries_; /* a column: the one given last, or NULL */
    std::string place_ = "its rows";
    size_t given_group_ = 0;
    int64_t given_rows_ = 0;
};

} // namespace weir_parquet

#endif
