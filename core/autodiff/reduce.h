// Ops that make fewer elements of many.

#ifndef UNNOISE_AUTODIFF_REDUCE_H_
#define UNNOISE_AUTODIFF_REDUCE_H_

#include <cstdint>
#include <initializer_list>

#include "core/autodiff/tape.h"

namespace unnoise {

// Axes of a reduction, in ascending order, each once.
using Axes = std::initializer_list<int>;

// Whether a reduced axis goes or stays with extent 1.
enum class Keep : uint8_t { kNo, kYes };

// Over the given axes. An element of Sum is one sum in ascending order along
// each axis; where axes are not neighbours, the last are summed first. Sum of
// nothing is 0; there is no Mean of nothing (an axis of extent 0), which throws
// ShapeError. Max of nothing is -infinity, of what holds a NaN is NaN; equal
// maxima share their derivative evenly.
Tensor Sum(Tensor x, Axes axes, Keep keep = Keep::kNo);
Tensor Mean(Tensor x, Axes axes, Keep keep = Keep::kNo);
Tensor Max(Tensor x, Axes axes, Keep keep = Keep::kNo);

// The adjoint of BroadcastTo (layout.h): sums x over the axes along which
// `shape` was repeated.
Tensor SumTo(Tensor x, const Shape& shape);

// Any shape -> [], in 16 lanes (backend.h). MeanAll throws ShapeError if there
// are no numbers.
Tensor SumAll(Tensor x);
Tensor MeanAll(Tensor x);

}  // namespace unnoise

#endif  // UNNOISE_AUTODIFF_REDUCE_H_
