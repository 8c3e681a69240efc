// unnoise process: particles that follow a law of motion, and what is known of
// that law without them.

#include "core/process/process.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <utility>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/cli/array_file.h"
#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/process_density.h"
#include "core/cli/progress.h"
#include "core/cli/run_directory.h"
#include "core/sampling/recorder.h"

namespace unnoise {
namespace {

// Particles that move together: memory stays small, bits stay the same.
constexpr int64_t kChunk = 4096;
constexpr int kPathsFormat = 1;
constexpr int64_t kMaxBytes = int64_t{2} << 30;

// The word that names a process; the others are its fields. Throws Failure.
std::string TakeName(const std::vector<std::string>& words,
                     std::vector<std::string>& fields) {
  std::string name;
  for (const std::string& word : words) {
    if (word.find('=') != word.npos) {
      fields.push_back(word);
    } else if (!name.empty()) {
      throw Failure{kExitUsage,
                    {{word, "there is more than one name; name one process."}}};
    } else {
      name = word;
    }
  }
  if (name.empty()) {
    throw Failure{kExitUsage,
                  {{"",
                    "the name of a process is missing; write for example "
                    "unnoise process brownian_motion, and see unnoise list "
                    "processes."}}};
  }
  return name;
}

bool AllFinite(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [](double x) { return std::isfinite(x); });
}

// What an NPY file cannot tell.
std::string Description(const ProcessChoice& choice,
                        const ProcessOptions& options,
                        const std::vector<double>& times) {
  const Process& process = *choice.process;
  Json::Array axes, moments;
  for (int i = 0; i < process.dim(); ++i) axes.push_back(process.axis(i));
  for (const double t : times) {
    const std::optional<StateMoments> at = process.MomentsAt(t);
    // A law may have moments beyond a double.
    if (!at || !AllFinite(at->mean) || !AllFinite(at->covariance)) continue;
    moments.push_back(Json::Object{
        {"t", t},
        {"mean", Json::Array(at->mean.begin(), at->mean.end())},
        {"covariance",
         Json::Array(at->covariance.begin(), at->covariance.end())}});
  }
  return Write(Json::Object{{"format", kPathsFormat},
                            {"process", ToJson(choice)},
                            {"seed", options.seed},
                            {"axes", std::move(axes)},
                            {"t", Json::Array(times.begin(), times.end())},
                            {"moments", std::move(moments)}}) +
         '\n';
}

// The moments kept of all particles, [times, n, dim].
class Paths {
 public:
  Paths(const Process& process, int64_t n, std::optional<int64_t> frames)
      : steps_(process.steps),
        frames_(frames.value_or(process.steps + 1)),
        n_(n),
        dim_(process.dim()) {
    const int64_t times = MakeRecorder(1).times();
    const int64_t state_bytes = n * dim_ * static_cast<int64_t>(sizeof(float));
    if (times > kMaxBytes / state_bytes) {
      throw Failure{kExitUsage,
                    {{"--frames",
                      WithCommas(times) + " moments of " + WithCommas(n) +
                          " points need more than 2 GiB of memory; give fewer "
                          "--frames, a smaller --n or fewer steps."}}};
    }
    values_.resize(static_cast<size_t>(times * n * dim_));
    shape_ = {times, n, dim_};
  }

  // One that holds no state yet.
  Recorder MakeRecorder(int64_t count) const {
    return Recorder(steps_, frames_, static_cast<size_t>(count * dim_));
  }
  void Add(const Recorder& recorder, int64_t first) {
    recorded_.assign(recorder.recorded().begin(), recorder.recorded().end());
    const size_t size = recorder.values().size() / recorded_.size();
    for (size_t time = 0; time < recorded_.size(); ++time) {
      const std::span<const float> state =
          recorder.values().subspan(time * size, size);
      std::copy(
          state.begin(), state.end(),
          values_.begin() + (static_cast<int64_t>(time) * n_ + first) * dim_);
    }
  }

  std::vector<double> Times(const Process& process) const {
    std::vector<double> times;
    for (const int64_t position : recorded_) {
      times.push_back(process.TimeAt(position));
    }
    return times;
  }
  void Write(const std::vector<double>& times, ArrayFile& file) const {
    const size_t size = static_cast<size_t>(n_ * dim_);
    std::vector<double> lead(2 * static_cast<size_t>(n_));
    for (size_t time = 0; time < times.size(); ++time) {
      for (size_t i = 0; i < lead.size(); i += 2) {
        lead[i] = times[time];
        lead[i + 1] = static_cast<double>(i / 2);
      }
      file.Append(std::span(values_).subspan(time * size, size), lead);
    }
    file.AddArray("t", std::vector<float>(times.begin(), times.end()));
  }
  const std::vector<int64_t>& shape() const { return shape_; }
  std::span<const float> values() const { return values_; }
  std::span<const int64_t> positions() const { return recorded_; }

