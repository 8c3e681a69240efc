// The traces that a network's denoiser gives by forward mode, against the same
// network in double precision, differentiated by differences.

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/config.h"
#include "core/base/pool.h"
#include "core/data/posterior.h"
#include "core/family/family.h"
#include "core/nn/mlp.h"
#include "tests/core/threads.h"

namespace unnoise {
namespace {

struct Model {
  Choice<Family> family;
  Choice<Dataset> data;
  std::unique_ptr<unnoise::Model> model;
  std::vector<float> weights;
  NetworkConfig config;
};

// Weights that are not those of a start, where the output is 0.
Model Make(std::string_view path) {
  Model made;
  EXPECT_EQ(
      ToText(FromJson(*ParseJson("{\"path\":{\"kind\":\"" + std::string(path) +
                                     "\"},\"network\":{\"width\":24,"
                                     "\"depth\":2}}",
                                 ""),
                      *made.family)),
      "");
  made.config.width = 24;
  made.config.depth = 2;
  made.data = Choice<Dataset>("swiss_roll_3d");
  made.model = made.family->Open(*made.data);
  made.weights.resize(static_cast<size_t>(made.model->parameters().size()));
  FillNormal(KeyFromSeed(2), 0, made.weights);
  for (float& weight : made.weights) weight *= 0.2f;
  return made;
}

// Both predictions at x [dim] in double precision.
std::vector<double> Predict(const Model& made, double t,
                            const std::vector<double>& x) {
  ParameterList list;
  const int64_t dim = std::ssize(x);
  const TimeMlp network(made.config, dim, dim, list);
  std::vector<double> weights(made.weights.begin(), made.weights.end());
  Tape tape(ReferenceBackend(), DType::kF64);
  std::vector<Tensor> leaves(list.entries().size());
  list.Bind(tape, weights.data(), false, leaves);
  const Preconditioning by = PreconditioningAt(made.family->path().At(t));
  std::vector<double> input = x, f(x.size());
  for (double& part : input) part *= by.input;
  Tensor in = tape.Constant({1, dim}, std::span<const double>(input));
  Tensor time = tape.Filled({1, 1}, t);
  tape.Read(network(leaves, in, time), f.data());
  std::vector<double> both;
  for (size_t i = 0; i < x.size(); ++i) {
    both.push_back(by.data_skip * x[i] + by.data_out * f[i]);
  }
  for (size_t i = 0; i < x.size(); ++i) {
    both.push_back(by.noise_skip * x[i] + by.noise_out * f[i]);
  }
  return both;
}

// Their Jacobians, [2 dim, dim].
std::vector<double> JacobianAt(const Model& made, double t,
                               const std::vector<double>& x) {
  const size_t dim = x.size();
  std::vector<double> jacobian(2 * dim * dim);
  constexpr double kStep = 1e-5;
  for (size_t j = 0; j < dim; ++j) {
    std::vector<double> up = x, down = x;
    up[j] += kStep;
    down[j] -= kStep;
    const std::vector<double> above = Predict(made, t, up),
                              below = Predict(made, t, down);
    for (size_t i = 0; i < 2 * dim; ++i) {
      jacobian[i * dim + j] = (above[i] - below[i]) / (2 * kStep);
    }
  }
  return jacobian;
}

TEST(NetworkTrace, IsThatOfTheNetworkInDoublePrecision) {
  constexpr size_t kCount = 5, kDim = 3, kProbes = 2;
  for (const char* path : {"cosine", "edm"}) {
    const Model made = Make(path);
    std::vector<float> weights = made.weights;
    const auto denoiser = made.model->MakeDenoiser(SimdBackend(), weights);
    std::vector<float> x(kCount * kDim), probes(kProbes * x.size()),
        data(x.size()), noise(x.size()), plain_data(x.size()),
        plain_noise(x.size()), data_trace(kCount), noise_trace(kCount);
    FillNormal(KeyFromSeed(3), 0, x);
    FillNormal(KeyFromSeed(4), 0, probes);
    // A time for each point, or one for all.
    const std::vector<double> each = {0.01, 0.2, 0.5, 0.8, 0.97};
    for (const std::vector<double>& times : {each, {0.3}}) {
      denoiser->PredictAt(times, x, {plain_data, plain_noise});
      for (const bool estimated : {false, true}) {
        denoiser->jacobian_trace()->PredictAt(
            times, x,
            estimated ? std::span<const float>(probes)
                      : std::span<const float>(),
            {data, noise}, {data_trace, noise_trace});
        EXPECT_EQ(data, plain_data);
        EXPECT_EQ(noise, plain_noise);
        for (size_t i = 0; i < kCount; ++i) {
          const std::vector<double> point(&x[i * kDim], &x[i * kDim] + kDim);
          const std::vector<double> jacobian =
              JacobianAt(made, times[times.size() == 1 ? 0 : i], point);
          double known[2] = {}, size[2] = {};
          for (size_t part = 0; part < 2; ++part) {
            const double* a = &jacobian[part * kDim * kDim];
            for (size_t j = 0; j < kDim; ++j) {
              for (size_t l = 0; l < kDim; ++l) {
                double weight = j == l;
                if (estimated) {
                  weight = 0;
                  for (size_t k = 0; k < kProbes; ++k) {
                    const float* v = &probes[k * x.size() + i * kDim];
                    weight += double{v[j]} * v[l] / kProbes;
                  }
                }
                known[part] += a[j * kDim + l] * weight;
                size[part] += std::fabs(a[j * kDim + l] * weight);
              }
            }
          }
          // Sums of some hundred float products, of what is added up; and
          // features of time whose phases of up to 1000 are rounded to float.
          EXPECT_NEAR(data_trace[i], known[0], 2e-4 * (1 + size[0])) << path;
          EXPECT_NEAR(noise_trace[i], known[1], 2e-4 * (1 + size[1])) << path;
        }
      }
    }
  }
}

// Chunks of rows go to several threads.
TEST(NetworkTrace, IsTheSameWhateverTheNumberOfPointsAndThreads) {
  const Model made = Make("cosine");
  std::vector<float> weights = made.weights;
  Pool pool(ThreadsUpTo(3));
  const auto threaded = MakeSimdBackend(pool);
  const auto many = made.model->MakeDenoiser(*threaded, weights);
  const auto one = made.model->MakeDenoiser(SimdBackend(), weights);
  constexpr size_t kCount = 1300, kDim = 3, kProbes = 2;
  std::vector<float> x(kCount * kDim), probes(kProbes * x.size()),
      data(x.size()), noise(x.size()), data_trace(kCount), noise_trace(kCount);
  FillNormal(KeyFromSeed(3), 0, x);
  FillNormal(KeyFromSeed(4), 0, probes);
  std::vector<double> times(kCount);
  for (size_t i = 0; i < kCount; ++i) {
    times[i] = 0.001 + 0.99 * static_cast<double>(i) / kCount;
  }
  many->jacobian_trace()->PredictAt(times, x, probes, {data, noise},
                                    {data_trace, noise_trace});
  for (const size_t i : {size_t{0}, size_t{511}, size_t{512}, size_t{1299}}) {
    std::vector<float> own_probes;
    for (size_t k = 0; k < kProbes; ++k) {
      const float* v = &probes[k * x.size() + i * kDim];
      own_probes.insert(own_probes.end(), v, v + kDim);
    }
    std::vector<float> d(kDim), e(kDim), dt(1), et(1);
    one->jacobian_trace()->PredictAt(std::span(times).subspan(i, 1),
                                     std::span(x).subspan(i * kDim, kDim),
                                     own_probes, {d, e}, {dt, et});
    EXPECT_EQ(data_trace[i], dt[0]) << i;
    EXPECT_EQ(noise_trace[i], et[0]) << i;
  }
}

}  // namespace
}  // namespace unnoise
