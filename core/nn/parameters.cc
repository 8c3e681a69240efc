#include "core/nn/parameters.h"

#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

// Where in files element i of memory lies.
size_t PlaceInFile(const Parameter& parameter, size_t i) {
  if (parameter.layout == Layout::kSame) return i;
  const Shape& shape = parameter.shape;
  const size_t places = static_cast<size_t>(shape[1] * shape[2]);
  const size_t in = static_cast<size_t>(shape[3]);
  const size_t filter = i / (places * in), place = i / in % places;
  return (filter * in + i % in) * places + place;
}

}  // namespace

Shape FileShape(const Parameter& parameter) {
  const Shape& shape = parameter.shape;
  if (parameter.layout == Layout::kSame) return shape;
  return {shape[0], shape[3], shape[1], shape[2]};
}

void ToFile(const Parameter& parameter, std::span<const float> memory,
            std::span<float> file) {
  for (size_t i = 0; i < memory.size(); ++i) {
    file[PlaceInFile(parameter, i)] = memory[i];
  }
}

void FromFile(const Parameter& parameter, std::span<const float> file,
              std::span<float> memory) {
  for (size_t i = 0; i < memory.size(); ++i) {
    memory[i] = file[PlaceInFile(parameter, i)];
  }
}

int ParameterList::Add(std::string name, const Shape& shape, Start start,
                       Layout layout) {
  Check(layout == Layout::kSame || shape.rank() == 4,
        "Add: filters have rank 4");
  entries_.push_back({std::move(name), shape, start, layout, size_});
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
    const Key own = Fold(key, entry.name);
    const float size = static_cast<float>(entry.start.size);
    switch (entry.start.law) {
      case Start::Law::kNormal:
        FillNormal(own, 0, part);
        for (float& value : part) value *= size;
        break;
      case Start::Law::kUniform:
        FillUniform(own, 0, part);
        // Of which only the last product rounds.
        for (float& value : part) value = (2 * value - 1) * size;
        break;
    }
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
