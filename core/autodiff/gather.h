// Rows by number, and sums that run along an axis. Numbers are no tensors: no
// derivative passes to them; they are copied.

#ifndef UNNOISE_AUTODIFF_GATHER_H_
#define UNNOISE_AUTODIFF_GATHER_H_

#include <cstdint>
#include <span>

#include "core/autodiff/tape.h"

namespace unnoise {

// x [n, ...] -> [k, ...]: row i of the result is row indices[i] of x. Throws
// ShapeError, which names the number and the extent, if one is not in [0, n).
Tensor Gather(Tensor x, std::span<const int32_t> indices);

// Its adjoint. x [k, ...] -> [rows, ...]: row r of the result is the sum of the
// rows i of x with indices[i] == r, in ascending order. Throws as above, also
// if there are not k indices.
Tensor ScatterAdd(Tensor x, std::span<const int32_t> indices, int64_t rows);

// A constant [k, classes]: row i is 1 at indices[i], 0 elsewhere. Throws as
// above.
Tensor OneHot(Tape& tape, std::span<const int32_t> indices, int64_t classes);

// Element i is the sum of those up to i along the axis, or of those from i on,
// which is the adjoint; added one after the other.
enum class Running : uint8_t { kForward, kReverse };
Tensor CumSum(Tensor x, int axis, Running running = Running::kForward);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_GATHER_H_
