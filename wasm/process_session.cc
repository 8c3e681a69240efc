#include "wasm/process_session.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/key.h"
#include "wasm/js.h"

namespace unnoise {
namespace {

// Moments of time that are kept at most, and of these particles so many are
// shown one by one; all of them are counted.
constexpr int64_t kMaxTimes = 201;
constexpr int64_t kMaxShown = 2000;
// Bytes of all particles at all moments, and numbers of a law.
constexpr int64_t kMaxBytes = 128'000'000;
constexpr size_t kMaxLawNumbers = 8'000'000;
// Updates of a cell: some seconds. Rates that change in time cost more.
constexpr double kMaxWork = 2e9, kMaxWorkInTime = 1e8;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kQuantiles[] = {0.05, 0.5, 0.95};

// Cells for particles: wide enough that their numbers can be compared.
std::vector<Cells> Coarse(const Process& process, std::vector<Cells> axes) {
  if (process.states() > 0) return axes;
  for (Cells& axis : axes) {
    axis.count = std::min<size_t>(axis.count, axes.size() == 1 ? 40 : 32);
  }
  return axes;
}

Json AxesToJson(const Process& process, const std::vector<Cells>& axes) {
  Json::Array all;
  for (size_t i = 0; i < axes.size(); ++i) {
    all.push_back(
        Json::Object{{"name", Json(process.axis(static_cast<int>(i)))},
                     {"low", axes[i].low},
                     {"high", axes[i].high},
                     {"count", axes[i].count}});
  }
  return Json(std::move(all));
}

val NoProcess() { return ProblemsToJs({{"", "No process is open."}}); }

}  // namespace

val ProcessSession::Open(const std::string& name, const val& words, int n,
                         double seed) {
  return Guard([&] {
    Result<ProcessChoice> read = ReadProcess(name, WordsOf(words));
    if (!read) return ProblemsToJs(read.problems());
    if (auto problem = CheckDraw(n, seed)) return *problem;
    auto choice = std::make_unique<ProcessChoice>(std::move(*read));
    const Process& process = *choice->process;
    const int64_t numbers = static_cast<int64_t>(n) * process.dim();
    Recorder plan(process.steps, kMaxTimes, 0);
    const int64_t bytes =
        4 * numbers * plan.times() +
        8 * n * (process.state_size() + 4 * process.channels());
    if (bytes > kMaxBytes) {
      return ProblemsToJs(
          {{"n", "So many particles at " + std::to_string(plan.times()) +
                     " times take more than 128 MB of memory; give fewer "
                     "particles or fewer steps."}});
    }
    law_.reset();
    axes_.clear();
    kept_.clear();
    recorder_.reset();
    motion_.reset();
    choice_ = std::move(choice);
    n_ = n;
    const Key key = Fold(KeyFromSeed(static_cast<uint64_t>(seed)), "process");
    motion_.emplace(process, key, 0, n);
    recorder_.emplace(process.steps, kMaxTimes, static_cast<size_t>(numbers));
    recorder_->Observe(0, motion_->particles());

    Json result;
    result["values"] = ToJson(*choice_);
    Json::Array overrides, axes;
    for (const std::string& word : OverridesOf(*choice_, ProcessChoice())) {
      overrides.push_back(Json(word));
    }
    for (int i = 0; i < process.dim(); ++i) axes.push_back(process.axis(i));
    result["overrides"] = Json(std::move(overrides));
    result["axes"] = Json(std::move(axes));
    result["states"] = process.states();
    result["steps"] = process.steps;
    result["tMax"] = process.t_max;
    result["times"] = plan.times();
    result["shown"] = std::min<int64_t>(n, kMaxShown);
    return ToJs(result);
  });
}

val ProcessSession::Move(int steps) {
  return Guard([&] {
    if (!motion_) return NoProcess();
    for (int i = 0; i < steps && motion_->Step(); ++i) {
      if (!motion_->finite()) {
        const std::string t = Write(motion_->t());
        motion_.reset();
        return ProblemsToJs(
            {{"steps", "Particles are not finite any more at t = " + t +
                           "; take more steps, a shorter time or fields that "
                           "do not explode."}});
      }
      recorder_->Observe(motion_->position(), motion_->particles());
    }
    Json result;
    result["position"] = motion_->position();
    result["done"] = motion_->done();
    return ToJs(result);
  });
}

val ProcessSession::StartLaw(int cells, const val& window) {
  return Guard([&] {
    if (!motion_ || !motion_->done()) return NoProcess();
    const size_t dim = static_cast<size_t>(process().dim());
    const std::vector<double> ends =
        emscripten::convertJSArrayToNumberVector<double>(window);
    if (!ends.empty() && ends.size() != 2 * dim) {
      return ProblemsToJs(
          {{"window", "Give low and high of each axis, or nothing."}});
    }
    law_.reset();
    kept_.clear();
    const size_t most = dim == 1 ? kMaxCells1d : kMaxCells2d;
    if (cells < 0 || static_cast<size_t>(cells) > most || cells == 1) {
      return ProblemsToJs(
          {{"cells", "Give 2 to " + std::to_string(most) + " cells."}});
    }
    const size_t count =
        cells > 0 ? static_cast<size_t>(cells) : DefaultCells(process());
    axes_ =
        CellsAround(process(), recorder_->values(), recorder_->times(), count);
    for (size_t i = 0; i < ends.size() && process().states() == 0; i += 2) {
      axes_[i / 2].low = ends[i];
      axes_[i / 2].high = ends[i + 1];
      if (!(ends[i] < ends[i + 1]) || !std::isfinite(ends[i + 1] - ends[i])) {
        axes_.clear();
        return ProblemsToJs(
            {{"window", "Give each axis a low below its high."}});
      }
    }
    Problems beyond = ProblemsOfGrid(process(), axes_);
    Json result;
    result["axes"] = AxesToJson(process(), axes_);
    result["bins"] = AxesToJson(process(), Coarse(process(), axes_));
    size_t numbers = static_cast<size_t>(recorder_->times());
    for (const Cells& axis : axes_) numbers *= axis.count;
    Result<Law> law =
        numbers > kMaxLawNumbers
            ? Result<Law>(
                  Problem{"cells",
                          "so many cells at all times take too much memory "
                          "here; give fewer cells or fewer steps."})
        : !beyond.empty()
            ? Result<Law>(std::move(beyond))
            : Law::Make(process(), axes_,
                        process().Autonomous() ? kMaxWork : kMaxWorkInTime);
    if (law) {
      law_ = std::move(*law);
      result["way"] = NameOf(law_->way());
      KeepLaw();
    } else {
      result["why"] = law.problems()[0].message;
    }
    return ToJs(result);
  });
}

val ProcessSession::MoveLaw(int steps) {
  return Guard([&] {
    if (!law_) return ProblemsToJs({{"", "No law is under way."}});
    const std::span<const int64_t> at = recorder_->recorded();
    for (int i = 0; i < steps && kept_.size() < at.size(); ++i) {
      const int64_t next = at[kept_.size()];
      law_->AdvanceTo(
          law_->way() == LawWay::kClosedForm ? next : law_->position() + 1);
      if (law_->position() == next) KeepLaw();
    }
    Json result;
    result["position"] = law_->position();
    result["done"] = kept_.size() == at.size();
    return ToJs(result);
  });
}

void ProcessSession::KeepLaw() {
  Kept kept;
  const auto floats = [](std::span<const double> values) {
    return std::vector<float>(values.begin(), values.end());
  };
  kept.density = floats(DensityOf(process(), axes_, law_->mass()));
  kept.closed = floats(ClosedDensity(process(), axes_, law_->t()));
  kept.current = floats(law_->Current());
  for (const Normal& moments : MomentsOf(axes_, law_->mass())) {
    kept.moments.insert(kept.moments.end(), {moments.mean, moments.variance});
  }
  if (axes_.size() == 1 && process().states() == 0) {
    for (const double p : kQuantiles) {
      kept.quantiles.push_back(QuantileOf(axes_[0], law_->mass(), p));
    }
  }
  kept_.push_back(std::move(kept));
}

std::vector<double> ProcessSession::Times() const {
  std::vector<double> times;
  for (const int64_t position : recorder_->recorded()) {
    times.push_back(process().TimeAt(position));
  }
  return times;
}

val ProcessSession::Particles() {
  return Guard([&] {
    if (!motion_ || !motion_->done() || axes_.empty()) return NoProcess();
    const size_t dim = static_cast<size_t>(process().dim());
    const size_t size = static_cast<size_t>(n_) * dim;
    const size_t shown =
        dim * static_cast<size_t>(std::min<int64_t>(n_, kMaxShown));
    const std::vector<Cells> bins =
        dim <= 2 ? Coarse(process(), axes_) : std::vector<Cells>();
    std::vector<float> paths, shares;
    std::vector<double> moments, exact;
    const std::vector<double> times = Times();
    for (size_t time = 0; time < times.size(); ++time) {
      const auto now = recorder_->values().subspan(time * size, size);
      paths.insert(paths.end(), now.begin(),
                   now.begin() + static_cast<std::ptrdiff_t>(shown));
      if (!bins.empty()) {
        const std::vector<double> density =
            DensityOf(process(), bins, SharesIn(bins, now));
        shares.insert(shares.end(), density.begin(), density.end());
      }
      for (const Normal& of : MomentsOf(now, dim)) {
        moments.insert(moments.end(), {of.mean, of.variance});
      }
      const std::optional<StateMoments> known =
          process().MomentsAt(times[time]);
      for (size_t axis = 0; axis < dim; ++axis) {
        exact.push_back(known ? known->mean[axis] : kNone);
        exact.push_back(known ? known->covariance[axis * (dim + 1)] : kNone);
      }
    }
    val result = val::object();
    result.set("times", DoublesToJs(times));
    result.set("paths", FloatsToJs(paths));
    result.set("density", FloatsToJs(shares));
    result.set("moments", DoublesToJs(moments));
    result.set("exact", DoublesToJs(exact));
    return result;
  });
}

val ProcessSession::LawSoFar() {
  return Guard([&] {
    if (!law_) return ProblemsToJs({{"", "No law is under way."}});
    const size_t cells = kept_[0].density.size();
    std::vector<float> density, closed, current;
    std::vector<double> moments, quantiles;
    bool known = false;
    for (const Kept& kept : kept_) known = known || !kept.closed.empty();
    for (const Kept& kept : kept_) {
      density.insert(density.end(), kept.density.begin(), kept.density.end());
      current.insert(current.end(), kept.current.begin(), kept.current.end());
      moments.insert(moments.end(), kept.moments.begin(), kept.moments.end());
      quantiles.insert(quantiles.end(), kept.quantiles.begin(),
                       kept.quantiles.end());
      if (known && kept.closed.empty()) {
        closed.resize(closed.size() + cells, static_cast<float>(kNone));
      } else if (known) {
        closed.insert(closed.end(), kept.closed.begin(), kept.closed.end());
      }
    }
    val result = val::object();
    result.set("density", FloatsToJs(density));
    result.set("closed", FloatsToJs(closed));
    result.set("current", FloatsToJs(current));
    result.set("moments", DoublesToJs(moments));
    result.set("quantiles", DoublesToJs(quantiles));
    const std::vector<double> rest = StationaryDensity(process(), axes_);
    result.set("stationary",
               FloatsToJs(std::vector<float>(rest.begin(), rest.end())));
    return result;
  });
}

}  // namespace unnoise
