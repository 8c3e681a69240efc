#include "core/metric/sinkhorn.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/check.h"
#include "core/base/exact_math.h"
#include "core/metric/soft_sums.h"

namespace unnoise {
namespace {

// Epsilon falls by this from one iteration to the next, until it is the one
// asked for.
constexpr double kFall = 0.25;
// Then potentials go beyond where they are sent, by as much as the speed over
// the last so many iterations says is best.
constexpr int kBlock = 20;
constexpr double kMostRelaxed = 1.99;  // 2 would never settle

// A set in double precision, about its own mean.
struct Cloud {
  Cloud(size_t dim, const WeightedPoints& set)
      : count(set.points.size() / dim), mean(dim, 0), x(set.points.size()) {
    Check(count >= 1 && set.points.size() == count * dim &&
              (set.weights.empty() || set.weights.size() == count),
          "transport needs whole points, and as many weights or none");
    Check(std::all_of(set.points.begin(), set.points.end(),
                      [](float v) { return std::isfinite(v); }) &&
              std::all_of(set.weights.begin(), set.weights.end(),
                          [](double w) { return std::isfinite(w) && w > 0; }),
          "transport needs finite points, and weights above 0");
    double total = 0;
    weights.assign(set.weights.begin(), set.weights.end());
    if (weights.empty()) weights.assign(count, 1);
    for (const double w : weights) total += w;
    for (double& w : weights) w /= total;
    for (size_t i = 0; i < count; ++i) {
      for (size_t axis = 0; axis < dim; ++axis) {
        mean[axis] += weights[i] * set.points[i * dim + axis];
      }
    }
    for (size_t i = 0; i < count; ++i) {
      for (size_t axis = 0; axis < dim; ++axis) {
        double& value = x[i * dim + axis];
        value = set.points[i * dim + axis] - mean[axis];
        variance += weights[i] * value * value;
        radius = std::max(radius, std::fabs(value));
      }
    }
  }
  size_t count;
  std::vector<double> weights;  // [count], sum 1
  std::vector<double> mean;     // [dim]
  std::vector<double> x;        // [count, dim]
  double variance = 0;          // summed over the axes
  double radius = 0;            // the largest coordinate in size
};

// One side of the iteration: the potential of a set, and its update by the
// other's.
class Side {
 public:
  Side(size_t dim, const Cloud& cloud)
      : dim_(dim),
        cloud_(cloud),
        potential(cloud.count, 0),
        columns_(cloud.x.size()),
        rows_(cloud.x.size()),
        base_(cloud.count),
        height_(cloud.count),
        sums_(cloud.count),
        tops_(cloud.count) {
    for (const double w : cloud.weights) log_weights_.push_back(exact::Log(w));
  }

  void SetEpsilon(double epsilon) {
    epsilon_ = epsilon;
    const double scale = 1 / std::sqrt(epsilon);
    for (size_t i = 0; i < cloud_.count; ++i) {
      for (size_t axis = 0; axis < dim_; ++axis) {
        const double value = cloud_.x[i * dim_ + axis] * scale;
        rows_[i * dim_ + axis] = value;
        columns_[axis * cloud_.count + i] = value;
      }
    }
  }

  // potential -= part epsilon log(sums), sums being the masses of the plan in
  // units of the weights. Returns how far the masses were from the weights.
  double Update(Side& other, double part) {
    const size_t n = cloud_.count, m = other.cloud_.count;
    for (size_t j = 0; j < m; ++j) {
      other.height_[j] = other.potential[j] / epsilon_ + other.log_weights_[j];
    }
    for (size_t i = 0; i < n; ++i) base_[i] = potential[i] / epsilon_;
    SoftSums(dim_, n, m, columns_.data(), other.rows_.data(), base_.data(),
             other.height_.data(), sums_.data());
    // Where a potential was so far off that the sum is no number, from the
    // greatest term instead.
    if (std::any_of(sums_.begin(), sums_.end(), IsOff)) {
      Tops(dim_, n, m, columns_.data(), other.rows_.data(),
           other.height_.data(), tops_.data());
      for (size_t i = 0; i < n; ++i) {
        if (IsOff(sums_[i])) {
          base_[i] = -tops_[i];
          potential[i] = -tops_[i] * epsilon_;
        }
      }
      SoftSums(dim_, n, m, columns_.data(), other.rows_.data(), base_.data(),
               other.height_.data(), sums_.data());
    }
    double error = 0;
    for (size_t i = 0; i < n; ++i) {
      error += cloud_.weights[i] * std::fabs(sums_[i] - 1);
      potential[i] -= part * (epsilon_ * exact::Log(sums_[i]));
    }
    return error;
  }

