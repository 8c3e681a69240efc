// See convergence.h.

#include "core/sampling/convergence.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "core/base/check.h"
#include "core/base/config.h"
#include "core/base/exact_math.h"
#include "core/metric/kernel_distance.h"

namespace unnoise {
namespace {

// Points that travel together: a transition of them takes milliseconds.
constexpr int64_t kChunk = 256;
// The reference is cut into so many transitions, which change nothing of it.
constexpr int64_t kReferenceSteps = 64;
constexpr double kHalfSpacing = 5.9604644775390625e-8;  // 2^-24
// How many times the floor an error must be to count for an order: there the
// floor bends the line by less than a tenth of an order over a decade.
constexpr double kAbovePaths = 8;
constexpr double kAboveLaw = 3;
constexpr size_t kOrderPoints = 3;
// How far, in the logarithm, points may lie off a line.
constexpr double kOffLine = 0.2;

Choice<Sampler> Reference(double tolerance) {
  Choice<Sampler> solver("dopri5");
  Json fields;
  fields["steps"] = kReferenceSteps;
  fields["rtol"] = tolerance;
  fields["atol"] = tolerance;
  fields["max_steps"] = 100000;
  Check(FromJson(fields, *solver).empty(), "the reference is a sampler");
  return solver;
}

bool AllFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float x) { return std::isfinite(x); });
}

int64_t ChunksOf(int64_t points) { return (points + kChunk - 1) / kChunk; }

double SquaredDistanceOf(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = double{a[i]} - b[i];
    sum += difference * difference;
  }
  return sum;
}

}  // namespace

Problems CheckSolvers(const SolverSetup& setup) {
  Problems problems;
  const int64_t samplers = std::ssize(setup.samplers);
  if (samplers < 1 || samplers > kMaxSolvers) {
    problems.push_back({"samplers", "give 1 to " + std::to_string(kMaxSolvers) +
                                        " samplers."});
  }
  const int64_t counts = std::ssize(setup.steps);
  if (counts < 1 || counts > kMaxStepCounts) {
    problems.push_back({"steps", "give 1 to " + std::to_string(kMaxStepCounts) +
                                     " numbers of steps."});
  }
  if (setup.points < 2 || setup.points > kMaxSolverPoints) {
    problems.push_back({"n", "give 2 to " + std::to_string(kMaxSolverPoints) +
                                 " points, which all stay in memory."});
  }
  for (const int64_t steps : setup.steps) {
    if (steps >= 1 && steps <= kMaxSolverSteps) continue;
    problems.push_back(
        {"steps", std::to_string(steps) +
                      " is not a number of steps; give whole numbers from 1 "
                      "to " +
                      std::to_string(kMaxSolverSteps) + "."});
    return problems;
  }
  if (!problems.empty()) return problems;
  for (size_t i = 0; i < setup.samplers.size(); ++i) {
    Choice<Sampler> sampler = setup.samplers[i];
    const std::string name =
        "number " + std::to_string(i + 1) + ", " + std::string(sampler.kind());
    if (sampler->needs_density() && setup.denoiser.density() == nullptr) {
      problems.push_back(
          {"samplers", name +
                           ", needs the density of the law, which this model "
                           "does not know; choose another sampler."});
      continue;
    }
    // A grid of its own has the same number of steps whatever is asked.
    bool follows = true, crosses = true;
    for (const int64_t steps : {2, 3}) {
      sampler->steps = steps;
      const std::vector<double> times = sampler->Times(setup.path);
      follows = follows && std::ssize(times) == steps + 1;
      crosses = crosses && times.front() == setup.path.t_min &&
                times.back() == setup.path.t_max;
    }
    if (!follows) {
      problems.push_back(
          {"samplers", name +
                           ", has times given one by one, so that its number "
                           "of steps cannot change; choose another "
                           "sampler.grid."});
    } else if (!crosses) {
      problems.push_back(
          {"samplers", name +
                           ", does not go from t_max to t_min of the path, as "
                           "the flow does that it is held against; choose "
                           "another sampler."});
    }
  }
  return problems;
}

Convergence::Convergence(SolverSetup setup)
    : setup_(std::move(setup)),
      dim_(setup_.denoiser.dim()),
      law_points_(std::min(setup_.points, kSolverLawPoints)),
      solver_(Reference(1e-6)),
      second_solver_(Reference(2e-6)) {
  Check(CheckSolvers(setup_).empty(), "these solvers cannot be compared");
  std::vector<int64_t>& steps = setup_.steps;
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());

  const int64_t chunks = ChunksOf(setup_.points);
  if (setup_.paths) pieces_ += (chunks + 1) * kReferenceSteps;
  if (setup_.law) ++pieces_;
  for (const int64_t count : steps) {
    pieces_ += std::ssize(setup_.samplers) * (chunks * count + 1);
  }
  reference_.reserve(static_cast<size_t>(setup_.points * dim_));
  stage_ = setup_.paths ? Stage::kReference
           : setup_.law ? Stage::kLevel
                        : Stage::kTrials;
}

