// The numbers of a tensor in a safetensors file, whatever their type, as
// floats.

#ifndef UNNOISE_RUN_TENSOR_NUMBERS_H_
#define UNNOISE_RUN_TENSOR_NUMBERS_H_

#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/run/safetensors.h"

namespace unnoise {

// [shape.size()], row-major; T is float or double. Numbers that T cannot hold
// are rounded to nearest, ties to even: F64 as float32, whole numbers beyond
// 2^24 as float32 and beyond 2^53 as double. BOOL is 0 or 1. A problem at
// `where` names the tensor and the index of the first number that is not
// finite, or not in the range of T.
template <class T>
Result<std::vector<T>> NumbersOf(const SafetensorsFile::Entry& entry,
                                 std::string_view name, std::string_view where);

}  // namespace unnoise

#endif  // UNNOISE_RUN_TENSOR_NUMBERS_H_
