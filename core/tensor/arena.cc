#include "core/tensor/arena.h"

#include <algorithm>

namespace unnoise {
namespace {

constexpr int64_t kFirstBlock = int64_t{1} << 20;

int64_t RoundUp(int64_t bytes) {
  return (bytes + Backend::kAlignment - 1) / Backend::kAlignment *
         Backend::kAlignment;
}

}  // namespace

Arena::~Arena() { FreeBlocks(); }

void Arena::AddBlock(int64_t bytes) {
  blocks_.push_back({static_cast<char*>(backend_.Allocate(bytes)), bytes});
  offset_ = 0;
}

void Arena::FreeBlocks() {
  for (const Block& block : blocks_) backend_.Free(block.data);
  blocks_.clear();
}

void* Arena::Take(int64_t bytes) {
  const int64_t rounded = RoundUp(bytes);
  if (blocks_.empty() || blocks_.back().bytes - offset_ < rounded) {
    const int64_t last =
        blocks_.empty() ? kFirstBlock / 2 : blocks_.back().bytes;
    AddBlock(std::max(rounded, 2 * last));
  }
  void* piece = blocks_.back().data + offset_;
  offset_ += rounded;
  used_ += rounded;
  peak_ = std::max(peak_, used_);
  return piece;
}

void Arena::Reset() {
  if (blocks_.size() > 1) {
    FreeBlocks();
    AddBlock(peak_);
  }
  offset_ = 0;
  used_ = 0;
}

}  // namespace unnoise
