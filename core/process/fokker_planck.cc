#include "core/process/fokker_planck.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr size_t kMaxCells = size_t{1} << 22;

// w / (exp(w) - 1), the function of Bernoulli's numbers.
double Bernoulli(double w) {
  if (std::fabs(w) < 1e-5) return 1 - 0.5 * w;
  return w / exact::Expm1(w);
}

// The rate out of the lower cell through a face, for cells of width h: the flux
// is (up of the lower - down of the upper) with down the same for -velocity.
double RateUp(double velocity, double diffusion, double h) {
  // Beyond this the other term is below the last bit; without diffusion too.
  if (std::fabs(velocity) * h >= 700 * diffusion) {
    return std::max(velocity, 0.0) / h;
  }
  return diffusion / (h * h) * Bernoulli(-velocity * h / diffusion);
}

}  // namespace

Result<FokkerPlanck> FokkerPlanck::Make(const Process& process,
                                        std::vector<Cells> axes,
                                        double max_work) {
  const size_t dim = static_cast<size_t>(process.dim());
  if (dim > 2) {
    return Problem{"",
                   "a density has one or two dimensions here; choose a "
                   "process that has."};
  }
  Check(axes.size() == dim, "there is a grid for each dimension");
  size_t cells = 1;
  for (const Cells& axis : axes) {
    if (axis.count < 2 || !(axis.high > axis.low) ||
        axis.count > kMaxCells / cells) {
      return Problem{"cells",
                     "give each axis a low below its high and 2 cells "
                     "or more, 4 million at most in all."};
    }
    cells *= axis.count;
  }
  std::vector<double> x(dim, 0), drift(dim), diffusion(dim * dim);
  if (!process.Coefficients(0, x, drift, diffusion)) {
    return Problem{"process",
                   "it has no drift and diffusion, so there is no equation for "
                   "its density; choose one that is driven by noise."};
  }
  if (dim == 2 && diffusion[1] != 0) {
    return Problem{"process",
                   "its noise is correlated between the axes, which this "
                   "equation leaves out; choose another."};
  }

  FokkerPlanck flow(process, std::move(axes));
  std::vector<std::vector<double>> parts;
  if (const std::optional<StartLaw> start = process.StartedFrom()) {
    for (size_t axis = 0; axis < dim; ++axis) {
      parts.push_back(NormalMass(flow.axes_[axis],
                                 {start->mean[axis], start->std * start->std}));
    }
    for (size_t i = 0; i < cells; ++i) {
      flow.mass_[i] = 1;
      for (size_t axis = 0; axis < dim; ++axis) {
        flow.mass_[i] *=
            parts[axis][i / flow.Stride(axis) % parts[axis].size()];
      }
    }
  } else {
    double total = 0;
    for (size_t i = 0; i < cells; ++i) {
      for (size_t axis = 0; axis < dim; ++axis) {
        x[axis] = flow.axes_[axis].center(i / flow.Stride(axis) %
                                          flow.axes_[axis].count);
      }
      flow.mass_[i] = process.DensityAt(0, x).value_or(0);
      total += flow.mass_[i];
    }
    if (!(total > 0)) {
      return Problem{"start",
                     "where it starts is not known as a law, or beyond the "
                     "cells; choose a start that is known."};
    }
    for (double& mass : flow.mass_) mass /= total;
  }
  flow.fastest_ = flow.SetRates(0);
  const double work =
      flow.fastest_ * process.t_max * static_cast<double>(cells);
  if (!(work <= max_work)) {
    return Problem{"cells",
                   "the density would take more than " +
                       std::to_string(static_cast<int64_t>(max_work / 1e6)) +
                       " million updates of a cell until t_max; give fewer "
                       "cells, a narrower window or a shorter time."};
  }
  return flow;
}

FokkerPlanck::FokkerPlanck(const Process& process, std::vector<Cells> axes)
    : process_(&process), axes_(std::move(axes)), rates_(axes_.size()) {
  size_t cells = 1;
  for (const Cells& axis : axes_) cells *= axis.count;
  for (auto* buffer : {&mass_, &trial_, &change_}) buffer->resize(cells, 0);
  for (Rates& rates : rates_) {
    rates.up.resize(cells, 0);
    rates.down.resize(cells, 0);
  }
}