  double Value() const {
    double sum = 0;
    for (size_t i = 0; i < cloud_.count; ++i) {
      sum += cloud_.weights[i] * potential[i];
    }
    return sum;
  }

 private:
  static bool IsOff(double sum) { return !(sum > 1e-200 && sum < 1e200); }

  size_t dim_;
  const Cloud& cloud_;

 public:
  std::vector<double> potential;

 private:
  double epsilon_ = 1;
  std::vector<double> log_weights_;
  std::vector<double> columns_, rows_;  // points over the root of epsilon
  std::vector<double> base_, height_, sums_, tops_;
};

// How far beyond. If plain iterations leave the part r of the error each, the
// best is 2 / (1 + sqrt(1 - r)) of the way, as for any successive relaxation;
// what relaxed ones leave tells r too: with w of the way the part q has
// (q + w - 1)^2 = q w^2 r (Young 1971, section 5.2). Plain again where the
// error grew. Source: Lehmann, von Renesse, Sambale, Uschmajew 2022.
class Relaxation {
 public:
  double part() const { return part_; }

  // The error of an iteration at the last epsilon.
  void Note(double error) {
    if (count_++ % kBlock != 0) return;
    if (count_ > 1) {
      const double kept = exact::Exp(exact::Log(error / last_) / kBlock);
      if (!(kept < 1)) {
        part_ = 1;
      } else if (kept > part_ - 1) {
        const double root = kept + part_ - 1;
        const double rate = root * root / (kept * part_ * part_);
        part_ = std::min(2 / (1 + std::sqrt(std::max(1 - rate, 0.0))),
                         kMostRelaxed);
      }
    }
    last_ = error;
  }

