// The safetensors container: 8 bytes little-endian header length, a JSON header
// {name: {dtype, shape, data_offsets}, __metadata__: {string: string}}, then
// the numbers. Float32 only; what the tensors mean is checkpoint.h's business.

#ifndef UNNOISE_RUN_SAFETENSORS_H_
#define UNNOISE_RUN_SAFETENSORS_H_

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/problem.h"
#include "core/tensor/shape.h"

namespace unnoise {

struct NamedTensor {
  std::string name;
  Shape shape;
  std::span<const float> values;  // [shape.size()], for writing
};

using Metadata = std::map<std::string, std::string, std::less<>>;

std::string WriteSafetensors(std::span<const NamedTensor> tensors,
                             const Metadata& metadata);

struct SafetensorsFile {
  struct Entry {
    Shape shape;
    std::string_view bytes;  // into the text that was read
  };
  std::map<std::string, Entry, std::less<>> tensors;
  Metadata metadata;
};

// `bytes` outlives the result. Refuses with a sentence: truncated files,
// headers over 16 MiB or not JSON, offsets that overlap, leave the file or do
// not fit the shape, dtypes other than F32, rank over 4.
Result<SafetensorsFile> ReadSafetensors(std::string_view bytes,
                                        std::string_view where);

}  // namespace unnoise

#endif  // UNNOISE_RUN_SAFETENSORS_H_