void FokkerPlanck::SetMass(std::span<const double> mass) {
  Check(mass.size() == mass_.size(), "there is a number for each cell");
  std::copy(mass.begin(), mass.end(), mass_.begin());
}

size_t FokkerPlanck::Stride(size_t axis) const {
  return axis + 1 == axes_.size() ? 1 : axes_[1].count;
}

double FokkerPlanck::SetRates(double t) {
  const size_t dim = axes_.size();
  std::vector<double> x(dim), drift(dim), below(dim * dim), above(dim * dim),
      middle(dim * dim), loss(mass_.size(), 0);
  for (size_t axis = 0; axis < dim; ++axis) {
    const Cells& cells = axes_[axis];
    const size_t stride = Stride(axis), at = axis * (dim + 1);
    Rates& rates = rates_[axis];
    for (size_t i = 0; i < mass_.size(); ++i) {
      const size_t place = i / stride % cells.count;
      if (place + 1 == cells.count) continue;  // the border
      for (size_t k = 0; k < dim; ++k) {
        x[k] = axes_[k].center(i / Stride(k) % axes_[k].count);
      }
      process_->Coefficients(t, x, drift, below);
      x[axis] = cells.center(place + 1);
      process_->Coefficients(t, x, drift, above);
      x[axis] = cells.edge(place + 1);
      process_->Coefficients(t, x, drift, middle);
      // J = (drift - d diffusion/dx) p - diffusion dp/dx
      const double velocity =
          drift[axis] - (above[at] - below[at]) / cells.width();
      rates.up[i] = RateUp(velocity, middle[at], cells.width());
      rates.down[i] = RateUp(-velocity, middle[at], cells.width());
      loss[i] += rates.up[i];
      loss[i + stride] += rates.down[i];
    }
  }
  return *std::max_element(loss.begin(), loss.end());
}

void FokkerPlanck::Change(std::span<const double> mass,
                          std::vector<double>& change) const {
  std::fill(change.begin(), change.end(), 0);
  for (size_t axis = 0; axis < axes_.size(); ++axis) {
    const size_t stride = Stride(axis);
    const Rates& rates = rates_[axis];
    // Rates are 0 at the upper border, so the one cell beyond is the only one
    // that must not be read.
    for (size_t i = 0; i + stride < mass.size(); ++i) {
      const double current =
          rates.up[i] * mass[i] - rates.down[i] * mass[i + stride];
      change[i] -= current;
      change[i + stride] += current;
    }
  }
}

void FokkerPlanck::AdvanceTo(double t) {
  Check(t >= t_, "a density goes forward in time");
  while (t_ < t) {
    const double left = t - t_;
    // Nine tenths of what keeps all cells positive; equal steps up to t.
    const double most = fastest_ > 0 ? 0.9 / fastest_ : left;
    const double dt = left <= most ? left : left / std::ceil(left / most);
    Change(mass_, change_);
    for (size_t i = 0; i < mass_.size(); ++i) {
      trial_[i] = mass_[i] + dt * change_[i];
    }
    t_ = left <= most ? t : t_ + dt;
    // Rates that change in time do so between steps; with the second slope at
    // the new ones the scheme is of order 2 nevertheless.
    if (!process_->Autonomous()) fastest_ = SetRates(t_);
    Change(trial_, change_);
    for (size_t i = 0; i < mass_.size(); ++i) {
      mass_[i] = 0.5 * (mass_[i] + (trial_[i] + dt * change_[i]));
    }
  }
}

std::vector<double> FokkerPlanck::Current(size_t axis) const {
  Check(axis < axes_.size(), "there is no such axis");
  const size_t count = axes_[axis].count, stride = Stride(axis);
  const Rates& rates = rates_[axis];
  // A line for each cell of the other axis.
  const size_t lines = mass_.size() / count;
  std::vector<double> current;
  current.reserve(lines * (count + 1));
  for (size_t line = 0; line < lines; ++line) {
    const size_t begin = stride == 1 ? line * count : line;
    current.push_back(0);
    for (size_t k = 0; k + 1 < count; ++k) {
      const size_t i = begin + k * stride;
      current.push_back(rates.up[i] * mass_[i] -
                        rates.down[i] * mass_[i + stride]);
    }
    current.push_back(0);
  }
  return current;
}

}  // namespace unnoise
