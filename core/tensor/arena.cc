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
}

void Arena::FreeBlocks() {
  for (const Block& block : blocks_) backend_.Free(block.data);
  blocks_.clear();
}

void* Arena::Take(int64_t bytes) {
  const int64_t rounded = RoundUp(bytes);
  while (current_ == blocks_.size() ||
         blocks_[current_].bytes - offset_ < rounded) {
    if (current_ < blocks_.size()) ++current_;
    offset_ = 0;
    if (current_ < blocks_.size()) continue;
    const int64_t last =
        blocks_.empty() ? kFirstBlock / 2 : blocks_.back().bytes;
    AddBlock(std::max(rounded, 2 * last));
  }
  void* piece = blocks_[current_].data + offset_;
  offset_ += rounded;
  used_ += rounded;
  peak_ = std::max(peak_, used_);
  return piece;
}

void Arena::Reserve(int64_t bytes) {
  if (used_ > 0 || (blocks_.size() == 1 && blocks_[0].bytes >= bytes)) return;
  FreeBlocks();
  AddBlock(bytes);
  current_ = 0;
  offset_ = 0;
}

void Arena::Reset() {
  if (blocks_.size() > 1) {
    FreeBlocks();
    AddBlock(peak_);
  }
  current_ = 0;
  offset_ = 0;
  used_ = 0;
}

void Arena::Rewind(const Mark& mark) {
  current_ = mark.block;
  offset_ = mark.offset;
  used_ = mark.used;
}

int64_t Arena::PlaceSince(const Mark& mark, const void* piece) const {
  const char* at = static_cast<const char*>(piece);
  int64_t before = 0;
  for (size_t i = mark.block; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    const char* begin = block.data + (i == mark.block ? mark.offset : 0);
    if (at >= begin && at < block.data + block.bytes) {
      return before + (at - block.data);
    }
    before += block.bytes;
  }
  return -1;
}

}  // namespace unnoise
