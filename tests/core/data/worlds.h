// What tests of exact worlds share: what a world says of a point, and the same
// by brute force from a law as weighted points.

#ifndef UNNOISE_TESTS_DATA_WORLDS_H_
#define UNNOISE_TESTS_DATA_WORLDS_H_

#include <cmath>
#include <memory>
#include <string_view>
#include <vector>

#include "core/base/config.h"
#include "core/data/dataset.h"
#include "core/data/points.h"

namespace unnoise {

// The set of that name; the user's points are three given ones.
inline Choice<Dataset> MakeData(std::string_view name,
                                std::string_view fields = "{}") {
  Choice<Dataset> data(name);
  if (auto* points = dynamic_cast<Points*>(&*data)) {
    points->Attach("three.csv", std::make_shared<PointSet>(
                                    PointSet{2, {0, 1, 2, -1, 1, 3}}));
  }
  const Problems problems = FromJson(*ParseJson(fields, ""), *data);
  Check(problems.empty(), "the fields of a test fit");
  return data;
}

inline Affine DataUnits(int dim) {
  const size_t n = static_cast<size_t>(dim);
  return {std::vector<double>(n, 0), std::vector<double>(n, 1)};
}

struct Answer {
  double log_density = 0;
  std::vector<double> score, mean, covariance;
};

inline Answer Ask(const Marginal& law, const std::vector<double>& xt) {
  const size_t n = xt.size();
  Answer answer{0, std::vector<double>(n, NAN), std::vector<double>(n, NAN),
                std::vector<double>(n * n, NAN)};
  answer.log_density = law.At(xt, {.score = answer.score,
                                   .mean = answer.mean,
                                   .covariance = answer.covariance});
  return answer;
}

inline bool IsFinite(const Answer& answer) {
  bool finite = std::isfinite(answer.log_density);
  for (const auto* part : {&answer.score, &answer.mean, &answer.covariance}) {
    for (const double x : *part) finite = finite && std::isfinite(x);
  }
  return finite;
}

// A law as points x0 [count, dim] with weights of sum 1.
struct WeightedPoints {
  int dim = 2;
  std::vector<double> weights, points;

  void Add(double weight, std::initializer_list<double> x) {
    weights.push_back(weight);
    points.insert(points.end(), x);
  }
};

// xt = alpha x0 + noise, of the standard deviation `sigmas` on each axis.
inline Answer BruteForce(const WeightedPoints& law, double alpha,
                         const std::vector<double>& sigmas,
                         const std::vector<double>& xt) {
  const size_t n = xt.size(), count = law.weights.size();
  std::vector<double> logs(count);
  double greatest = -INFINITY, constant = 0;
  for (const double sigma : sigmas) {
    constant -= std::log(sigma) + 0.5 * std::log(2 * M_PI);
  }
  for (size_t k = 0; k < count; ++k) {
    double square = 0;
    for (size_t i = 0; i < n; ++i) {
      const double z = (xt[i] - alpha * law.points[k * n + i]) / sigmas[i];
      square += z * z;
    }
    logs[k] = std::log(law.weights[k]) - 0.5 * square;
    greatest = std::max(greatest, logs[k]);
  }
  Answer answer{0, std::vector<double>(n, 0), std::vector<double>(n, 0),
                std::vector<double>(n * n, 0)};
  double sum = 0;
  for (double& log : logs) sum += log = std::exp(log - greatest);
  for (size_t k = 0; k < count; ++k) {
    for (size_t i = 0; i < n; ++i) {
      answer.mean[i] += logs[k] / sum * law.points[k * n + i];
    }
  }
  for (size_t k = 0; k < count; ++k) {
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) {
        answer.covariance[i * n + j] +=
            logs[k] / sum * (law.points[k * n + i] - answer.mean[i]) *
            (law.points[k * n + j] - answer.mean[j]);
      }
    }
  }
  for (size_t i = 0; i < n; ++i) {
    answer.score[i] =
        (alpha * answer.mean[i] - xt[i]) / (sigmas[i] * sigmas[i]);
  }
  answer.log_density = constant + greatest + std::log(sum);
  return answer;
}

}  // namespace unnoise

#endif  // UNNOISE_TESTS_DATA_WORLDS_H_
