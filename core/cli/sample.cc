// unnoise sample: points from a trained run, and their way from noise to data.

#include <algorithm>
#include <limits>
#include <ostream>
#include <utility>

#include "core/base/json.h"
#include "core/cli/array_file.h"
#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/run_directory.h"
#include "core/cli/subject.h"
#include "core/sampling/recorder.h"
#include "core/sampling/sampling.h"

namespace unnoise {
namespace {

// Particles that travel together: memory stays small, bits stay the same.
constexpr int64_t kChunk = 4096;
constexpr int kTrajectoryFormat = 1;
constexpr int64_t kMaxTrajectoryBytes = int64_t{2} << 30;

// States of every particle on the grid, evenly spaced, [times, n, dim], in data
// units.
class Trajectory {
 public:
  // Keeps at most `frames` states.
  Trajectory(int64_t transitions, int64_t frames, int64_t n, int dim)
      : transitions_(transitions), frames_(frames), n_(n), dim_(dim) {
    times_ = MakeRecorder(0).times();
    // Compared by division: the product may be beyond 64 bits.
    const int64_t state_bytes = n * dim * static_cast<int64_t>(sizeof(float));
    if (times_ > kMaxTrajectoryBytes / state_bytes) {
      throw Failure{
          kExitUsage,
          {{"--trajectory",
            WithCommas(times_) + " states of " + WithCommas(n) +
                " points need more than 2 GiB of memory; give a smaller --n "
                "(up to " +
                WithCommas(kMaxTrajectoryBytes / (state_bytes / n * times_)) +
                " here), fewer --frames or fewer sampler.steps."}}};
    }
    values_.resize(static_cast<size_t>(times_ * n * dim));
  }

  Recorder MakeRecorder(int64_t count) const {
    return Recorder(transitions_, frames_, static_cast<size_t>(count * dim_));
  }

  // Takes the states of particles first, first + 1, ...
  void Add(const Recorder& recorder, int64_t first, const Affine& affine) {
    recorded_.assign(recorder.recorded().begin(), recorder.recorded().end());
    const std::span<const float> states = recorder.values();
    const size_t size = states.size() / recorded_.size();
    for (size_t time = 0; time < recorded_.size(); ++time) {
      const std::span<float> place = std::span(values_).subspan(
          (time * static_cast<size_t>(n_) + static_cast<size_t>(first)) *
              static_cast<size_t>(dim_),
          size);
      const std::span<const float> state = states.subspan(time * size, size);
      std::copy(state.begin(), state.end(), place.begin());
      affine.ToData(place);
    }
  }

  std::vector<int64_t> shape() const { return {times_, n_, dim_}; }

  // Writes the states in order, with the time of each.
  void Write(const std::vector<GridPoint>& grid, ArrayFile& file) const {
    const size_t size = static_cast<size_t>(n_ * dim_);
    std::vector<float> times;
    std::vector<double> lead(2 * static_cast<size_t>(n_));
    for (size_t time = 0; time < recorded_.size(); ++time) {
      const double t = grid[static_cast<size_t>(recorded_[time])].t;
      times.push_back(static_cast<float>(t));
      for (size_t i = 0; i < lead.size(); i += 2) {
        lead[i] = t;
        lead[i + 1] = static_cast<double>(i / 2);
      }
      file.Append(std::span(values_).subspan(time * size, size), lead);
    }
    file.AddArray("t", times);
  }

  // What an NPY file cannot tell: the grid, and which points of it the states
  // stand at.
  std::string Description(const std::vector<GridPoint>& grid) const {
    Json::Array points;
    for (const GridPoint& point : grid) {
      points.push_back(Json::Object{
          {"t", point.t}, {"alpha", point.alpha}, {"sigma", point.sigma}});
    }
    return unnoise::Write(Json::Object{
               {"format", kTrajectoryFormat},
               {"grid", std::move(points)},
               {"recorded", Json::Array(recorded_.begin(), recorded_.end())}}) +
           '\n';
  }