 private:
  int64_t steps_, frames_, n_;
  int dim_;
  std::vector<int64_t> shape_;
  std::vector<float> values_;
  std::vector<int64_t> recorded_;
};

[[noreturn]] void FailDiverged(const Motion& motion) {
  throw Failure{kExitDiverged,
                {{"steps", "particles are not finite any more at t = " +
                               Brief(motion.t()) +
                               "; take more steps, a shorter time or fields "
                               "that do not explode. Nothing was written."}}};
}

}  // namespace

ExitCode MoveParticles(const ProcessOptions& options, Context& context) {
  const InterruptScope interrupts;
  std::vector<std::string> fields;
  const std::string name = TakeName(options.words, fields);
  const Result<ProcessChoice> read = ReadProcess(name, fields);
  if (!read.ok()) throw Failure{kExitUsage, read.problems()};
  const ProcessChoice& choice = *read;
  const Process& process = *choice.process;

  const std::string out_path = options.out.value_or(name + ".npy");
  const std::optional<std::string> description = DescriptionPath(out_path);
  Problems problems;
  for (const std::string& path : {out_path, description.value_or(out_path)}) {
    if (BelongsToRun(context.files, path)) {
      problems.push_back({"--out", path + " is a file of a run; give another "
                                          "name, such as paths.npy."});
    }
  }
  if (options.density) {
    // Each may have a description beside it.
    const std::string density = NormalPath(*options.density);
    const std::string theirs[] = {NormalPath(out_path),
                                  NormalPath(description.value_or(out_path))};
    const std::string its =
        NormalPath(DescriptionPath(density).value_or(density));
    for (const std::string& path : theirs) {
      if (path != density && path != its) continue;
      problems.push_back({"--density", "the paths go to " + out_path +
                                           " and what describes them to a "
                                           ".json beside it; give another "
                                           "name."});
      break;
    }
  }
  if (!options.density && (options.cells || options.window)) {
    problems.push_back({options.cells ? "--cells" : "--window",
                        "this is of the density; add --density FILE."});
  }
  if (description == out_path) {
    problems.push_back({"--out", "give a name that ends in .npy."});
  }
  const NpyType type = TypeOfOption(options.dtype, out_path, problems);
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};

  Paths paths(process, options.n, options.frames);
  // Made before the work, so that a bad place is found at once.
  ArrayFile out(context.files, out_path, "paths", paths.shape(),
                {"t", "particle"}, type);
  std::optional<AtomicFile> description_file;
  if (description) description_file.emplace(context.files, *description);
  std::optional<ProcessDensity> density;
  if (options.density) {
    density.emplace(choice, options, paths.shape()[0], context);
  }

  const Key key =
      Fold(KeyFromSeed(static_cast<uint64_t>(options.seed)), "process");
  {
    ProgressMeter meter(context, "particles", 0, options.n, options.quiet);
    for (int64_t first = 0; first < options.n; first += kChunk) {
      const int64_t count = std::min(kChunk, options.n - first);
      Motion motion(process, key, static_cast<uint64_t>(first), count);
      Recorder recorder = paths.MakeRecorder(count);
      if (!motion.finite()) FailDiverged(motion);
      recorder.Observe(motion.position(), motion.particles());
      while (!Interrupted() && motion.Step()) {
        if (!motion.finite()) FailDiverged(motion);
        recorder.Observe(motion.position(), motion.particles());
      }
      if (Interrupted()) return kExitInterrupted;
      paths.Add(recorder, first);
      meter.Update(first + count);
    }
  }

  if (density && !density->Move(paths.values(), paths.positions())) {
    return kExitInterrupted;
  }
  const std::vector<double> times = paths.Times(process);
  paths.Write(times, out);
  if (description_file) {
    description_file->Append(Description(choice, options, times));
    description_file->Commit();
  }
  out.Commit();
  if (density) {
    density->Commit();
    if (!options.quiet) density->Report();
  }
  if (!options.quiet || !options.out) {
    context.err << "Wrote " << WithCommas(options.n) << " paths of "
                << process.dim()
                << (process.dim() == 1 ? " coordinate at " : " coordinates at ")
                << WithCommas(paths.shape()[0]) << " times to " << out_path
                << (density ? ", and their law to " + *options.density : "")
                << ".\n";
  }
  return kExitDone;
}

}  // namespace unnoise