bool Convergence::Advance() {
  switch (stage_) {
    case Stage::kReference:
      AdvanceReference();
      break;
    case Stage::kSecond:
      AdvanceSecond();
      break;
    case Stage::kLevel:
      AdvanceLevel();
      break;
    case Stage::kTrials:
      AdvanceTrial();
      break;
    case Stage::kDone:
      return false;
  }
  ++done_;
  if (stage_ == Stage::kDone) done_ = pieces_;
  return true;
}

void Convergence::Begin(const Sampler& sampler, int64_t first, int64_t count) {
  sampling_.emplace(sampler, setup_.path, setup_.denoiser, setup_.key,
                    static_cast<uint64_t>(first), count);
}

bool Convergence::Step() {
  sampling_->Step();
  return sampling_->done() || sampling_->outcome() != Outcome::kGood;
}

std::span<const float> Convergence::Ends() {
  ends_.assign(sampling_->particles().begin(), sampling_->particles().end());
  setup_.units.ToData(ends_);
  return ends_;
}

void Convergence::AdvanceReference() {
  if (!sampling_) {
    Begin(*solver_, first_, std::min(kChunk, setup_.points - first_));
  }
  if (!Step()) return;
  reference_outcome_ = sampling_->outcome();
  const std::span<const float> ends = Ends();
  if (reference_outcome_ == Outcome::kGood && !AllFinite(ends)) {
    reference_outcome_ = Outcome::kStepTooSmall;
  }
  reference_.insert(reference_.end(), ends.begin(), ends.end());
  first_ += kChunk;
  sampling_.reset();
  if (reference_outcome_ != Outcome::kGood) {
    stage_ = setup_.law ? Stage::kLevel : Stage::kTrials;
  } else if (first_ >= setup_.points) {
    stage_ = Stage::kSecond;
  }
  if (stage_ != Stage::kReference) first_ = 0;
}

void Convergence::AdvanceSecond() {
  const int64_t count = std::min(kChunk, setup_.points);
  if (!sampling_) Begin(*second_solver_, 0, count);
  if (!Step()) return;
  const std::span<const float> ends = Ends();
  const double apart = std::sqrt(
      SquaredDistanceOf(std::span(reference_).first(ends.size()), ends) /
      static_cast<double>(count));
  double size = 0;
  for (const float x : reference_) size += double{x} * x;
  size = std::sqrt(size / static_cast<double>(setup_.points));
  floor_.paths = std::max(apart, kHalfSpacing * size);
  sampling_.reset();
  stage_ = setup_.law ? Stage::kLevel : Stage::kTrials;
}

std::vector<float> Convergence::Draw() const {
  const Key key = Fold(setup_.key, "law");
  std::vector<float> points(static_cast<size_t>(law_points_ * dim_));
  setup_.data.Draw(Fold(key, "data"), 0, points);
  setup_.units.ToModel(points);
  // As they are at the time where samplers stop.
  const Noising noising(setup_.path, UniformGrid(setup_.path, 1), dim_,
                        Fold(key, "noising"), 0, points);
  points.assign(noising.particles().begin(), noising.particles().end());
  setup_.units.ToData(points);
  return points;
}

void Convergence::AdvanceLevel() {
  law_ = Draw();
  floor_.law = std::sqrt(2 * MeanDistance(dim_, law_) /
                         static_cast<double>(law_points_));
  stage_ = Stage::kTrials;
}

void Convergence::AdvanceTrial() {
  const size_t samplers = setup_.samplers.size();
  if (trial_ >= samplers * setup_.steps.size()) {
    stage_ = Stage::kDone;
    return;
  }
  Choice<Sampler>& sampler = setup_.samplers[trial_ % samplers];
  if (!sampling_) {
    if (first_ == 0) {
      error_ = {.sampler = trial_ % samplers,
                .steps = setup_.steps[trial_ / samplers]};
      drew_ = false;
      asked_ = square_ = 0;
      sampled_.clear();
    }
    sampler->steps = error_.steps;
    Begin(*sampler, first_, std::min(kChunk, setup_.points - first_));
  }
  if (!Step()) return;
  const std::span<const float> ends = Ends();
  error_.failed = error_.failed || sampling_->outcome() != Outcome::kGood ||
                  !AllFinite(ends);
  drew_ = drew_ || sampling_->drew();
  asked_ +=
      sampling_->evaluations() * static_cast<double>(std::ssize(ends) / dim_);
  const size_t begin = static_cast<size_t>(first_ * dim_);
  if (floor_.paths) {
    square_ += SquaredDistanceOf(
        std::span(reference_).subspan(begin, ends.size()), ends);
  }
  const size_t most = static_cast<size_t>(law_points_ * dim_);
  const size_t wanted = std::min(ends.size(), most - sampled_.size());
  sampled_.insert(sampled_.end(), ends.begin(),
                  ends.begin() + static_cast<std::ptrdiff_t>(wanted));
  first_ += kChunk;
  sampling_.reset();
  if (first_ >= setup_.points || error_.failed) FinishTrial();
}

