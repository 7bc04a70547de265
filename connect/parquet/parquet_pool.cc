/* SPDX-License-Identifier: Apache-2.0 */
#include "connect/parquet/parquet_pool.h"

#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include <arrow/status.h>
#include <sys/mman.h>

extern "C" {
#include "alloc/hide.h"
}

namespace weir_parquet {

static constexpr int64_t LEAST = INT64_C(64) << 10; /* smaller blocks are not kept */
static constexpr int64_t MOST = INT64_C(32) << 20;  /* nor are larger ones */
static constexpr int64_t KEPT = INT64_C(128) << 20;
static constexpr int64_t HUGE_BYTES = INT64_C(2) << 20;
static constexpr unsigned PAGE_BYTES = 4096;
static constexpr unsigned PLACE_BYTES = 13 * 64; /* from one block to the next; all 64 lines of a page are met */
static constexpr int STEPS = 4;                  /* sizes to a power of two: at most a fifth of a block is unused */

static bool is_kept(int64_t bytes) { return bytes >= LEAST && bytes <= MOST; }

/* The sizes of blocks: powers of two and three between each two of them. */
static int64_t room_of(int64_t bytes) {
    int64_t power = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(bytes)));
    int64_t step = power / STEPS;
    return (bytes + step - 1) / step * step;
}

static size_t class_of(int64_t room) {
    int64_t power = static_cast<int64_t>(std::bit_floor(static_cast<uint64_t>(room)));
    size_t doubled = static_cast<size_t>(std::countr_zero(static_cast<uint64_t>(power / LEAST)));
    return doubled * STEPS + static_cast<size_t>((room - power) / (power / STEPS));
}

class Pool final : public arrow::MemoryPool {
  public:
    arrow::Status Allocate(int64_t size, int64_t alignment, uint8_t **out) override {
        if (!is_kept(size) || alignment > 64) return others_->Allocate(size, alignment, out);
        int64_t room = room_of(size);
        *out = take(room);
        if (*out == nullptr) *out = make(room);
        if (*out == nullptr) return arrow::Status::OutOfMemory("no memory for ", size, " bytes");
        stats_.DidAllocateBytes(size);
        return arrow::Status::OK();
    }

    arrow::Status Reallocate(int64_t old_size, int64_t new_size, int64_t alignment, uint8_t **ptr) override {
        bool ours = is_kept(old_size) && alignment <= 64, stays = is_kept(new_size) && alignment <= 64;
        if (!ours && !stays) return others_->Reallocate(old_size, new_size, alignment, ptr);
        if (ours && stays && room_of(old_size) == room_of(new_size)) {
            stats_.DidReallocateBytes(old_size, new_size);
            return arrow::Status::OK();
        }
        uint8_t *moved;
        ARROW_RETURN_NOT_OK(Allocate(new_size, alignment, &moved));
        memcpy(moved, *ptr, static_cast<size_t>(old_size < new_size ? old_size : new_size));
        Free(*ptr, old_size, alignment);
        *ptr = moved;
        return arrow::Status::OK();
    }

    void Free(uint8_t *buffer, int64_t size, int64_t alignment) override {
        if (!is_kept(size) || alignment > 64) return others_->Free(buffer, size, alignment);
        stats_.DidFreeBytes(size);
        if (!keep(buffer, room_of(size))) give_back(buffer);
    }

    int64_t bytes_allocated() const override { return stats_.bytes_allocated() + others_->bytes_allocated(); }
    int64_t total_bytes_allocated() const override {
        return stats_.total_bytes_allocated() + others_->total_bytes_allocated();
    }
    int64_t num_allocations() const override { return stats_.num_allocations() + others_->num_allocations(); }
    std::string backend_name() const override { return "weir"; }

  private:
    /* Whole huge pages where a block has them; a wish. Blocks begin at different places of a page: what is copied
     * from one to another at the same place waits for the stores before it (8 % of a scan by two threads). */
    uint8_t *make(int64_t room) {
        size_t alignment = static_cast<size_t>(room >= HUGE_BYTES ? HUGE_BYTES : PAGE_BYTES);
        void *start = nullptr;
        if (posix_memalign(&start, alignment, static_cast<size_t>(room + PAGE_BYTES)) != 0) return nullptr;
        if (room >= HUGE_BYTES) madvise(start, static_cast<size_t>(room / HUGE_BYTES * HUGE_BYTES), MADV_HUGEPAGE);
        unsigned place = made_.fetch_add(1, std::memory_order_relaxed) * PLACE_BYTES % PAGE_BYTES;
        return static_cast<uint8_t *>(start) + place;
    }

    static void give_back(uint8_t *block) {
        free(reinterpret_cast<void *>(reinterpret_cast<uintptr_t>(block) / PAGE_BYTES * PAGE_BYTES));
    }

    /* The one that was freed last is the likeliest to be in a cache. */
    uint8_t *take(int64_t room) {
        std::lock_guard<std::mutex> lock(mutex_);
        auto &blocks = free_[class_of(room)];
        if (blocks.empty()) return nullptr;
        uint8_t *block = blocks.back();
        blocks.pop_back();
        kept_ -= room;
        WEIR_SHOW(block, static_cast<size_t>(room));
        return block;
    }

    bool keep(uint8_t *block, int64_t room) noexcept try {
        std::lock_guard<std::mutex> lock(mutex_);
        if (kept_ + room > KEPT) return false;
        free_[class_of(room)].push_back(block);
        kept_ += room;
        WEIR_HIDE(block, static_cast<size_t>(room));
        return true;
    } catch (const std::bad_alloc &) {
        return false;
    }

    static constexpr size_t CLASSES = 10 * STEPS; /* 64 KiB << 9 is MOST, with what lies above it up to the next */
    static_assert(LEAST << (CLASSES / STEPS - 1) == MOST);

    arrow::MemoryPool *others_ = arrow::default_memory_pool();
    arrow::internal::MemoryPoolStats stats_;
    std::atomic<unsigned> made_{0};
    std::mutex mutex_;
    std::vector<uint8_t *> free_[CLASSES];
    int64_t kept_ = 0;
};

arrow::MemoryPool *pool() {
    static Pool *const only = new Pool;
    return only;
}

} // namespace weir_parquet
