#include "core/run/weights.h"

#include <algorithm>
#include <utility>

#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/run/tensor_numbers.h"

namespace unnoise {
namespace {

bool IsFloat(NumberType type) {
  return type == NumberType::kF64 || type == NumberType::kF32 ||
         type == NumberType::kF16 || type == NumberType::kBF16;
}

// Whether a name of a map stands for the tensor: it, or what it is below.
bool Covers(std::string_view name, std::string_view tensor) {
  return tensor.starts_with(name) &&
         (tensor.size() == name.size() || tensor[name.size()] == '.');
}

std::string TheirName(const NameMap& map, std::string_view ours) {
  const std::pair<const std::string, std::string>* best = nullptr;
  for (const auto& row : map) {  // sorted: what comes later is longer
    if (Covers(row.first, ours)) best = &row;
  }
  if (best == nullptr) return std::string(ours);
  return best->second + std::string(ours.substr(best->first.size()));
}

class Loader {
 public:
  Loader(const SafetensorsFile& file, const NameMap& map,
         const ParameterList& parameters, const WeightsPlaces& places)
      : file_(file), map_(map), parameters_(parameters), places_(places) {}

  Result<std::vector<float>> Load() {
    CheckMap();
    std::vector<float> weights(static_cast<size_t>(parameters_.size()));
    std::map<std::string, std::string> taken;  // theirs, ours
    for (const Parameter& parameter : parameters_.entries()) {
      const std::string name = TheirName(map_, parameter.name);
      const auto [other, is_new] = taken.emplace(name, parameter.name);
      if (is_new) {
        Take(parameter, name, weights);
      } else {
        Found(places_.map, QuotedName(name) + " would be both " +
                               other->second + " and " + parameter.name +
                               "; give each a tensor of its own.");
      }
    }
    CheckRest(taken);
    if (!problems_.empty()) return std::move(problems_);
    return weights;
  }

 private:
  void Found(std::string_view where, std::string message) {
    problems_.push_back({std::string(where), std::move(message)});
  }

  void CheckMap() {
    std::vector<std::string_view> names;
    for (const Parameter& parameter : parameters_.entries()) {
      names.push_back(parameter.name);
    }
    for (const auto& [ours, theirs] : map_) {
      const std::string& name = ours;
      if (std::none_of(names.begin(), names.end(),
                       [&](auto tensor) { return Covers(name, tensor); })) {
        Found(places_.map, "this experiment has no tensor " + QuotedName(name) +
                               "; " + Suggestion(name, names));
      }
    }
  }

  // Copies a tensor to its place.
  void Take(const Parameter& parameter, const std::string& name,
            std::vector<float>& weights) {
    const auto found = file_.tensors.find(name);
    if (found == file_.tensors.end()) {
      Found(places_.file,
            "there is no tensor " + QuotedName(name) +
                (name == parameter.name ? "" : " for " + parameter.name) +
                "; say with --map which it is.");
      return;
    }
    const SafetensorsFile::Entry& entry = found->second;
    if (!IsFloat(entry.type)) {
      Found(places_.file, "the numbers of " + QuotedName(name) +
                              " are of type " +
                              std::string(NameOf(entry.type)) +
                              "; give F32, F64, F16 or BF16.");
      return;
    }
    const Shape expected = FileShape(parameter);
    if (entry.shape != expected) {
      const Shape& shape = entry.shape;
      const bool turned =
          shape.rank() == 2 && Shape{shape[1], shape[0]} == expected;
      Found(places_.file,
            "the tensor " + QuotedName(name) + " has shape " + shape.ToText() +
                " where " + expected.ToText() + " is expected" +
                (turned ? "; transpose it." : "; change the network to fit."));
      return;
    }
    const Result<std::vector<float>> numbers =
        NumbersOf<float>(entry, name, places_.file);
    if (!numbers.ok()) {
      problems_.push_back(numbers.problems().front());
      return;
    }
    FromFile(parameter, *numbers,
             std::span(weights).subspan(static_cast<size_t>(parameter.offset),
                                        numbers->size()));
  }

  void CheckRest(const std::map<std::string, std::string>& taken) {
    const auto format = file_.metadata.find("format");
    if (format != file_.metadata.end() &&
        format->second.starts_with("unnoise ")) {
      return;  // running mean, optimizer state, points
    }
    for (const auto& row : file_.tensors) {
      if (taken.count(row.first)) continue;
      Found(places_.file, "nothing here takes the tensor " +
                              QuotedName(row.first) +
                              "; name what does with --map, or take it out of "
                              "the file.");
    }
  }

  const SafetensorsFile& file_;
  const NameMap& map_;
  const ParameterList& parameters_;
  WeightsPlaces places_;
  Problems problems_;
};

}  // namespace

Result<NameMap> ReadNameMap(std::string_view text, std::string_view where) {
  const Result<Json> json = ParseJson(text, where);
  if (!json.ok()) return json.problems();
  const Json::Object* object = json->AsObject();
  Problems problems;
  NameMap map;
  if (object == nullptr) {
    problems.push_back({std::string(where),
                        "this is no map of names; write "
                        "{\"network.hidden.0\": \"net.0\", ...}."});
    return problems;
  }
  for (const auto& [ours, theirs] : *object) {
    if (const std::string* name = theirs.AsString()) {
      map[ours] = *name;
    } else {
      problems.push_back(
          {std::string(where), QuotedName(ours) + " leads to " + Write(theirs) +
                                   "; give the name of a tensor or module, in "
                                   "quotes."});
    }
  }
  if (!problems.empty()) return problems;
  return map;
}

Result<std::vector<float>> WeightsIn(const SafetensorsFile& file,
                                     const NameMap& map,
                                     const ParameterList& parameters,
                                     const WeightsPlaces& places) {
  return Loader(file, map, parameters, places).Load();
}

std::string HashOfWeights(std::span<const float> weights) {
  Fnv1a64 hash;
  for (const float weight : weights) hash.Float(weight);
  return hash.Hex();
}

}  // namespace unnoise