void Convergence::FinishTrial() {
  const double points = static_cast<double>(std::min(first_, setup_.points));
  error_.evaluations = asked_ / points;
  if (!error_.failed) {
    if (floor_.paths && !drew_) error_.paths = std::sqrt(square_ / points);
    if (setup_.law) {
      error_.law = std::sqrt(EnergyDistanceOfSets(dim_, sampled_, law_));
    }
  }
  errors_.push_back(error_);
  first_ = 0;
  if (++trial_ >= setup_.samplers.size() * setup_.steps.size()) {
    stage_ = Stage::kDone;
  }
}

std::optional<double> Convergence::OrderOf(
    size_t sampler, std::optional<double> SolverError::*error,
    std::optional<double> floor, double above) const {
  if (!floor) return std::nullopt;
  std::vector<std::pair<double, double>>
      line;  // log 1 / evaluations, log error
  for (auto it = errors_.rbegin(); it != errors_.rend(); ++it) {
    if (it->sampler != sampler || it->failed) continue;
    const std::optional<double> value = (*it).*error;
    if (!value || !(*value > above * *floor) || !(it->evaluations > 0)) {
      continue;
    }
    const double x = -exact::Log(it->evaluations);
    if (!line.empty() && !(x > line.back().first)) continue;
    line.emplace_back(x, exact::Log(*value));
    if (line.size() == kOrderPoints) break;
  }
  if (line.size() < kOrderPoints) return std::nullopt;
  const double n = static_cast<double>(line.size());
  double mean_x = 0, mean_y = 0, xx = 0, xy = 0, off = 0;
  for (const auto& [x, y] : line) {
    mean_x += x / n;
    mean_y += y / n;
  }
  for (const auto& [x, y] : line) {
    xx += (x - mean_x) * (x - mean_x);
    xy += (x - mean_x) * (y - mean_y);
  }
  const double slope = xy / xx;
  for (const auto& [x, y] : line) {
    const double rest = y - mean_y - slope * (x - mean_x);
    off += rest * rest / n;
  }
  if (!(std::sqrt(off) <= kOffLine)) return std::nullopt;
  return slope;
}

std::optional<double> Convergence::PathsOrder(size_t sampler) const {
  return OrderOf(sampler, &SolverError::paths, floor_.paths, kAbovePaths);
}

std::optional<double> Convergence::LawOrder(size_t sampler) const {
  return OrderOf(sampler, &SolverError::law, floor_.law, kAboveLaw);
}

Json ToJson(const Convergence& convergence, size_t samplers) {
  const auto put = [](Json& json, std::string_view name,
                      std::optional<double> value) {
    if (value) json[name] = *value;
  };
  Json floor{Json::Object{}};
  put(floor, "paths", convergence.floor().paths);
  put(floor, "law", convergence.floor().law);
  Json::Array rows, orders;
  for (const SolverError& error : convergence.errors()) {
    Json row{Json::Object{}};
    row["sampler"] = error.sampler;
    row["steps"] = error.steps;
    row["evaluations"] = error.evaluations;
    put(row, "paths", error.paths);
    put(row, "law", error.law);
    if (error.failed) row["failed"] = true;
    rows.push_back(std::move(row));
  }
  for (size_t i = 0; i < samplers; ++i) {
    Json order{Json::Object{}};
    put(order, "paths", convergence.PathsOrder(i));
    put(order, "law", convergence.LawOrder(i));
    orders.push_back(std::move(order));
  }
  return Json::Object{{"floor", std::move(floor)},
                      {"rows", std::move(rows)},
                      {"orders", std::move(orders)}};
}

std::string ToText(const Convergence& convergence,
                   std::span<const std::string> names, char separator) {
  const auto quoted = [separator](const std::string& cell) {
    if (cell.find_first_of(std::string("\"\n") + separator) == cell.npos) {
      return cell;
    }
    std::string text = "\"";
    for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
    return text + '"';
  };
  const auto number = [](std::optional<double> value) {
    return value ? Write(Json(*value)) : std::string();
  };
  std::string text;
  for (const char* title : {"sampler", "steps", "evaluations", "paths"}) {
    text += title;
    text += separator;
  }
  text += "law\n";
  for (const SolverError& error : convergence.errors()) {
    text += quoted(names[error.sampler]) + separator +
            std::to_string(error.steps) + separator +
            number(error.evaluations) + separator + number(error.paths) +
            separator + number(error.law) + '\n';
  }
  return text;
}

}  // namespace unnoise
