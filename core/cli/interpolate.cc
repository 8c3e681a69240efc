// unnoise interpolate: ways between two points, through the noise they are made
// of.

#include <algorithm>
#include <cmath>
#include <ostream>

#include "core/base/json.h"
#include "core/cli/array_file.h"
#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/cli/flow_input.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/sampling/interpolation.h"

namespace unnoise {
namespace {

constexpr int64_t kWayPoints = 11;
constexpr int64_t kMaxDraw = 1000000000;

Interpolation KindOf(const std::string& way) {
  if (way == "slerp") return Interpolation::kSpherical;
  if (way == "linear") return Interpolation::kLinear;
  throw Failure{kExitUsage,
                {{"--way", "found \"" + way +
                               "\"; write slerp (on the sphere, as noise is) "
                               "or linear."}}};
}

// One end of the way.
struct End {
  bool is_data;              // else noise, in model units
  std::vector<float> point;  // [dim]
};

[[noreturn]] void FailEnd(const char* option, const std::string& message) {
  throw Failure{kExitUsage, {{option, message}}};
}

// "[1,-2]", a point in data units; or a number: of a point of the file, or,
// without one, of a sample of the seed.
End ReadEnd(const char* option, const std::optional<std::string>& text,
            const std::optional<std::string>& in, const PointSet& points,
            const Subject& subject, int64_t seed) {
  const size_t dim = static_cast<size_t>(subject.run->dim());
  const std::string example = dim == 1   ? "[0.5]"
                              : dim == 2 ? "[0.5,-1]"
                                         : "[0.5,-1,...]";
  const std::string usage =
      "give a point in data units, such as " + example +
      ", or the number, from 0, of " +
      (in ? "a point of " + *in
          : std::string("a sample of --seed, or --in with a file of points")) +
      ".";
  if (!text) FailEnd(option, "an end is missing; " + usage);
  const Result<Json> value = ParseJson(*text, "");
  const std::string found = "found \"" + *text + "\"; ";
  if (!value.ok()) FailEnd(option, found + usage);
  if (const Json::Array* numbers = value->AsArray()) {
    End end{true, {}};
    for (const Json& number : *numbers) {
      const double* coordinate = number.AsNumber();
      if (coordinate == nullptr) FailEnd(option, found + usage);
      end.point.push_back(static_cast<float>(*coordinate));
      if (!std::isfinite(end.point.back())) {
        FailEnd(option, found + "this is beyond single precision.");
      }
    }
    if (end.point.size() != dim) {
      FailEnd(option, found + "a point of this model has " +
                          std::to_string(dim) + " coordinates, such as " +
                          example + ".");
    }
    return end;
  }
  const double* number = value->AsNumber();
  const int64_t count = in ? points.count() : kMaxDraw;
  if (number == nullptr || *number != std::floor(*number) || *number < 0) {
    FailEnd(option, found + usage);
  }
  if (!(*number < static_cast<double>(count))) {
    FailEnd(option, found +
                        (in ? "the last point of " + *in + " is "
                            : "the last sample there is is ") +
                        std::to_string(count - 1) + ".");
  }
  const size_t index = static_cast<size_t>(*number);
  if (in) {
    const float* place = &points.values[index * dim];
    return {true, std::vector<float>(place, place + dim)};
  }
  // Where `unnoise sample` begins that sample.
  End end{false, std::vector<float>(dim)};
  const Key key = Fold(KeyFromSeed(static_cast<uint64_t>(seed)), "sample");
  FillNormal(Fold(key, "start"), index * dim, end.point);
  const float width =
      static_cast<float>(subject.run->experiment().family->path().PriorStd());
  for (float& x : end.point) x *= width;
  return end;
}

}  // namespace

ExitCode InterpolatePoints(const FlowOptions& options, Context& context) {
  const InterruptScope interrupts;
  const Interpolation kind = KindOf(options.way);
  Pool pool(options.threads);
  const std::unique_ptr<Backend> backend = MakeSimdBackend(pool);
  const Subject subject = OpenSubject(context.files, options.directory,
                                      options.words, options.truth, *backend);
  const Run& run = *subject.run;
  const Path& path = run.experiment().family->path();
  const Choice<Sampler> sampler = FlowSamplerOf(subject, options.words);
  PointSet points;
  if (options.in) {
    points.values =
        ReadFlowPoints(context.files, subject, options.in, {}, options.seed)
            .values;
    points.dim = run.dim();
  }
  const std::array ends = {
      ReadEnd("--from", options.from, options.in, points, subject,
              options.seed),
      ReadEnd("--to", options.to, options.in, points, subject, options.seed)};
  const std::string out_path = options.out.value_or(
      ResultPathOf(context.files, options.directory, "interpolation.npy"));
  CheckFlowPlace(context.files, out_path, "interpolation.npy");
  Problems problems;
  const NpyType type = TypeOfOption(options.dtype, out_path, problems);
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  const int64_t dim = run.dim(), n = options.n.value_or(kWayPoints);
  ArrayFile out(context.files, out_path, "interpolation", {n, dim}, {"part"},
                type);

  const std::unique_ptr<Denoiser> denoiser = subject.MakeDenoiser();
  std::vector<float> noise[2];
  for (size_t i = 0; i < 2; ++i) {
    noise[i] = ends[i].point;
    if (!ends[i].is_data) continue;
    run.standardiser().ToModel(noise[i]);
    Flow flow(*sampler, path, *denoiser, Way::kToNoise, noise[i]);
    if (!Finish(flow, subject, 0)) return kExitInterrupted;
    noise[i] = flow.points();
  }
  const std::vector<float> way = Interpolate(kind, noise[0], noise[1], n);
  double worst = 0;
  for (int64_t first = 0; first < n; first += kFlowChunk) {
    const int64_t count = std::min(kFlowChunk, n - first);
    Flow flow(*sampler, path, *denoiser, Way::kToData,
              std::span(way).subspan(first * dim, count * dim));
    if (!Finish(flow, subject, first)) return kExitInterrupted;
    std::vector<float> decoded = flow.points();
    run.standardiser().ToData(decoded);
    std::vector<double> parts;
    for (int64_t i = first; i < first + count; ++i) {
      parts.push_back(static_cast<double>(i) / static_cast<double>(n - 1));
    }
    out.Append(decoded, parts);
    const auto compare = [&](const End& end, int64_t i) {
      if (!end.is_data || i < first || i >= first + count) return;
      for (int64_t k = 0; k < dim; ++k) {
        worst = std::max(worst, std::fabs(double{end.point[k]} -
                                          decoded[(i - first) * dim + k]));
      }
    };
    compare(ends[0], 0);
    compare(ends[1], n - 1);
  }
  out.Commit();
  if (!options.quiet || !options.out) {
    context.err << "Wrote " << WithCommas(n) << " points on the "
                << (kind == Interpolation::kLinear ? "straight way"
                                                   : "way round the sphere")
                << ", " << subject.Named() << ", to " << out_path << ".\n";
    if (ends[0].is_data || ends[1].is_data) {
      context.err << "The ends come back to within " << Brief(worst)
                  << " of the points given.\n";
      ExplainRoundTrip(subject, worst, context.err);
    }
  }
  return kExitDone;
}

}  // namespace unnoise