 private:
  int count_ = 0;
  double part_ = 1;
  double last_ = 1;
};

// Between two centred clouds; `same` if both are one, whose potentials are
// equal and are found by steps of half the way, in far fewer iterations.
SinkhornSolution Solve(size_t dim, const Cloud& a, const Cloud& b, bool same,
                       double epsilon, const SinkhornOptions& options) {
  Side of_a(dim, a), of_b(dim, b);
  const double reach = a.radius + b.radius;
  double now = std::max(epsilon, static_cast<double>(dim) * reach * reach);
  SinkhornSolution solution;
  solution.epsilon = epsilon;
  solution.status = SinkhornStatus::kOutOfIterations;
  Relaxation relaxation;
  while (solution.iterations < options.max_iterations) {
    of_a.SetEpsilon(now);
    of_b.SetEpsilon(now);
    ++solution.iterations;
    if (same) {
      solution.marginal_error = of_a.Update(of_a, 0.5);
    } else {
      const double part = relaxation.part();
      solution.marginal_error = of_a.Update(of_b, part);
      of_b.Update(of_a, part);
    }
    if (now == epsilon) {
      if (solution.marginal_error <= options.tolerance) {
        solution.status = SinkhornStatus::kConverged;
        break;
      }
      relaxation.Note(solution.marginal_error);
    }
    now = std::max(epsilon, now * kFall);
  }
  // The masses of the plan are then those of b, and its value a lower bound.
  if (!same) of_b.Update(of_a, 1);
  solution.f = of_a.potential;
  solution.g = same ? of_a.potential : of_b.potential;
  solution.cost = of_a.Value() + (same ? of_a : of_b).Value();
  return solution;
}

double EpsilonOf(const SinkhornOptions& options, const Cloud& a,
                 const Cloud& b) {
  Check(options.epsilon >= 0 && std::isfinite(options.epsilon) &&
            options.tolerance > 0 && options.max_iterations >= 1,
        "epsilon is not below 0, a tolerance above it, iterations one or more");
  return options.epsilon > 0 ? options.epsilon
                             : kSinkhornEpsilon * (a.variance + b.variance);
}

size_t DimOf(int dim) {
  Check(dim >= 1, "points have at least one coordinate");
  return static_cast<size_t>(dim);
}

// |x - y|^2 is the square of the centred ones, plus the following for each
// point of a, which b has with the other sign, and the squared shift.
double ShiftTerm(size_t dim, const double* x,
                 const std::vector<double>& shift) {
  double sum = 0;
  for (size_t axis = 0; axis < dim; ++axis) sum += x[axis] * shift[axis];
  return 2 * sum;
}

}  // namespace

std::string_view NameOf(SinkhornStatus status) {
  return status == SinkhornStatus::kConverged ? "converged"
                                              : "out of iterations";
}

SinkhornSolution SolveSinkhorn(int dim, const WeightedPoints& a,
                               const WeightedPoints& b,
                               const SinkhornOptions& options) {
  const size_t size = DimOf(dim);
  const Cloud cloud_a(size, a), cloud_b(size, b);
  const double epsilon = EpsilonOf(options, cloud_a, cloud_b);
  SinkhornSolution solution;
  if (epsilon > 0) {
    solution = Solve(size, cloud_a, cloud_b, false, epsilon, options);
  } else {  // all mass of each in one place
    solution.f.assign(cloud_a.count, 0);
    solution.g.assign(cloud_b.count, 0);
  }
  std::vector<double> shift(size);
  double square = 0;
  for (size_t axis = 0; axis < size; ++axis) {
    shift[axis] = cloud_a.mean[axis] - cloud_b.mean[axis];
    square += shift[axis] * shift[axis];
  }
  for (size_t i = 0; i < cloud_a.count; ++i) {
    solution.f[i] += ShiftTerm(size, &cloud_a.x[i * size], shift);
  }
  for (size_t j = 0; j < cloud_b.count; ++j) {
    solution.g[j] += square - ShiftTerm(size, &cloud_b.x[j * size], shift);
  }
  solution.cost += square;
  return solution;
}

SinkhornDistance SinkhornW2(int dim, const WeightedPoints& a,
                            const WeightedPoints& b, bool debias,
                            const SinkhornOptions& options) {
  const size_t size = DimOf(dim);
  const Cloud cloud_a(size, a), cloud_b(size, b);
  SinkhornOptions same = options;
  same.epsilon = EpsilonOf(options, cloud_a, cloud_b);
  SinkhornSolution across = SolveSinkhorn(dim, a, b, same);
  SinkhornDistance distance{.epsilon = across.epsilon,
                            .marginal_error = across.marginal_error,
                            .iterations = across.iterations,
                            .status = across.status};
  double square = across.cost;
  if (debias && same.epsilon > 0) {
    for (const auto& [cloud, potential] :
         {std::pair{&cloud_a, &across.f}, std::pair{&cloud_b, &across.g}}) {
      const SinkhornSolution own =
          Solve(size, *cloud, *cloud, true, same.epsilon, same);
      square -= 0.5 * own.cost;
      for (size_t i = 0; i < cloud->count; ++i) (*potential)[i] -= own.f[i];
      distance.iterations += own.iterations;
      distance.marginal_error =
          std::max(distance.marginal_error, own.marginal_error);
      if (own.status != SinkhornStatus::kConverged)
        distance.status = own.status;
    }
  }
  distance.w2.value = std::sqrt(std::max(square, 0.0));
  if (distance.w2.value == 0) return distance;
  // The variance of a weighted mean of independent values; for equal weights
  // that of MeanOf but for n / (n - 1).
  double variance = 0;
  for (const auto& [cloud, potential] :
       {std::pair{&cloud_a, &across.f}, std::pair{&cloud_b, &across.g}}) {
    double mean = 0;
    for (size_t i = 0; i < cloud->count; ++i) {
      mean += cloud->weights[i] * (*potential)[i];
    }
    for (size_t i = 0; i < cloud->count; ++i) {
      const double gap = cloud->weights[i] * ((*potential)[i] - mean);
      variance += gap * gap;
    }
  }
  distance.w2.std_error = std::sqrt(variance) / (2 * distance.w2.value);
  return distance;
}

}  // namespace unnoise
