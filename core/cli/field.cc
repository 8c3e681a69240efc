// unnoise field: where the model would take the points of a grid at one time,
// as a table. The page draws the same numbers as arrows and as a heat map.

#include "core/sampling/field.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
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
#include "core/data/npy.h"

namespace unnoise {
namespace {

constexpr int64_t kMaxNodes = 4000000;
constexpr double kFarthest = 1e30;  // within what single precision can hold
// The default window: so many standard deviations to each side of the mean.
constexpr double kReach = 3;
// Nodes between two looks at Ctrl-C.
constexpr int64_t kChunk = 4096;

std::optional<double> NumberOf(const std::string& text) {
  const Result<Json> value = ParseJson(text, "");
  if (!value || !value->AsNumber()) return std::nullopt;
  return *value->AsNumber();
}

std::vector<std::string> Split(const std::string& text, char separator) {
  std::vector<std::string> parts{""};
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

double TimeOf(const std::string& text, const Path& path, Problems& problems) {
  const std::optional<double> t = NumberOf(text);
  if (t && *t >= path.t_min && *t <= path.t_max) return *t;
  problems.push_back(
      {"--t", "found \"" + text +
                  "\"; this run lives from t = " + Write(path.t_min) +
                  " (data) to " + Write(path.t_max) + " (noise)."});
  return path.t_max;
}

// "32x24", or with one coordinate "32".
void ReadGrid(const std::string& text, int dim, Lattice& lattice,
              Problems& problems) {
  std::vector<double> sizes;
  for (const std::string& part : Split(text, 'x')) {
    const double size = NumberOf(part).value_or(0);
    sizes.push_back(size == std::floor(size) && size <= kMaxNodes ? size : 0);
  }
  const bool whole =
      sizes.size() == (dim == 1 ? 1 : 2) && sizes[0] >= 2 && sizes.back() >= 2;
  if (whole && (dim == 1 || sizes[0] * sizes[1] <= kMaxNodes)) {
    lattice.nx = static_cast<int64_t>(sizes[0]);
    lattice.ny = dim == 1 ? 1 : static_cast<int64_t>(sizes[1]);
    return;
  }
  problems.push_back(
      {"--grid", "found \"" + text + "\"; give the nodes to the right" +
                     (dim == 1 ? ", such as 32 (this run has one coordinate)"
                               : " and upwards, such as 32x24") +
                     "; at least 2 and together at most " +
                     WithCommas(kMaxNodes) + "."});
}

// "x0,x1,y0,y1", or with one coordinate "x0,x1".
void ReadWindow(const std::string& text, int dim, Lattice& lattice,
                Problems& problems) {
  std::vector<double> ends;
  for (const std::string& part : Split(text, ',')) {
    const std::optional<double> end = NumberOf(part);
    if (end && std::fabs(*end) <= kFarthest) ends.push_back(*end);
  }
  const size_t wanted = dim == 1 ? 2 : 4;
  if (ends.size() == wanted && Split(text, ',').size() == wanted &&
      ends[0] < ends[1] && ends[wanted - 2] < ends[wanted - 1]) {
    lattice.x0 = ends[0];
    lattice.x1 = ends[1];
    lattice.y0 = ends[wanted - 2];
    lattice.y1 = ends[wanted - 1];
    return;
  }
  problems.push_back(
      {"--window",
       "found \"" + text + "\"; give " +
           (dim == 1 ? "left,right such as -2,2"
                     : "left,right,bottom,top such as -2,2,-1.5,1.5") +
           " in the units of the data, each end below the next."});
}

// As far along both axes, so that the picture keeps one scale.
void AroundData(const Dataset& data, Lattice& lattice) {
  const Moments moments = data.ExactMoments();
  double variance = 0;
  const size_t axes = std::min<size_t>(2, moments.mean.size());
  for (size_t axis = 0; axis < axes; ++axis) {
    variance = std::max(variance, moments.variance[axis]);
  }
  const double reach = variance > 0 ? kReach * std::sqrt(variance) : 1;
  lattice.x0 = moments.mean[0] - reach;
  lattice.x1 = moments.mean[0] + reach;
  lattice.y0 = moments.mean[axes - 1] - reach;
  lattice.y1 = moments.mean[axes - 1] + reach;
}

// The sampler's move from t to the point of its grid below.
std::optional<Move> StepFrom(double t, const Sampler& sampler, const Path& path,
                             Problems& problems) {
  std::optional<double> next;
  for (const double s : sampler.Times(path)) {
    if (s < t) next = s;
  }
  if (next) return Move{&sampler, &path, *next};
  problems.push_back({"--to", "at t = " + Write(t) +
                                  " no step is left to take; give a larger "
                                  "--t."});
  return std::nullopt;
}

// The shortest decimal that reads back as the same float32.
std::string Shortest(float value) {
  char text[32];
  for (int digits = 6; digits <= 9; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits,
                  static_cast<double>(value));
    if (std::strtof(text, nullptr) == value) break;
  }
  return text;
}

// Writes rows x, y, dx, dy (x, dx with one coordinate) as the file's name asks.
class Table {
 public:
  Table(FileSystem& files, const std::string& path, const ArrowField& field,
        NpyType type)
      : file_(files, path),
        axes_(static_cast<size_t>(field.axes())),
        type_(type) {
    if (path.ends_with(".npy")) {
      const Lattice& lattice = field.lattice();
      const int64_t shape[] = {lattice.nx * lattice.ny, 2 * field.axes()};
      file_.Append(NpyHeader(shape, type));
      return;
    }
    separator_ = path.ends_with(".tsv") ? '\t' : ',';
    std::string names = axes_ == 1 ? "x,dx\n" : "x,y,dx,dy\n";
    for (char& c : names) {
      if (c == ',') c = separator_;
    }
    file_.Append(names);
  }

