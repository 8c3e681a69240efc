// The part of a session that looks at the denoiser itself: its field over the
// picture, some rows at a time, and a probe of one point.

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/json.h"
#include "core/run/experiment.h"
#include "core/sampling/probe.h"
#include "wasm/js.h"
#include "wasm/session.h"

namespace unnoise {
namespace {

constexpr int kMaxNodes = 512;  // along an axis
constexpr int64_t kMaxWay = 64;
constexpr double kFarthest = 1e30;  // within what single precision can hold

bool IsPlace(double x) { return std::fabs(x) <= kFarthest; }

}  // namespace

val Session::StartField(double t, const val& window, int nx, int ny) {
  return WithRun([&] {
    Problems problems;
    CheckTime(t, problems);
    const std::vector<double> ends =
        emscripten::convertJSArrayToNumberVector<double>(window);
    const bool line = run_->dim() == 1;
    if (ends.size() != 4 || !std::all_of(ends.begin(), ends.end(), IsPlace) ||
        !(ends[0] < ends[1]) || !(line || ends[2] < ends[3])) {
      problems.push_back(
          {"window", "Give left, right, bottom and top, each below the next."});
    }
    if (nx < 2 || nx > kMaxNodes || ny < (line ? 1 : 2) || ny > kMaxNodes) {
      problems.push_back(
          {"nodes", "Give 2 to " + std::to_string(kMaxNodes) + " nodes."});
    }
    if (!problems.empty()) return ProblemsToJs(problems);
    field_.reset();
    // As with samples: training that goes on between rows must not show.
    field_average_.assign(run_->average().begin(), run_->average().end());
    if (field_denoiser_ == nullptr) {
      field_denoiser_ =
          run_->model().MakeDenoiser(run_->backend(), field_average_);
    }
    const Lattice lattice{.x0 = ends[0],
                          .x1 = ends[1],
                          .y0 = ends[2],
                          .y1 = ends[3],
                          .nx = nx,
                          .ny = line ? 1 : ny};
    field_.emplace(lattice, run_->standardiser(), *field_denoiser_, t);
    val result = val::object();
    result.set("axes", field_->axes());
    result.set("ny", static_cast<double>(lattice.ny));
    return result;
  });
}

val Session::FieldRows(int rows) {
  return WithRun([&] {
    if (!field_ || rows < 1) {
      return ProblemsToJs({{"", "No field is under way."}});
    }
    if (field_->Advance(rows)) return val::null();
    return FloatsToJs(field_->arrows());
  });
}

val Session::ProbeAt(const val& x, double t, const val& words) {
  return WithRun([&] {
    const size_t dim = static_cast<size_t>(run_->dim());
    std::vector<double> place =
        emscripten::convertJSArrayToNumberVector<double>(x);
    Problems problems;
    CheckTime(t, problems);
    if (place.size() != std::min<size_t>(2, dim) ||
        !std::all_of(place.begin(), place.end(), IsPlace)) {
      problems.push_back({"x", "Give the coordinates of the picture."});
    }
    Result<Choice<Sampler>> sampler = SamplerWith(words);
    if (!sampler) return ProblemsToJs(sampler.problems());
    if (!problems.empty()) return ProblemsToJs(problems);
    if (probe_denoiser_ == nullptr) probe_denoiser_ = run_->MakeDenoiser();

    // Coordinates beyond the picture are at the middle of the model's units.
    const Affine& units = run_->standardiser();
    std::vector<float> point(dim, 0.0f);
    for (size_t axis = 0; axis < place.size(); ++axis) {
      point[axis] = static_cast<float>((place[axis] - units.shift[axis]) /
                                       units.scale[axis]);
    }
    const Path& path = run_->experiment().family->path();
    Probe probe = unnoise::ProbeAt(**sampler, path, (*sampler)->Times(path),
                                   *probe_denoiser_, t, point, kMaxWay);
    for (auto* points : {&probe.data, &probe.next, &probe.way}) {
      units.ToData(*points);
    }
    val result = val::object();
    result.set("step", static_cast<double>(run_->step()));
    result.set("data", FloatsToJs(probe.data));
    result.set("noise", FloatsToJs(probe.noise));
    result.set("next", FloatsToJs(probe.next));
    result.set("nextT", probe.next_t);
    result.set("way", FloatsToJs(probe.way));
    return result;
  });
}

void Session::CheckTime(double t, Problems& problems) const {
  const Path& path = run_->experiment().family->path();
  if (t >= path.t_min && t <= path.t_max) return;
  problems.push_back({"t", "Give a time from " + Write(path.t_min) + " to " +
                               Write(path.t_max) + "."});
}

}  // namespace unnoise
