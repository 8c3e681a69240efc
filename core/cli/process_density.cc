#include "core/cli/process_density.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <utility>

#include "core/base/config.h"
#include "core/cli/interrupt.h"
#include "core/cli/progress.h"
#include "core/cli/run_directory.h"
#include "core/cli/table.h"

namespace unnoise {
namespace {

constexpr int kDensityFormat = 1;
constexpr int64_t kMaxBytes = int64_t{2} << 30;
// Moments in the report.
constexpr size_t kReported = 5;

// The problems of a law, by the names that options have.
[[noreturn]] void FailLaw(Problems problems) {
  for (Problem& problem : problems) {
    const bool option = problem.path == "cells" || problem.path == "window";
    problem.path = option ? "--" + problem.path : "--density";
  }
  throw Failure{kExitUsage, std::move(problems)};
}

// "low,high" of each axis.
std::vector<Cells> ReadWindow(const std::string& text, size_t dim,
                              size_t cells) {
  std::vector<double> ends;
  for (const std::string& part : SplitAtCommas(text)) {
    const Result<Json> value = ParseJson(part, "");
    ends.push_back(value && value->AsNumber() ? *value->AsNumber() : NAN);
  }
  std::vector<Cells> window;
  for (size_t i = 0; i + 1 < ends.size() && ends[i] < ends[i + 1]; i += 2) {
    window.push_back({ends[i], ends[i + 1], cells});
  }
  if (ends.size() == 2 * dim && window.size() == dim) return window;
  throw Failure{kExitUsage,
                {{"--window", "found \"" + text + "\"; give " +
                                  (dim == 1 ? "low,high such as -3,3"
                                            : "low,high of each axis such as "
                                              "-3,3,-2,2") +
                                  ", each low below its high."}}};
}

}  // namespace

ProcessDensity::ProcessDensity(const ProcessChoice& choice,
                               const ProcessOptions& options, int64_t times,
                               Context& context)
    : choice_(choice), options_(options), context_(context) {
  const Process& process = *choice.process;
  const size_t dim = static_cast<size_t>(process.dim());
  const std::string& path = *options.density;
  cells_ = process.states() > 0 || !options.cells
               ? DefaultCells(process)
               : static_cast<size_t>(*options.cells);
  // Whether there is a law at all is known before any work.
  std::vector<Cells> trial(dim, Cells{-1, 1, 2});
  if (process.states() > 0) trial = CellsAround(process, {}, 1, cells_);
  const Result<Law> law = Law::Make(process, std::move(trial), INFINITY);
  if (!law) FailLaw(law.problems());
  if (process.states() > 0 && (options.cells || options.window)) {
    throw Failure{kExitUsage,
                  {{options.cells ? "--cells" : "--window",
                    "of a process of states each state is a cell; leave this "
                    "out."}}};
  }
  const size_t most = dim == 1 ? kMaxCells1d : kMaxCells2d;
  if (process.states() == 0 && cells_ > most) {
    FailLaw({{"cells", "give 2 to " + std::to_string(most) + " cells."}});
  }
  if (options.window) {
    window_ = ReadWindow(*options.window, dim, cells_);
    const Problems beyond = ProblemsOfGrid(process, window_);
    if (!beyond.empty()) FailLaw(beyond);
    const Result<Law> whole = Law::Make(process, window_);
    if (!whole) FailLaw(whole.problems());
  }

  std::vector<int64_t> shape{times};
  double bytes = sizeof(float) * static_cast<double>(times);
  for (size_t axis = 0; axis < dim; ++axis) {
    shape.push_back(static_cast<int64_t>(cells_));
    bytes *= static_cast<double>(cells_);
  }
  Problems problems;
  if (bytes > static_cast<double>(kMaxBytes)) {
    problems.push_back(
        {"--cells", "the density at " + WithCommas(times) +
                        " times needs more than 2 GiB; give fewer cells or "
                        "fewer --frames."});
  }
  const std::optional<std::string> beside = DescriptionPath(path);
  for (const std::string& name : {path, beside.value_or(path)}) {
    if (BelongsToRun(context.files, name)) {
      problems.push_back(
          {"--density", name +
                            " is a file of a run; give another name, such as "
                            "density.npy."});
    }
  }
  if (beside == path) {
    problems.push_back({"--density", "give a name that ends in .npy."});
  }
  const NpyType type = TypeOfOption(options.dtype, path, problems);
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  std::vector<std::string_view> lead{"t"};
  if (dim == 2) lead.push_back(process.axis(0));
  file_.emplace(context.files, path, "density", std::move(shape),
                std::move(lead), type);
  if (beside) description_.emplace(context.files, *beside);
}

bool ProcessDensity::Move(std::span<const float> paths,
                          std::span<const int64_t> positions) {
  const Process& process = *choice_.process;
  const int64_t times = static_cast<int64_t>(positions.size());
  axes_ =
      window_.empty() ? CellsAround(process, paths, times, cells_) : window_;
  const Problems beyond = ProblemsOfGrid(process, axes_);
  if (!beyond.empty()) FailLaw(beyond);
  Result<Law> law = Law::Make(process, axes_);
  if (!law) FailLaw(law.problems());
  way_ = law->way();
  ProgressMeter meter(context_, "times", 0, times, options_.quiet);
  std::vector<double> lead;
  for (const int64_t position : positions) {
    if (way_ != LawWay::kClosedForm) {
      while (law->position() < position) {
        if (Interrupted()) return false;
        law->AdvanceTo(law->position() + 1);
      }
    }
    law->AdvanceTo(position);
    const std::vector<double> density = DensityOf(process, axes_, law->mass());
    lead.clear();
    for (size_t i = 0; i < (axes_.size() == 1 ? 1 : axes_[0].count); ++i) {
      lead.push_back(law->t());
      if (axes_.size() > 1) lead.push_back(axes_[0].center(i));
    }
    file_->Append(std::vector<float>(density.begin(), density.end()), lead);
    double mass = 0;
    for (const double part : law->mass()) mass += part;
    rows_.push_back({law->t(), mass, MomentsOf(axes_, law->mass())});
    meter.Update(static_cast<int64_t>(rows_.size()));
  }
  return true;
}

std::string ProcessDensity::Description() const {
  const Process& process = *choice_.process;
  Json::Array axes, times, law;
  for (size_t i = 0; i < axes_.size(); ++i) {
    axes.push_back(
        Json::Object{{"name", Json(process.axis(static_cast<int>(i)))},
                     {"low", axes_[i].low},
                     {"high", axes_[i].high},
                     {"cells", axes_[i].count}});
  }
  for (const Row& row : rows_) {
    // Of a law none of which is within the cells nothing is known.
    Json::Array mean, variance;
    for (const Normal& of : row.moments) {
      mean.push_back(NumberOrNull(of.mean));
      variance.push_back(NumberOrNull(of.variance));
    }
    times.push_back(row.t);
    law.push_back(Json::Object{{"t", row.t},
                               {"mass", row.mass},
                               {"mean", std::move(mean)},
                               {"variance", std::move(variance)}});
  }
  return Write(Json::Object{{"format", kDensityFormat},
                            {"process", ToJson(choice_)},
                            {"way", Json(NameOf(way_))},
                            {"axes", std::move(axes)},
                            {"t", std::move(times)},
                            {"law", std::move(law)}}) +
         '\n';
}

void ProcessDensity::Report() const {
  const Process& process = *choice_.process;
  const size_t dim = axes_.size();
  TableRow titles{"t", "mass"};
  for (size_t axis = 0; axis < dim; ++axis) {
    const std::string name(process.axis(static_cast<int>(axis)));
    const std::string of = dim == 1 ? "" : " " + name;
    titles.insert(titles.end(),
                  {"mean" + of, "closed", "variance" + of, "closed"});
  }
  std::vector<TableRow> table{titles};
  const size_t count = std::min(kReported, rows_.size());
  for (size_t i = 0; i < count; ++i) {
    const Row& row =
        rows_[i * (rows_.size() - 1) / std::max<size_t>(1, count - 1)];
    const std::optional<StateMoments> closed = process.MomentsAt(row.t);
    TableRow line{Brief(row.t), Brief(row.mass)};
    for (size_t axis = 0; axis < dim; ++axis) {
      const auto known = [&](double value) {
        return std::isfinite(value) ? Brief(value) : std::string("-");
      };
      line.push_back(known(row.moments[axis].mean));
      line.push_back(closed ? known(closed->mean[axis]) : "-");
      line.push_back(known(row.moments[axis].variance));
      line.push_back(closed ? known(closed->covariance[axis * (dim + 1)])
                            : "-");
    }
    table.push_back(std::move(line));
  }
  PrintAligned(table, std::vector<std::string>(table.size()), context_.out);
}

void ProcessDensity::Commit() {
  const Process& process = *choice_.process;
  std::vector<float> numbers;
  for (const Row& row : rows_) numbers.push_back(static_cast<float>(row.t));
  file_->AddArray("t", numbers);
  for (size_t i = 0; i < axes_.size(); ++i) {
    numbers.clear();
    for (size_t cell = 0; cell < axes_[i].count; ++cell) {
      numbers.push_back(static_cast<float>(axes_[i].center(cell)));
    }
    file_->AddArray(process.axis(static_cast<int>(i)), numbers);
  }
  if (description_) {
    description_->Append(Description());
    description_->Commit();
  }
  file_->Commit();
}

}  // namespace unnoise