  // All rows made since the last call.
  void Add(const ArrowField& field) {
    std::string text;
    for (; done_ < field.nodes().size(); done_ += axes_) {
      char end = separator_;
      for (const auto& values : {field.nodes(), field.arrows()}) {
        for (size_t axis = 0; axis < axes_; ++axis) {
          const float value = values[done_ + axis];
          if (separator_ == '\0') {
            text += TypedBytes({&value, 1}, type_);
            continue;
          }
          if (values.data() == field.arrows().data() && axis + 1 == axes_) {
            end = '\n';
          }
          text += Shortest(value) + end;
        }
      }
    }
    file_.Append(text);
  }

  void Commit() { file_.Commit(); }

 private:
  AtomicFile file_;
  size_t axes_;
  NpyType type_;
  char separator_ = '\0';  // none: numbers as bytes
  size_t done_ = 0;        // floats of the nodes
};

}  // namespace

ExitCode MakeField(const FieldOptions& options, Context& context) {
  const InterruptScope interrupts;
  const Subject subject =
      OpenSubject(context.files, options.directory, options.words,
                  options.truth, SimdBackend());
  const Run* run = subject.run.get();
  const Path& path = run->experiment().family->path();

  Problems problems;
  const double t = TimeOf(options.t, path, problems);
  Lattice lattice{};
  ReadGrid(options.grid.value_or(run->dim() == 1 ? "32" : "32x32"), run->dim(),
           lattice, problems);
  if (options.window) {
    ReadWindow(*options.window, run->dim(), lattice, problems);
  } else {
    AroundData(*run->experiment().data, lattice);
  }
  std::optional<Move> move;
  if (options.to == "step") {
    move = StepFrom(t, *subject.asked.family->sampler(), path, problems);
  } else if (options.to != "data") {
    problems.push_back({"--to", "found \"" + options.to +
                                    "\"; write data (the predicted data) or "
                                    "step (the sampler's next state)."});
  }
  const std::string out = options.out.value_or(
      ResultPathOf(context.files, options.directory, "field.csv"));
  if (!out.ends_with(".csv") && !out.ends_with(".tsv") &&
      !out.ends_with(".npy")) {
    problems.push_back(
        {"--out", out + " has another ending; write .csv, .tsv or .npy."});
  } else if (BelongsToRun(context.files, out)) {
    problems.push_back({"--out", out +
                                     " is a file of a run; give another name, "
                                     "such as field.csv."});
  }
  const NpyType type = TypeOfOption(options.dtype, out, problems);
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};

  const std::unique_ptr<Denoiser> denoiser = subject.MakeDenoiser();
  ArrowField field(lattice, run->standardiser(), *denoiser, t, move);
  Table table(context.files, out, field, type);
  const int64_t rows = std::max<int64_t>(1, kChunk / lattice.nx);
  for (bool more = true; more;) {
    if (Interrupted()) return kExitInterrupted;
    more = field.Advance(rows);
    table.Add(field);
  }
  table.Commit();
  context.err << "Wrote " << WithCommas(lattice.nx * lattice.ny)
              << " arrows at t = " << Write(t) << ", " << subject.Named()
              << ", to " << out << ".\n";
  return kExitDone;
}

}  // namespace unnoise
