// Memory for the tensors of one step: taken piece by piece, given back all at
// once. After the first steps one block holds a whole step, and nothing is
// allocated any more.

#ifndef UNNOISE_TENSOR_ARENA_H_
#define UNNOISE_TENSOR_ARENA_H_

#include <cstdint>
#include <vector>

#include "core/backend/backend.h"

namespace unnoise {

class Arena {
 public:
  // `backend` must outlive the arena; it supplies the memory.
  explicit Arena(const Backend& backend) : backend_(backend) {}
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Uninitialised, aligned to kAlignment, valid until Reset. bytes >= 0. Throws
  // std::bad_alloc.
  void* Take(int64_t bytes);

  // Gives everything back; if the last step needed several blocks, they become
  // one.
  void Reset();

  // Bytes taken since Reset, and the most ever taken between two Resets.
  int64_t used() const { return used_; }
  int64_t peak() const { return peak_; }

 private:
  struct Block {
    char* data;
    int64_t bytes;
  };
  void AddBlock(int64_t bytes);
  void FreeBlocks();

  const Backend& backend_;
  std::vector<Block> blocks_;  // only the last one has room
  int64_t offset_ = 0;         // into the last block
  int64_t used_ = 0;
  int64_t peak_ = 0;
};

}  // namespace unnoise

#endif  // UNNOISE_TENSOR_ARENA_H_
