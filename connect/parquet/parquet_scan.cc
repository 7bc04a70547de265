/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet/parquet_scan.h"

#include <algorithm>
#include <csignal>
#include <system_error>

#include <arrow/array/array_nested.h>
#include <arrow/result.h>

#include "connect/parquet/parquet_status.h"

namespace weir_parquet {

static std::shared_ptr<arrow::DataType> struct_of(const std::vector<Column> &columns) {
    arrow::FieldVector fields;
    for (const Column &column : columns) fields.push_back(column.field);
    return arrow::struct_(fields);
}

Scan::Scan(parquet::arrow::FileReader &reader, std::vector<Column> columns, std::vector<int64_t> groups,
           int64_t batch_rows, int threads)
    : reader_(reader), columns_(std::move(columns)), groups_(std::move(groups)), batch_rows_(batch_rows),
      type_(struct_of(columns_)), threads_(threads > 1 && !columns_.empty() ? threads : 0),
      dictionaries_(columns_.size()) {}

Scan::~Scan() {
    {
        std::lock_guard<std::mutex> lock(mutex_);
        stop_ = true;
    }
    work_there_.notify_all();
    for (std::thread &thread : pool_) thread.join();
}

/* Threads that cannot be had are done without. They take no signals: those are the program's. */
void Scan::start() {
    started_ = true;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        for (int idx = 0; idx < threads_; idx++) pool_.emplace_back([this] { work(); });
    } catch (const std::exception &) {
        threads_ = static_cast<int>(pool_.size());
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool Scan::open_group() {
    while (next_group_ < groups_.size() && groups_[next_group_] == 0) next_group_++;
    if (next_group_ == groups_.size()) return false;
    auto group = std::make_unique<Group>();
    group->idx = next_group_;
    group->used.resize(columns_.size());
    for (const Column &column : columns_) group->lanes.emplace_back().column = &column;
    open_.push_back(std::move(group));
    next_group_++;
    return true;
}

Scan::Claim Scan::claim() {
    for (const auto &group : open_) {
        for (Lane &lane : group->lanes) {
            if (!lane.busy && !lane.ended && lane.pieces.size() < PIECES_AHEAD) return {group.get(), &lane};
        }
    }
    return {nullptr, nullptr};
}

void Scan::work() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stop_) {
        Claim claimed = claim();
        if (claimed.lane == nullptr) {
            work_there_.wait(lock);
            continue;
        }
        claimed.lane->busy = true;
        lock.unlock();
        decode(*claimed.group, *claimed.lane);
        lock.lock();
    }
}

/* Decodes one piece of a lane that is the caller's own for now. A lane whose rows are complete is ended and let go
 * in one step: its group may be gone right after. */
void Scan::decode(const Group &group, Lane &lane) {
    std::shared_ptr<arrow::Array> piece;
    arrow::Status status = guarded([&] {
        ARROW_ASSIGN_OR_RAISE(piece, decode_piece(group, lane));
        return arrow::Status::OK();
    });
    bool ended = piece == nullptr || lane.decoded == groups_[group.idx];
    if (ended) lane.reader.reset();
    std::lock_guard<std::mutex> lock(mutex_);
    status &= guarded([&] {
        if (piece != nullptr) lane.pieces.push_back(std::move(piece));
        return arrow::Status::OK();
    });
    lane.ended = ended || !status.ok();
    lane.status = std::move(status);
    lane.busy = false;
    piece_there_.notify_one();
}

arrow::Result<std::shared_ptr<arrow::Array>> Scan::decode_piece(const Group &group, Lane &lane) {
    if (lane.reader == nullptr) {
        ARROW_ASSIGN_OR_RAISE(lane.reader,
                              reader_.GetRecordBatchReader({static_cast<int>(group.idx)}, {lane.column->leaf}));
    }
    std::shared_ptr<arrow::RecordBatch> batch;
    do {
        ARROW_RETURN_NOT_OK(lane.reader->ReadNext(&batch));
    } while (batch != nullptr && batch->num_rows() == 0);
    if (batch == nullptr) {
        return arrow::Status::Invalid("it ends after ", lane.decoded, " rows where the footer tells ",
                                      groups_[group.idx]);
    }
    lane.decoded += batch->num_rows();
    if (lane.decoded > groups_[group.idx]) {
        return arrow::Status::Invalid("it has more than the ", groups_[group.idx], " rows that the footer tells");
    }
    return normalise(batch->column(0), *lane.column);
}

/* The first open row group, or NULL after the last. Keeps as many open as the threads want. */
arrow::Result<Scan::Group *> Scan::front() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!open_.empty() && open_.front()->given == groups_[open_.front()->idx]) open_.pop_front();
    while (open_.size() <= static_cast<size_t>(threads_) && open_group()) work_there_.notify_all();
    return open_.empty() ? nullptr : open_.front().get();
}

arrow::Status Scan::failed(const Group &group, const Lane &lane) {
    place_ = "row group " + std::to_string(group.idx) + ", column '" + lane.column->field->name() + "'";
    return lane.status;
}

/* Until every lane has a piece. */
arrow::Status Scan::await(Group &group) {
    for (Lane &lane : group.lanes) {
        if (threads_ == 0) {
            if (lane.pieces.empty() && !lane.ended) decode(group, lane);
        } else {
            std::unique_lock<std::mutex> lock(mutex_);
            piece_there_.wait(lock, [&] { return !lane.pieces.empty() || lane.ended; });
        }
        std::lock_guard<std::mutex> lock(mutex_);
        if (lane.pieces.empty()) return failed(group, lane);
    }
    return arrow::Status::OK();
}

std::shared_ptr<arrow::StructArray> Scan::give(Group &group, const arrow::ArrayVector &arrays, int64_t rows) {
    group.given += rows;
    given_group_ = group.idx;
    given_rows_ = group.given;
    return std::make_shared<arrow::StructArray>(type_, rows, arrays);
}

arrow::Result<std::shared_ptr<arrow::StructArray>> Scan::take(Group &group) {
    ARROW_RETURN_NOT_OK(await(group));
    std::lock_guard<std::mutex> lock(mutex_);
    int64_t rows = std::min(batch_rows_, groups_[group.idx] - group.given);
    for (size_t idx = 0; idx < columns_.size(); idx++) {
        rows = std::min(rows, group.lanes[idx].pieces.front()->length() - group.used[idx]);
    }
    arrow::ArrayVector arrays;
    for (size_t idx = 0; idx < columns_.size(); idx++) {
        auto &pieces = group.lanes[idx].pieces;
        if (group.used[idx] == 0) pieces.front() = share_dictionary(pieces.front(), &dictionaries_[idx]);
        arrays.push_back(pieces.front()->Slice(group.used[idx], rows));
        group.used[idx] += rows;
        if (group.used[idx] < pieces.front()->length()) continue;
        pieces.pop_front();
        group.used[idx] = 0;
    }
    work_there_.notify_all();
    return give(group, arrays, rows);
}

std::shared_ptr<arrow::StructArray> Scan::count(Group &group) {
    return give(group, {}, std::min(batch_rows_, groups_[group.idx] - group.given));
}

arrow::Result<std::shared_ptr<arrow::StructArray>> Scan::next() {
    if (!started_) start();
    ARROW_ASSIGN_OR_RAISE(Group * group, front());
    if (group == nullptr) return nullptr;
    if (columns_.empty()) return count(*group);
    return take(*group);
}

} // namespace weir_parquet
