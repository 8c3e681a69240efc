// Ops that only move elements: the same numbers in another shape or place.

#ifndef UNNOISE_AUTODIFF_LAYOUT_H_
#define UNNOISE_AUTODIFF_LAYOUT_H_

#include <cstdint>
#include <initializer_list>
#include <span>

#include "core/autodiff/tape.h"

namespace unnoise {

// The same elements in another shape of the same size; copies nothing.
Tensor Reshape(Tensor x, const Shape& shape);

// The same elements as a constant: no derivative passes. Copies nothing.
Tensor StopGradient(Tensor x);

// x repeated into `shape`: the axes of x are the last ones of `shape`, each as
// long or 1. Its adjoint is SumTo (reduce.h).
Tensor BroadcastTo(Tensor x, const Shape& shape);

// Axis i of the result is axis axes[i] of x; each axis once. For a matrix,
// {1, 0} transposes.
Tensor Permute(Tensor x, std::initializer_list<int> axes);
Tensor Permute(Tensor x, std::span<const int> axes);

// The block of x of that shape which begins at `begin` [rank].
Tensor Slice(Tensor x, std::span<const int64_t> begin, const Shape& shape);
// All of x but, along one axis, [begin, end) only.
Tensor SliceAxis(Tensor x, int axis, int64_t begin, int64_t end);

// Zeros of that shape with x as the block that begins at `begin` [rank].
Tensor Pad(Tensor x, std::span<const int64_t> begin, const Shape& shape);

// One after the other along an axis; all other extents are equal.
Tensor Concat(std::initializer_list<Tensor> parts, int axis);
Tensor Concat(std::span<const Tensor> parts, int axis);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_LAYOUT_H_
