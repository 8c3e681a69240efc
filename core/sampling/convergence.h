// How fast samplers come near to the truth: their errors at several numbers of
// steps on the same start points, against how often each asked the model. Two
// errors are told, of the ways and of the law. What a sampler does is its own
// business; drawing a chart is the caller's.

#ifndef UNNOISE_SAMPLING_CONVERGENCE_H_
#define UNNOISE_SAMPLING_CONVERGENCE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/key.h"
#include "core/base/problem.h"
#include "core/data/dataset.h"
#include "core/path/path.h"
#include "core/sampling/denoiser.h"
#include "core/sampling/sampler.h"
#include "core/sampling/sampling.h"

namespace unnoise {

inline constexpr int64_t kMaxSolvers = 12;
inline constexpr int64_t kMaxStepCounts = 40;
inline constexpr int64_t kMaxSolverSteps = 10000;  // as samplers allow
inline constexpr int64_t kMaxSolverPoints = 100000;

// What is compared, on what. All that is referred to outlives the comparison.
struct SolverSetup {
  const Path& path;
  Denoiser& denoiser;
  const Dataset& data;  // its law is what samples are held against
  const Affine& units;  // from data to model units
  std::vector<Choice<Sampler>> samplers;
  std::vector<int64_t> steps;  // each sampler on each; any order
  int64_t points = 1000;
  Key key = {};  // of Sampling: the start points and the draws
  bool paths = true;
  bool law = true;
};

// What is wrong with it, at "samplers", "steps" or "n": too few or too many,
// numbers of steps out of a sampler's range, a sampler whose times are given
// or which does not go all the way from noise to data.
Problems CheckSolvers(const SolverSetup& setup);

// One sampler on one number of steps. Errors are in data units.
struct SolverError {
  size_t sampler;
  int64_t steps;
  double evaluations = 0;  // of the model, the mean over points
  // How far its points end from where the probability-flow ODE takes the same
  // start points, the root mean square; none for a sampler that left something
  // to chance.
  std::optional<double> paths = {};
  // The root of the energy distance (Szekely, Rizzo 2013) between its first
  // points, kSolverLawPoints at most, and as many fresh draws of the law at the
  // time where samplers stop.
  std::optional<double> law = {};
  bool failed = false;  // not finite, or a step could not be made
};
inline constexpr int64_t kSolverLawPoints = 1000;

// Below this errors say nothing.
struct ErrorFloor {
  // The root mean square distance between two solutions of the ODE to
  // tolerances of 1e-6 and 2e-6, whose first is the reference, and half a
  // float's spacing at the size of the points.
  std::optional<double> paths = {};
  // How far two sets of fresh draws are apart in the same distance, as the root
  // of the mean: that of 2 / points times the mean distance of two draws.
  std::optional<double> law = {};
};

// Does the work in small pieces: a transition of some hundred points is the
// most of one. How it is cut changes no bit, nor does the number of threads.
class Convergence {
 public:
  // Throws UsageError where CheckSolvers finds anything.
  explicit Convergence(SolverSetup setup);

  // Does a piece; false if there was none left.
  bool Advance();
  // Pieces done, and how many there are in all.
  int64_t done() const { return done_; }
  int64_t pieces() const { return pieces_; }

  // Those that are known, by the number of steps and then in the order of the
  // samplers.
  const std::vector<SolverError>& errors() const { return errors_; }
  // Known before the first error.
  const ErrorFloor& floor() const { return floor_; }
  // kGood unless the reference could not follow the ODE: there are no errors of
  // the ways then.
  Outcome reference() const { return reference_outcome_; }

  // The observed order by evaluations of the model: the slope, by least
  // squares, of the logarithm of the error over that of 1 / evaluations, of the
  // three trials with the most evaluations whose error is well above the floor.
  // None where there are not as many, or they do not lie on a line.
  std::optional<double> PathsOrder(size_t sampler) const;
  std::optional<double> LawOrder(size_t sampler) const;

 private:
  enum class Stage { kReference, kSecond, kLevel, kTrials, kDone };

  void Begin(const Sampler& sampler, int64_t first, int64_t count);
  // One transition of the points under way; true once they are at the end.
  bool Step();
  std::span<const float> Ends();
  void AdvanceReference();
  void AdvanceSecond();
  void AdvanceLevel();
  void AdvanceTrial();
  void FinishTrial();
  std::vector<float> Draw() const;
  std::optional<double> OrderOf(size_t sampler,
                                std::optional<double> SolverError::*error,
                                std::optional<double> floor,
                                double above) const;

  SolverSetup setup_;
  int dim_;
  int64_t law_points_;
  Stage stage_;
  int64_t done_ = 0, pieces_ = 0;

  std::optional<Sampling> sampling_;  // of the points under way
  std::vector<float> ends_;           // of those, in data units
  int64_t first_ = 0;                 // the next points

  Choice<Sampler> solver_, second_solver_;
  std::vector<float> reference_;  // [points, dim], in data units
  Outcome reference_outcome_ = Outcome::kGood;
  std::vector<float> law_;  // [law points, dim], in data units
  ErrorFloor floor_;

  size_t trial_ = 0;  // steps first, then samplers
  SolverError error_ = {};
  bool drew_ = false;
  double asked_ = 0;            // questions, over points
  double square_ = 0;           // the sum of squared distances
  std::vector<float> sampled_;  // [law points, dim]
  std::vector<SolverError> errors_;
};

// {"floor": {"paths", "law"}, "rows": [{"sampler": index, "steps",
// "evaluations", "paths", "law", "failed": true}], "orders": [{"paths",
// "law"}], one a sampler}: what is known so far; what is not is left out.
Json ToJson(const Convergence& convergence, size_t samplers);

// The errors as lines of cells, the first of them the titles: sampler (by the
// names given), steps, evaluations, paths, law; what is not known is empty.
// Numbers are in their shortest form; cells with the separator are quoted.
std::string ToText(const Convergence& convergence,
                   std::span<const std::string> names, char separator);

}  // namespace unnoise

#endif  // UNNOISE_SAMPLING_CONVERGENCE_H_
