#include "core/process/law.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"
#include "core/process/matrix.h"

namespace unnoise {
namespace {

// Work of the error function beside that of an update of a cell.
constexpr double kErfUpdates = 20;

size_t CountOf(const std::vector<Cells>& axes) {
  size_t count = 1;
  for (const Cells& axis : axes) count *= axis.count;
  return count;
}

// The centre of cell i.
void CenterOf(const std::vector<Cells>& axes, size_t i, std::span<double> x) {
  for (size_t axis = axes.size(); axis-- > 0;) {
    x[axis] = axes[axis].center(i % axes[axis].count);
    i /= axes[axis].count;
  }
}

double VolumeOf(const Process& process, const std::vector<Cells>& axes) {
  if (process.states() > 0) return 1;
  double volume = 1;
  for (const Cells& axis : axes) volume *= axis.width();
  return volume;
}

void Multiply(double factor, std::vector<double>& values) {
  for (double& value : values) value *= factor;
}

// A point between the centres of two cells, so that its mean is where it is.
std::vector<double> PointMass(const Cells& cells, double x) {
  std::vector<double> mass(cells.count, 0);
  const double place = std::clamp((x - cells.low) / cells.width() - 0.5, 0.0,
                                  static_cast<double>(cells.count - 1));
  const double below =
      std::min(std::floor(place), static_cast<double>(cells.count - 2));
  const size_t i = static_cast<size_t>(below);
  mass[i] = 1 - (place - below);
  mass[i + 1] = place - below;
  return mass;
}

std::vector<double> StartMass(const std::vector<Cells>& axes,
                              const StartLaw& start) {
  std::vector<double> mass(1, 1.0);
  for (size_t axis = 0; axis < axes.size(); ++axis) {
    // Narrower than a cell, it is a point as far as cells can tell.
    const bool point = start.std < 0.5 * axes[axis].width();
    const std::vector<double> part =
        point
            ? PointMass(axes[axis], start.mean[axis])
            : NormalMass(axes[axis], {start.mean[axis], start.std * start.std});
    std::vector<double> both;
    both.reserve(mass.size() * part.size());
    for (const double a : mass) {
      for (const double b : part) both.push_back(a * b);
    }
    mass = std::move(both);
  }
  return mass;
}

// Part of a normal law, or of a point, within the cells.
double PartWithin(const Cells& cells, double mean, double std) {
  if (!(std > 0)) return mean >= cells.low && mean <= cells.high ? 1 : 0;
  const auto below = [&](double x) {
    constexpr double kRootHalf = 0.70710678118654752440;
    return 0.5 * (1 + exact::Erf(kRootHalf * (x - mean) / std));
  };
  return below(cells.high) - below(cells.low);
}

}  // namespace

Problems ProblemsOfGrid(const Process& process,
                        const std::vector<Cells>& axes) {
  constexpr double kLeast = 0.9;
  if (process.states() > 0) return {};
  double part = 1;
  if (const std::optional<StartLaw> start = process.StartedFrom()) {
    for (size_t axis = 0; axis < axes.size(); ++axis) {
      part *= PartWithin(axes[axis], start->mean[axis], start->std);
    }
  } else {
    const std::vector<double> closed = ClosedDensity(process, axes, 0);
    double total = 0;
    for (const double density : closed) total += density;
    if (!closed.empty() && !(total > 0)) part = 0;
  }
  if (part >= kLeast) return {};
  return {
      {"window",
       "the process starts beyond these cells, or much of it does, so that "
       "its law cannot be moved on them; give low,high around the start, or "
       "more particles."}};
}

std::string_view NameOf(LawWay way) {
  switch (way) {
    case LawWay::kEquation:
      return "fokker_planck";
    case LawWay::kKernel:
      return "kernel";
    default:
      return "closed_form";
  }
}

size_t DefaultCells(const Process& process) {
  if (process.states() > 0) return process.states();
  return process.dim() == 1 ? 200 : 64;
}

std::vector<Cells> CellsAround(const Process& process,
                               std::span<const float> paths, int64_t times,
                               size_t count) {
  if (process.states() > 0) {
    const double last = static_cast<double>(process.states()) - 0.5;
    return {{-0.5, last, process.states()}};
  }
  const size_t dim = static_cast<size_t>(process.dim());
  const size_t size = paths.size() / static_cast<size_t>(times);
  Check(size >= dim && size % dim == 0, "there are particles at every time");
  std::vector<Cells> axes(dim);
  std::vector<float> x(size / dim);
  for (size_t axis = 0; axis < dim; ++axis) {
    double low = INFINITY, high = -INFINITY;
    for (size_t begin = 0; begin < paths.size(); begin += size) {
      for (size_t i = 0; i < x.size(); ++i) {
        x[i] = paths[begin + i * dim + axis];
      }
      std::sort(x.begin(), x.end());
      const auto at = [&](double part) {
        return static_cast<double>(
            x[static_cast<size_t>(part * static_cast<double>(x.size() - 1))]);
      };
      // Of a normal law these are 2.6 deviations from the middle, and the
      // window then reaches 4.1, beyond which lies a part of 4e-5.
      constexpr double kBeyond = 1.6;
      const double middle = at(0.5);
      low = std::min(low, middle - kBeyond * (middle - at(0.005)));
      high = std::max(high, middle + kBeyond * (at(0.995) - middle));
    }
    // Particles that keep together still have a picture.
    const double least =
        1e-3 * std::max({1.0, std::fabs(low), std::fabs(high)});
    const double room = std::max(0.04 * (high - low), least);
    axes[axis] = {low - room, high + room, count};
  }
  return axes;
}

Result<Law> Law::Make(const Process& process, std::vector<Cells> axes,
                      double max_work) {
  const size_t dim = static_cast<size_t>(process.dim());
  if (dim > 2) {
    return Problem{"",
                   "a density has one or two dimensions here; choose a "
                   "process that has."};
  }
  Check(axes.size() == dim, "there is a grid for each dimension");
  const size_t most = dim == 1 ? kMaxCells1d : kMaxCells2d;
  for (const Cells& axis : axes) {
    const bool few = axis.count < 2 && process.states() == 0;
    if (few || axis.count > most) {
      return Problem{"cells", "give 2 to " + std::to_string(most) + " cells."};
    }
    if (!(axis.high > axis.low)) {
      return Problem{"window", "give each axis a low below its high."};
    }
  }
  Law law(process, std::move(axes));
  const std::vector<double> closed = ClosedDensity(process, law.axes_, 0);
  if (process.states() > 0) {
    law.mass_ = closed;
    return law;
  }

  Result<FokkerPlanck> flow = FokkerPlanck::Make(process, law.axes_, max_work);
  if (flow) {
    law.way_ = LawWay::kEquation;
    law.flow_ = std::move(*flow);
    if (const std::optional<StartLaw> start = process.StartedFrom()) {
      law.flow_->SetMass(StartMass(law.axes_, *start));
    }
    return law;
  }
  // Too much work is a matter of the grid; other ways would not be what was
  // asked for.
  if (flow.problems()[0].path == "cells") return flow.problems();

  const std::optional<StartLaw> start = process.StartedFrom();
  if (start) {
    law.mass_ = StartMass(law.axes_, *start);
  } else if (!closed.empty()) {
    // All of it is taken to be within the cells.
    double total = 0;
    for (const double density : closed) total += density;
    law.mass_ = closed;
    if (total > 0) Multiply(1 / total, law.mass_);
  }
  if (!law.mass_.empty() && dim == 1 &&
      process.KernelAt(0, process.TimeAt(1), 0)) {
    const double cells = static_cast<double>(law.axes_[0].count);
    if (kErfUpdates * cells * cells * static_cast<double>(process.steps) >
        max_work) {
      return Problem{"cells",
                     "the law would take too long until the last step; give "
                     "fewer cells or fewer steps."};
    }
    law.way_ = LawWay::kKernel;
    return law;
  }
  // After the start, where a law may be a point without a density.
  if (!law.mass_.empty() &&
      !ClosedDensity(process, law.axes_, process.TimeAt(1)).empty()) {
    if (!closed.empty()) {
      law.mass_ = closed;
      Multiply(VolumeOf(process, law.axes_), law.mass_);
    }
    return law;
  }
  return flow.problems();
}

void Law::AdvanceTo(int64_t position) {
  Check(position >= position_ && position <= process_->steps,
        "a law goes forward within the process's steps");
  if (way_ == LawWay::kClosedForm && position > position_) {
    position_ = position;
    mass_ = ClosedDensity(*process_, axes_, t());
    Multiply(VolumeOf(*process_, axes_), mass_);
  }
  while (position_ < position) {
    const double from = t();
    ++position_;
    if (flow_) {
      flow_->AdvanceTo(t());
    } else {
      mass_ = MovedMass(*process_, from, t() - from, axes_[0], mass_);
    }
  }
}

std::vector<double> Law::Current() const {
  if (!flow_ || axes_.size() != 1) return {};
  return flow_->Current(0);
}

std::vector<double> DensityOf(const Process& process,
                              const std::vector<Cells>& axes,
                              std::span<const double> mass) {
  std::vector<double> density(mass.begin(), mass.end());
  Multiply(1 / VolumeOf(process, axes), density);
  return density;
}

std::vector<Normal> MomentsOf(const std::vector<Cells>& axes,
                              std::span<const double> mass) {
  if (axes.size() == 1) return {MomentsOf(axes[0], mass)};
  std::vector<double> first(axes[0].count, 0), second(axes[1].count, 0);
  for (size_t i = 0; i < mass.size(); ++i) {
    first[i / second.size()] += mass[i];
    second[i % second.size()] += mass[i];
  }
  return {MomentsOf(axes[0], first), MomentsOf(axes[1], second)};
}

double QuantileOf(const Cells& cells, std::span<const double> mass, double p) {
  double total = 0, below = 0;
  for (const double part : mass) total += part;
  for (size_t i = 0; i < mass.size(); ++i) {
    if (below + mass[i] >= p * total && mass[i] > 0) {
      return cells.edge(i) + cells.width() * ((p * total - below) / mass[i]);
    }
    below += mass[i];
  }
  return cells.high;
}

std::vector<double> ClosedDensity(const Process& process,
                                  const std::vector<Cells>& axes, double t) {
  std::vector<double> density(CountOf(axes)), x(axes.size());
  if (process.AlwaysNormal()) {
    // Moments may cost more than all cells together.
    const std::optional<StateMoments> moments = process.MomentsAt(t);
    const Matrix factor = LowerFactor(moments->covariance, x.size());
    for (size_t i = 0; i < x.size(); ++i) {
      if (!(factor[i * (x.size() + 1)] > 0)) return {};
    }
    for (size_t i = 0; i < density.size(); ++i) {
      CenterOf(axes, i, x);
      density[i] = NormalDensity(moments->mean, moments->covariance, x);
    }
    return density;
  }
  for (size_t i = 0; i < density.size(); ++i) {
    CenterOf(axes, i, x);
    const std::optional<double> at = process.DensityAt(t, x);
    if (!at || !std::isfinite(*at)) return {};
    density[i] = *at;
  }
  return density;
}

std::vector<double> StationaryDensity(const Process& process,
                                      const std::vector<Cells>& axes) {
  std::vector<double> density(CountOf(axes)), x(axes.size());
  double total = 0;
  for (size_t i = 0; i < density.size(); ++i) {
    CenterOf(axes, i, x);
    const std::optional<double> at = process.StationaryAt(x);
    if (!at || !std::isfinite(*at)) return {};
    density[i] = *at;
    total += *at;
  }
  if (!(total > 0)) return {};
  Multiply(1 / (total * VolumeOf(process, axes)), density);
  return density;
}

std::vector<double> SharesIn(const std::vector<Cells>& axes,
                             std::span<const float> x) {
  std::vector<double> shares(CountOf(axes), 0);
  const size_t dim = axes.size();
  const double part = static_cast<double>(dim) / static_cast<double>(x.size());
  for (size_t i = 0; i < x.size(); i += dim) {
    size_t cell = 0;
    bool within = true;
    for (size_t axis = 0; axis < dim; ++axis) {
      const Cells& cells = axes[axis];
      const double place = std::floor(
          (static_cast<double>(x[i + axis]) - cells.low) / cells.width());
      within = within && place >= 0 && place < static_cast<double>(cells.count);
      if (within) cell = cell * cells.count + static_cast<size_t>(place);
    }
    if (within) shares[cell] += part;
  }
  return shares;
}

std::vector<Normal> MomentsOf(std::span<const float> x, size_t dim) {
  std::vector<Normal> moments(dim, {0, 0});
  const double part = static_cast<double>(dim) / static_cast<double>(x.size());
  for (size_t i = 0; i < x.size(); ++i) {
    moments[i % dim].mean += part * static_cast<double>(x[i]);
  }
  for (size_t i = 0; i < x.size(); ++i) {
    const double offset = static_cast<double>(x[i]) - moments[i % dim].mean;
    moments[i % dim].variance += part * offset * offset;
  }
  return moments;
}

}  // namespace unnoise
