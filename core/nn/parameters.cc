#include "core/nn/parameters.h"

#include <utility>

#include "core/base/check.h"

namespace unnoise {

int ParameterList::Add(std::string name, const Shape& shape, double deviation) {
  entries_.push_back({std::move(name), shape, deviation, size_});
  size_ += shape.size();
  return static_cast<int>(entries_.size()) - 1;
}

void ParameterList::Initialise(Key key, std::span<float> values) const {
  Check(static_cast<int64_t>(values.size()) == size_,
        "Initialise: one value a parameter");
  for (const Parameter& entry : entries_) {
    const std::span<float> part =
        values.subspan(static_cast<size_t>(entry.offset),
                       static_cast<size_t>(entry.shape.size()));
    FillNormal(Fold(key, entry.name), 0, part);
    const float deviation = static_cast<float>(entry.deviation);
    for (float& value : part) value *= deviation;
  }
}

void ParameterList::Bind(Tape& tape, void* values, bool needs_grad,
                         std::span<Tensor> leaves) const {
  Check(leaves.size() == entries_.size(), "Bind: one leaf a parameter");
  for (size_t i = 0; i < entries_.size(); ++i) {
    char* data =
        static_cast<char*>(values) + entries_[i].offset * SizeOf(tape.dtype());
    leaves[i] = tape.Leaf(entries_[i].shape, data, needs_grad);
  }
}

}  // namespace unnoise
