// The number of threads does not show: kernels and whole runs give the bits of
// one thread, for 1, 2, 3 and 4 of them.

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/backend/backend.h"
#include "core/backend/partition.h"
#include "core/base/key.h"
#include "core/run/experiment.h"
#include "core/run/run.h"
#include "core/sampling/sampling.h"

namespace unnoise {
namespace {

TEST(Partition, CoversEveryElementOnceInWholeUnits) {
  for (int64_t rows : {0, 1, 7, 100, 128, 512, 513}) {
    for (int64_t inner : {0, 1, 34, 128, 512}) {
      for (int64_t cols : {0, 1, 2, 34, 128, 200, 1024}) {
        for (int threads : {1, 2, 3, 4, 8}) {
          const Partition p =
              PartitionOf(rows, inner, cols, threads, 4 * threads);
          std::vector<int> seen(static_cast<size_t>(rows * cols), 0);
          for (int64_t part = 0; part < p.parts; ++part) {
            const int64_t row = p.FirstRow(part), col = p.FirstCol(part);
            EXPECT_EQ(row % kPartRows, 0);
            EXPECT_EQ(col % kPartCols, 0);
            for (int64_t i = row; i < std::min(rows, row + p.rows); ++i) {
              for (int64_t j = col; j < std::min(cols, col + p.cols); ++j) {
                ++seen[i * cols + j];
              }
            }
          }
          ASSERT_EQ(seen, std::vector<int>(seen.size(), 1))
              << rows << " x " << inner << " x " << cols << ", " << threads;
          ASSERT_LE(p.parts, 4 * threads);
        }
      }
    }
  }
}

TEST(Partition, KeepsThreadsBusyWhereItPays) {
  // The layers of a network of 128 units at a batch of 512, for two threads.
  EXPECT_GE(PartitionOf(512, 128, 128, 2, 8).parts, 2);
  EXPECT_GE(PartitionOf(128, 512, 34, 2, 8).parts, 2);
  EXPECT_GE(PartitionOf(2, 512, 128, 2, 8).parts, 2);
  // Two microseconds of work stay where they are.
  EXPECT_EQ(PartitionOf(16, 16, 128, 2, 8).parts, 1);
}

std::vector<float> Values(uint64_t seed, int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  FillNormal(KeyFromSeed(seed), 0, values);
  return values;
}

using Results = std::vector<std::vector<float>>;

// Every kernel at sizes that are divided, odd ones among them.
Results KernelsOn(const Backend& backend) {
  Results results;
  const DType f32 = DType::kF32;
  const auto add = [&](int64_t count) {
    return results.emplace_back(static_cast<size_t>(count)).data();
  };
  const int64_t n = 50001;
  const auto a = Values(1, n), b = Values(2, n), c = Values(3, n);
  for (UnaryOp op : {UnaryOp::kSin, UnaryOp::kCos, UnaryOp::kTanh,
                     UnaryOp::kSigmoid, UnaryOp::kExp, UnaryOp::kSqrt}) {
    backend.Unary(op, f32, a.data(), n, add(n));
  }
  for (BinaryOp op :
       {BinaryOp::kAdd, BinaryOp::kSub, BinaryOp::kMul, BinaryOp::kDiv}) {
    backend.Binary(op, f32, a.data(), b.data(), n, add(n));
  }
  backend.ScaleShift(f32, 1.1, 0.3, a.data(), n, add(n));
  backend.Select(f32, c.data(), a.data(), b.data(), n, add(n));
  backend.Reduce(ReduceOp::kSum, f32, a.data(), 1, 200, 250, add(250));
  backend.Reduce(ReduceOp::kMax, f32, a.data(), 500, 100, 1, add(500));
  backend.SumAll(f32, a.data(), n, add(1));
  struct Extents {
    int64_t m, k, n;
  };
  for (const Extents& e : {Extents{300, 40, 150}, Extents{130, 300, 35},
                           Extents{2, 300, 150}, Extents{301, 70, 2}}) {
    const auto x = Values(4, e.m * e.k), w = Values(5, e.k * e.n);
    const auto bias = Values(6, e.n);
    for (int transposes = 0; transposes < 4; ++transposes) {
      const bool ta = transposes & 1, tb = transposes & 2;
      backend.Product(f32, {x.data(), e.m, e.k, ta ? 1 : e.k, ta ? e.m : 1},
                      {w.data(), e.k, e.n, tb ? 1 : e.n, tb ? e.k : 1},
                      add(e.m * e.n));
    }
    for (Activation activation : {Activation::kIdentity, Activation::kSilu,
                                  Activation::kTanh, Activation::kRelu}) {
      std::vector<float> slope(static_cast<size_t>(e.m * e.n));
      backend.LinearActivation(activation, f32, x.data(), w.data(), bias.data(),
                               e.m, e.k, e.n, add(e.m * e.n), slope.data());
      results.push_back(std::move(slope));
    }
  }
  return results;
}

TEST(Threads, KernelsGiveTheSameBits) {
  const Results expected = KernelsOn(SimdBackend());
  for (int threads : {1, 2, 3, 4}) {
    Pool pool(threads);
    const Results got = KernelsOn(*MakeSimdBackend(pool));
    ASSERT_EQ(got.size(), expected.size());
    for (size_t i = 0; i < got.size(); ++i) {
      EXPECT_EQ(std::memcmp(got[i].data(), expected[i].data(),
                            4 * expected[i].size()),
                0)
          << "result " << i << ", " << threads << " threads";
    }
  }
}

// Trained, sampled and fingerprinted: large enough that every layer, the
// optimizer and the sampler are divided.
TEST(Threads, RunsGiveTheSameBits) {
  const std::vector<std::string> words = {"network.width=96", "batch=300",
                                          "optimizer=adamw"};
  std::string fingerprint;
  std::vector<float> samples;
  for (int threads : {1, 2, 3, 4}) {
    Pool pool(threads);
    const auto backend = MakeSimdBackend(pool);
    Result<Experiment> experiment = ReadExperiment("", "test", words, nullptr);
    ASSERT_TRUE(experiment);
    unnoise::Run run(std::move(*experiment), *backend);
    run.Advance(12);
    const auto denoiser = run.MakeDenoiser();
    const Family& family = *run.experiment().family;
    Sampling sampling(*family.sampler(), family.path(),
                      UniformGrid(family.path(), 4), *denoiser, Key{1, 2}, 0,
                      1700);
    while (sampling.Step()) {
    }
    if (threads == 1) {
      fingerprint = FingerprintOf(run);
      samples.assign(sampling.particles().begin(), sampling.particles().end());
    }
    EXPECT_EQ(FingerprintOf(run), fingerprint) << threads << " threads";
    EXPECT_EQ(std::memcmp(sampling.particles().data(), samples.data(),
                          4 * samples.size()),
              0)
        << threads << " threads";
  }
}

}  // namespace
}  // namespace unnoise
