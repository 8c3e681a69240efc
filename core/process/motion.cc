// Particles in motion, and what all processes have.

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/config.h"
#include "core/base/nearest.h"
#include "core/process/process.h"

namespace unnoise {

void Process::VisitTime(Visitor& visitor) {
  visitor.Real({"t_max", "When it ends; it starts at 0."},
               {1e-6, 1e6, Scale::kLog}, t_max);
  visitor.Int({"steps",
               "Number of steps from 0 to t_max. Twice as many keep the random "
               "path and add points to it."},
              {1, static_cast<double>(kMaxProcessSteps), Scale::kLog}, steps);
}

void Process::VisitSteps(Visitor& visitor) {
  visitor.Int({"steps", "Number of steps; time counts them."},
              {1, static_cast<double>(kMaxProcessSteps), Scale::kLog}, steps);
  t_max = static_cast<double>(steps);
}

void ProcessChoice::Visit(Visitor& visitor) {
  visitor.KindInline({"process", "The law of motion."}, process);
}

Result<ProcessChoice> ReadProcess(std::string_view name,
                                  std::span<const std::string> words) {
  ProcessChoice choice;
  if (choice.process.Find(name) < 0) {
    std::vector<std::string_view> names;
    for (const Row<Process>& row : Rows<Process>()) names.push_back(row.name);
    return Problem{std::string(name),
                   "there is no such process; " + Suggestion(name, names)};
  }
  Json json = Json::Object{{"process", Json::Object{{"kind", name}}}};
  Problems problems = ApplyOverrides(words, choice, json);
  if (problems.empty()) problems = FromJson(json, choice);
  if (!problems.empty()) return problems;
  return choice;
}

Motion::Motion(const Process& process, Key key, uint64_t first, int64_t count)
    : process_(process),
      key_(key),
      first_((Check(count >= 1, "there are no particles to move"), first)),
      brownian_(process.t_max, process.steps, key,
                first * static_cast<uint64_t>(process.channels()),
                static_cast<size_t>(count) *
                    static_cast<size_t>(process.channels())) {
  x_.resize(static_cast<size_t>(count) *
            static_cast<size_t>(process.state_size()));
  shown_.resize(static_cast<size_t>(count) *
                static_cast<size_t>(process.dim()));
  process_.Start(Fold(key_, "start"), first_, x_);
  Show();
}

bool Motion::Step() {
  if (done()) return false;
  brownian_.Advance();
  const double t = process_.TimeAt(position_);
  process_.Step({.t = t,
                 .dt = process_.TimeAt(position_ + 1) - t,
                 .number = position_,
                 .w_from = brownian_.from(),
                 .w_to = brownian_.to(),
                 .key = key_,
                 .first = first_},
                x_);
  ++position_;
  Show();
  return true;
}

void Motion::Show() {
  const size_t dim = static_cast<size_t>(process_.dim());
  const size_t size = static_cast<size_t>(process_.state_size());
  constexpr double kMost = std::numeric_limits<float>::max();
  for (size_t i = 0; i < shown_.size(); ++i) {
    const double x = x_[i / dim * size + i % dim];
    // A number beyond float is not converted, which would be undefined.
    shown_[i] = std::fabs(x) <= kMost ? static_cast<float>(x)
                                      : std::numeric_limits<float>::quiet_NaN();
  }
}

bool Motion::finite() const {
  return std::all_of(shown_.begin(), shown_.end(),
                     [](float x) { return std::isfinite(x); });
}

}  // namespace unnoise
