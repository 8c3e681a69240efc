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

  // Makes room for a step of that many bytes in one block. Only while nothing
  // is taken. Throws std::bad_alloc.
  void Reserve(int64_t bytes);

  // Gives everything back; if the last step needed several blocks, they become
  // one.
  void Reset();

  // A moment, and back to it: what was taken since is given back. Its memory
  // stays readable until it is taken again, in the order in which it was.
  struct Mark {
    size_t block;
    int64_t offset;
    int64_t used;
  };
  Mark Now() const { return {current_, offset_, used_}; }
  void Rewind(const Mark& mark);
  // Where a piece lies that was taken after a moment, growing in the order in
  // which pieces are taken; -1 if it was taken before, or elsewhere.
  int64_t PlaceSince(const Mark& mark, const void* piece) const;

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
  std::vector<Block> blocks_;
  size_t current_ = 0;  // the block that is taken from; later ones are free
  int64_t offset_ = 0;  // into it
  int64_t used_ = 0;
  int64_t peak_ = 0;
};

}  // namespace unnoise

#endif  // UNNOISE_TENSOR_ARENA_H_
