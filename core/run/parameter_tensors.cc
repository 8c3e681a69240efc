#include "core/run/parameter_tensors.h"

#include <cstring>
#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

// Calls f(parameter, name of its tensor, its part of the array) for each.
template <class F>
void ForEachTensor(const ParameterList& parameters,
                   std::span<const FlatArray> arrays, const F& f) {
  for (const FlatArray& array : arrays) {
    Check(static_cast<int64_t>(array.values.size()) == parameters.size(),
          "state of a run has one number for each weight");
    for (const Parameter& parameter : parameters.entries()) {
      f(parameter, array.prefix + parameter.name,
        array.values.subspan(static_cast<size_t>(parameter.offset),
                             static_cast<size_t>(parameter.shape.size())));
    }
  }
}

}  // namespace

std::vector<NamedTensor> TensorsOf(const ParameterList& parameters,
                                   std::span<const FlatArray> arrays,
                                   std::vector<std::vector<float>>& copies) {
  std::vector<NamedTensor> tensors;
  ForEachTensor(
      parameters, arrays,
      [&](const Parameter& parameter, std::string name,
          std::span<const float> values) {
        if (parameter.layout != Layout::kSame) {
          copies.emplace_back(values.size());
          ToFile(parameter, values, copies.back());
          values = copies.back();
        }
        tensors.push_back({std::move(name), FileShape(parameter), values});
      });
  return tensors;
}

Problems CheckTensors(const SafetensorsFile& file, std::string_view where,
                      const ParameterList& parameters,
                      std::span<const FlatArray> arrays) {
  Problems problems;
  const auto problem = [&](std::string message) {
    problems.push_back({std::string(where), std::move(message)});
  };
  ForEachTensor(parameters, arrays,
                [&](const Parameter& parameter, const std::string& name,
                    std::span<float>) {
                  const auto found = file.tensors.find(name);
                  const Shape shape = FileShape(parameter);
                  if (found == file.tensors.end()) {
                    problem("the tensor " + name +
                            " is missing; take another copy, or train anew.");
                  } else if (found->second.shape != shape ||
                             found->second.type != NumberType::kF32) {
                    problem("the tensor " + name + " is " +
                            std::string(NameOf(found->second.type)) +
                            found->second.shape.ToText() + " where F32" +
                            shape.ToText() +
                            " is expected; take another copy, or train anew.");
                  }
                });
  return problems;
}

void FillFrom(const SafetensorsFile& file, const ParameterList& parameters,
              std::span<const FlatArray> arrays) {
  std::vector<float> numbers;
  ForEachTensor(parameters, arrays,
                [&](const Parameter& parameter, const std::string& name,
                    std::span<float> values) {
                  if (values.empty()) return;
                  const std::string_view bytes =
                      file.tensors.find(name)->second.bytes;
                  numbers.resize(values.size());
                  std::memcpy(numbers.data(), bytes.data(), bytes.size());
                  FromFile(parameter, numbers, values);
                });
}

}  // namespace unnoise
