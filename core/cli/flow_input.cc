// See flow_input.h.

#include "core/cli/flow_input.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <utility>

#include "core/cli/experiment_input.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/run_directory.h"

namespace unnoise {
namespace {

// Of the data set's own points, unless --n says otherwise.
constexpr int64_t kOwnPoints = 1000;

void CheckDim(const PointSet& points, const std::string& path, int dim) {
  if (points.dim == dim) return;
  throw Failure{kExitUsage,
                {{path, "its points have " + std::to_string(points.dim) +
                            " coordinates, and those of the model " +
                            std::to_string(dim) +
                            "; give points of its kind, in data units."}}};
}

}  // namespace

Choice<Sampler> FlowSamplerOf(const Subject& subject,
                              std::span<const std::string> words) {
  const Choice<Sampler>& asked = subject.asked.family->sampler();
  if (asked->follows_flow()) return asked;
  const bool named =
      std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return word.starts_with("sampler=") || word.starts_with("sampler.");
      });
  if (!named) return Choice<Sampler>("dopri5");
  std::string names;
  for (const std::string_view name : FlowSamplers()) {
    names += (names.empty() ? "sampler=" : " or sampler=") + std::string(name);
  }
  throw Failure{kExitUsage,
                {{"sampler", std::string(asked.kind()) +
                                 " does not step along the flow, which leads "
                                 "both ways without chance; write " +
                                 names + "."}}};
}

FlowPoints ReadFlowPoints(FileSystem& files, const Subject& subject,
                          const std::optional<std::string>& in,
                          std::optional<int64_t> n, int64_t seed) {
  const Run& run = *subject.run;
  if (in) {
    if (n) {
      throw Failure{kExitUsage,
                    {{"--n", "all points of " + *in +
                                 " are taken; leave it out, or --in."}}};
    }
    PointSet points = ReadPointsFile(files, *in, Rounding::kNone);
    CheckDim(points, *in, run.dim());
    return {std::move(points.values), "points of " + *in};
  }
  const size_t dim = static_cast<size_t>(run.dim());
  if (const Points* own = run.experiment().points()) {
    const bool held = own->held_out() != nullptr;
    std::vector<float> values =
        (held ? *own->held_out() : own->training()).values;
    const size_t most = static_cast<size_t>(n.value_or(kMaxPoints)) * dim;
    if (values.size() > most) values.resize(most);
    return {std::move(values), held ? "held-out points" : "points of the set"};
  }
  std::vector<float> values(static_cast<size_t>(n.value_or(kOwnPoints)) * dim);
  const Key key = Fold(KeyFromSeed(static_cast<uint64_t>(seed)), "likelihood");
  run.experiment().data->Draw(Fold(key, "data"), 0, values);
  return {std::move(values), "fresh points"};
}

bool Finish(Flow& flow, const Subject& subject, int64_t first) {
  while (!Interrupted() && flow.Step()) {
  }
  if (Interrupted()) return false;
  if (flow.done() && flow.finite()) return true;
  const bool learned = subject.run->trainable() && !subject.truth;
  std::string what(AdviceOn(flow.outcome()).matter), repair;
  switch (flow.outcome()) {
    case Outcome::kStepTooSmall:
      repair =
          "the field is too steep there, or not finite: look at points nearer "
          "to the data, or raise sampler.rtol and sampler.atol";
      break;
    case Outcome::kTooManySteps:
      repair = "raise it, or sampler.rtol and sampler.atol";
      break;
    default:
      const std::vector<float> points = flow.points();
      const auto bad = std::find_if(points.begin(), points.end(),
                                    [](float x) { return !std::isfinite(x); });
      if (bad != points.end()) {
        what += " (the first is point " +
                std::to_string(first +
                               (bad - points.begin()) / subject.run->dim()) +
                ", from 0)";
      }
      repair =
          "take more sampler.steps, or sampler=dopri5, or points nearer to the "
          "data";
  }
  throw Failure{
      kExitDiverged,
      {{"sampler",
        "the flow of " + subject.Named() + " " + what + "; " + repair +
            (learned ? ", or train longer or with a lower rate.peak" : "") +
            ". Nothing was written."}}};
}

void ExplainRoundTrip(const Subject& subject, double worst, std::ostream& err) {
  const std::vector<double> variance =
      subject.run->experiment().data->ExactMoments().variance;
  const double most = *std::max_element(variance.begin(), variance.end());
  constexpr double kMuch = 0.01;  // of the data's widest deviation
  if (worst <= kMuch * std::sqrt(most)) return;
  err << "That is much: take smaller steps (a smaller sampler.rtol and "
         "sampler.atol, more sampler.steps), or points nearer to the data. "
         "Where a law has next to nothing (unnoise likelihood tells), the flow "
         "presses points together beyond what single precision tells apart.\n";
}

void CheckFlowPlace(FileSystem& files, const std::string& out,
                    const char* example) {
  if (!BelongsToRun(files, out)) return;
  throw Failure{kExitUsage,
                {{"--out", out +
                               " is a file of a run; give another name, such "
                               "as " +
                               example + "."}}};
}

}  // namespace unnoise
