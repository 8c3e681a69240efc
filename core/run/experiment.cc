#include "core/run/experiment.h"

#include <cmath>
#include <utility>

#include "core/base/config.h"
#include "core/base/hash.h"

namespace unnoise {
namespace {

constexpr double kMaxSeed = 9007199254740991.0;  // 2^53 - 1

// Takes "format" out of the JSON and refuses what this program cannot read.
Problems TakeFormat(std::string_view where, Json& json) {
  Json::Object* object = json.AsObject();
  if (object == nullptr) {
    return {
        {std::string(where), "an experiment is a JSON object; write {...}."}};
  }
  const auto found = object->find("format");
  if (found == object->end()) return {};
  const double* format = found->second.AsNumber();
  if (format == nullptr || *format < 1 || *format != std::floor(*format)) {
    return {{"format",
             "expected a whole number from 1; remove the key to "
             "mean the newest format."}};
  }
  if (*format > kExperimentFormat) {
    return {{"format", "this experiment has format " + Write(found->second) +
                           "; this program reads up to " +
                           std::to_string(kExperimentFormat) +
                           ": use a newer one."}};
  }
  object->erase(found);
  return {};
}

}  // namespace

void Experiment::Visit(Visitor& visitor) {
  visitor.KindInline({"family", "Which kind of model is trained."}, family);
  visitor.Kind({"data", "What the model learns to draw."}, data);
  visitor.Int({"seed",
               "Names every random draw of the run: the same seed gives the "
               "same run, on every machine."},
              {0, kMaxSeed}, seed);
  visitor.Bool({"fast",
                "Rounds once where exact arithmetic rounds twice, natively: "
                "faster, but the result holds only to within rounding, and "
                "fingerprints of different machines cannot be compared."},
               fast);
  visitor.Text({"weights",
                "The fingerprint of the weights that training starts from, "
                "if a file gave them."},
               weights);
}

void Experiment::Validate(Problems& problems) const {
  if (family->training() != nullptr && family->sampler()->needs_density()) {
    problems.push_back(
        {"sampler.kind", std::string(family->sampler().kind()) +
                             " goes by the density, and a network gives only "
                             "its slope; take ula or another sampler, or draw "
                             "from the exact law itself, family=exact."});
  }
  if (weights.empty() ||
      (weights.size() == 16 &&
       weights.find_first_not_of("0123456789abcdef") == weights.npos)) {
    return;
  }
  problems.push_back({"weights",
                      "this is no fingerprint of weights; leave it empty, or "
                      "train with --weights FILE."});
}

Problems NeedsWeights(const Experiment& experiment) {
  if (experiment.weights.empty()) return {};
  return {{"weights=" + experiment.weights,
           "training starts from weights of a file, of this fingerprint; give "
           "it to unnoise train --weights FILE, or leave this empty to draw "
           "them."}};
}

Points* Experiment::points() { return dynamic_cast<Points*>(&*data); }
const Points* Experiment::points() const {
  return dynamic_cast<const Points*>(&*data);
}

std::string WriteExperiment(const Experiment& experiment) {
  Json json = ToJson(experiment);
  json["format"] = kExperimentFormat;
  if (!experiment.fast) json.AsObject()->erase("fast");
  if (experiment.weights.empty()) json.AsObject()->erase("weights");
  return Write(json);
}

std::string HashOf(const Experiment& experiment) {
  Fnv1a64 hash;
  hash.Text(WriteExperiment(experiment));
  return hash.Hex();
}

Result<Experiment> ReadExperiment(std::string_view text, std::string_view where,
                                  std::span<const std::string> words,
                                  std::shared_ptr<const PointSet> points) {
  Json json{Json::Object{}};
  if (!text.empty()) {
    Result<Json> parsed = ParseJson(text, where);
    if (!parsed) return parsed.problems();
    json = std::move(*parsed);
  }
  Problems problems = TakeFormat(where, json);
  if (!problems.empty()) return problems;
  Experiment experiment;
  problems = ApplyOverrides(words, experiment, json);

  // The points fill in the fields that only describe them, so that a user need
  // not; fields that are given must agree.
  Json* data = nullptr;
  if (points != nullptr) {
    if (Json::Object* members = json.AsObject()) {
      const auto found = members->find("data");
      if (found != members->end()) data = &found->second;
    }
    const Json* kind = data == nullptr ? nullptr : data->Find("kind");
    const std::string* name = kind == nullptr ? nullptr : kind->AsString();
    if (name == nullptr || *name != "points") {
      problems.push_back({"data",
                          "points were given, but data is not \"points\"; "
                          "set data=points."});
    } else {
      const auto fill = [&](std::string_view key, Json value) {
        if (data->Find(key) == nullptr) (*data)[key] = std::move(value);
      };
      fill("count", Json(points->count()));
      fill("dim", Json(points->dim));
      fill("digest", Json(DigestOf(*points)));
    }
  }
  const Problems found = FromJson(json, experiment);
  problems.insert(problems.end(), found.begin(), found.end());
  if (!problems.empty()) return problems;
  if (points != nullptr) {
    Points& set = *experiment.points();
    if (!set.Names(*points)) {
      return Problem{"data",
                     "these are not the points that the experiment was "
                     "made with (count, dim or digest differ); give "
                     "those, or leave data.count, data.dim and "
                     "data.digest out."};
    }
    set.Attach(set.file(), std::move(points));
  }
  return experiment;
}

}  // namespace unnoise