 private:
  int64_t transitions_;
  int64_t frames_;
  int64_t n_;
  int dim_;
  int64_t times_;
  std::vector<float> values_;
  std::vector<int64_t> recorded_;
};

// Results have names of their own and stay away from the files of a run.
void CheckPlaces(FileSystem& files, const std::string& out,
                 const std::optional<std::string>& trajectory,
                 Problems& problems) {
  const auto check = [&](const char* option, const std::string& path) {
    if (!BelongsToRun(files, path)) return;
    problems.push_back({option, path + " is a file of a run; give another "
                                       "name, such as samples.npy."});
  };
  check("--out", out);
  if (trajectory) {
    const std::optional<std::string> description = DescriptionPath(*trajectory);
    check("--trajectory", *trajectory);
    if (description) check("--trajectory", *description);
    const std::string states = NormalPath(*trajectory);
    const std::string beside = NormalPath(description.value_or(*trajectory));
    const std::string samples = NormalPath(out);
    if (states == samples || beside == samples || description == *trajectory) {
      problems.push_back({"--trajectory",
                          "this is the name of another result; give a name "
                          "of its own, ending in .npy."});
    }
  }
}

}  // namespace

ExitCode Sample(const SampleOptions& options, Context& context) {
  const InterruptScope interrupts;
  Pool pool(options.threads);
  const std::unique_ptr<Backend> backend = MakeSimdBackend(pool);
  const Subject subject = OpenSubject(context.files, options.directory,
                                      options.words, options.truth, *backend);
  const Run& run = *subject.run;
  const Sampler& sampler = *subject.asked.family->sampler();
  const Path& path = run.experiment().family->path();
  const int dim = run.dim();

  const std::string out_path = options.out.value_or(
      ResultPathOf(context.files, options.directory, "samples.npy"));
  Problems problems;
  CheckPlaces(context.files, out_path, options.trajectory, problems);
  const NpyType type = TypeOfOption(options.dtype, out_path, problems);
  if (options.frames && !options.trajectory) {
    problems.push_back({"--frames",
                        "there is no trajectory to keep states of; add "
                        "--trajectory trajectory.npy."});
  }
  if (options.trajectory && problems.empty()) {
    TypeOfOption(options.dtype, *options.trajectory, problems);
  }
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  const std::vector<double> grid = sampler.Times(path);
  const int64_t steps = std::ssize(grid) - 1;
  std::optional<Trajectory> trajectory;
  std::optional<ArrayFile> trajectory_file;
  std::optional<AtomicFile> description_file;
  if (options.trajectory) {
    trajectory.emplace(steps, options.frames.value_or(steps + 1), options.n,
                       dim);
    trajectory_file.emplace(context.files, *options.trajectory, "trajectory",
                            trajectory->shape(),
                            std::vector<std::string_view>{"t", "point"}, type);
    if (const auto description = DescriptionPath(*options.trajectory)) {
      description_file.emplace(context.files, *description);
    }
  }
  // Made before the work, so that a bad place is found at once.
  ArrayFile out(context.files, out_path, "samples", {options.n, dim}, {}, type);

  const std::unique_ptr<Denoiser> denoiser = subject.MakeDenoiser();
  const Key key =
      Fold(KeyFromSeed(static_cast<uint64_t>(options.seed)), "sample");
  std::vector<GridPoint> used_grid;
  {
    ProgressMeter meter(context, "points", 0, options.n, options.quiet);
    for (int64_t first = 0; first < options.n; first += kChunk) {
      const int64_t count = std::min(kChunk, options.n - first);
      Sampling sampling(sampler, path, grid, *denoiser, key,
                        static_cast<uint64_t>(first), count);
      std::optional<Recorder> recorder;
      if (trajectory) {
        recorder.emplace(trajectory->MakeRecorder(count));
        recorder->Observe(sampling.position(), sampling.particles());
      }
      while (!Interrupted() && sampling.Step()) {
        if (recorder) {
          recorder->Observe(sampling.position(), sampling.particles());
        }
      }
      if (Interrupted()) return kExitInterrupted;
      std::vector<float> points(sampling.particles().begin(),
                                sampling.particles().end());
      run.standardiser().ToData(points);
      const bool finite =
          sampling.done() && sampling.finite() &&
          std::all_of(points.begin(), points.end(),
                      [](float value) { return value - value == 0; });
      if (!finite) FailSamples(subject, sampling.outcome());
      out.Append(points);
      if (recorder) trajectory->Add(*recorder, first, run.standardiser());
      used_grid = sampling.grid();
      meter.Update(first + count);
    }
  }

  if (trajectory) {
    trajectory->Write(used_grid, *trajectory_file);
    if (description_file) {
      description_file->Append(trajectory->Description(used_grid));
      description_file->Commit();
    }
    trajectory_file->Commit();
  }
  out.Commit();
  if (!options.quiet || !options.out) {
    context.err << "Wrote " << WithCommas(options.n) << " samples of "
                << subject.Named() << " to " << out_path << ".\n";
  }
  return kExitDone;
}

}  // namespace unnoise
