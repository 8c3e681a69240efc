// unnoise encode: from data to the noise that the flow would make them of.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ostream>

#include "core/cli/array_file.h"
#include "core/cli/command.h"
#include "core/cli/flow_input.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"

namespace unnoise {
namespace {

// How far points are from where they came back to, in data units.
class RoundTrip {
 public:
  void Add(std::span<const float> points, std::span<const float> back) {
    for (size_t i = 0; i < points.size(); ++i) {
      const double off = static_cast<double>(back[i]) - points[i];
      squares_ += off * off;
      worst_ = std::max(worst_, std::fabs(off));
    }
    count_ += points.size();
  }
  double worst() const { return worst_; }
  void Print(std::ostream& out) const {
    char text[128];
    std::snprintf(text, sizeof text,
                  "Round trip: root mean square error %.3g a coordinate, worst "
                  "%.3g, in data units.\n",
                  std::sqrt(squares_ / static_cast<double>(count_)), worst_);
    out << text << std::flush;
  }

 private:
  double squares_ = 0, worst_ = 0;
  size_t count_ = 0;
};

}  // namespace

ExitCode Encode(const FlowOptions& options, Context& context) {
  const InterruptScope interrupts;
  Pool pool(options.threads);
  const std::unique_ptr<Backend> backend = MakeSimdBackend(pool);
  const Subject subject = OpenSubject(context.files, options.directory,
                                      options.words, options.truth, *backend);
  const Run& run = *subject.run;
  const Path& path = run.experiment().family->path();
  const Choice<Sampler> sampler = FlowSamplerOf(subject, options.words);
  const FlowPoints points = ReadFlowPoints(context.files, subject, options.in,
                                           options.n, options.seed);
  const std::string out_path = options.out.value_or(
      ResultPathOf(context.files, options.directory, "noise.npy"));
  CheckFlowPlace(context.files, out_path, "noise.npy");
  Problems problems;
  const NpyType type = TypeOfOption(options.dtype, out_path, problems);
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};

  const int64_t dim = run.dim(), n = std::ssize(points.values) / dim;
  ArrayFile out(context.files, out_path, "noise", {n, dim}, {}, type);
  const std::unique_ptr<Denoiser> denoiser = subject.MakeDenoiser();
  RoundTrip trip;
  double questions = 0;
  {
    ProgressMeter meter(context, "points", 0, n, options.quiet);
    for (int64_t first = 0; first < n; first += kFlowChunk) {
      const int64_t count = std::min(kFlowChunk, n - first);
      const std::span<const float> data =
          std::span(points.values).subspan(first * dim, count * dim);
      std::vector<float> x(data.begin(), data.end());
      run.standardiser().ToModel(x);
      Flow flow(*sampler, path, *denoiser, Way::kToNoise, x);
      if (!Finish(flow, subject, first)) return kExitInterrupted;
      const std::vector<float> noise = flow.points();
      out.Append(noise);
      questions += flow.evaluations() * static_cast<double>(count);
      if (options.round_trip) {
        Flow back(*sampler, path, *denoiser, Way::kToData, noise);
        if (!Finish(back, subject, first)) return kExitInterrupted;
        x = back.points();
        run.standardiser().ToData(x);
        trip.Add(data, x);
      }
      meter.Update(first + count);
    }
  }
  out.Commit();
  if (options.round_trip) {
    trip.Print(context.out);
    if (!options.quiet) ExplainRoundTrip(subject, trip.worst(), context.err);
  }
  if (!options.quiet || !options.out) {
    context.err << "Wrote the noise of " << WithCommas(n) << " " << points.name
                << " by " << subject.Named() << ", "
                << Brief(questions / static_cast<double>(n))
                << " questions a point (" << sampler.kind() << "), to "
                << out_path << ".\n";
  }
  return kExitDone;
}

}  // namespace unnoise
