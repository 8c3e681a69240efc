// The number of threads does not show in ops that divide their work themselves:
// convolutions, products of batches, norms.

#include <gtest/gtest.h>

#include <memory>

#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

using Shapes = std::vector<Shape>;

// Leaves what it computes in `results`, one after the other.
using Work = void (*)(Tape& tape, std::vector<float>& results);

void Keep(Tensor x, std::vector<float>& results) {
  const auto values = ReadAll<float>(x);
  results.insert(results.end(), values.begin(), values.end());
}

// Values and gradients of sum y^2 / 2 of random inputs.
template <class F>
void KeepWithGradients(Tape& tape, const Shapes& shapes, const F& f,
                       std::vector<float>& results) {
  auto inputs = RandomInputs("threads", shapes);
  std::vector<Tensor> leaves, gradients(shapes.size());
  for (size_t i = 0; i < shapes.size(); ++i) {
    leaves.push_back(tape.Leaf(shapes[i], inputs[i].data(), true));
  }
  Tensor y = f(leaves);
  Vjp(y, y, leaves, gradients);
  Keep(y, results);
  for (Tensor g : gradients) Keep(g, results);
}

void ExpectSameOnThreads(Work work) {
  const auto run = [&](const Backend& backend) {
    Tape tape(backend, DType::kF32);
    std::vector<float> results;
    work(tape, results);
    return results;
  };
  const auto expected = run(SimdBackend());
  for (int threads : {2, 3, 4}) {
    Pool pool(threads);
    EXPECT_EQ(run(*MakeSimdBackend(pool)), expected) << threads << " threads";
  }
}

TEST(OpThreads, Convolutions) {
  ExpectSameOnThreads([](Tape& tape, std::vector<float>& results) {
    struct Case {
      Shape image, weight;
      ConvOptions options;
    };
    for (const Case& c :
         {Case{{3, 10, 12, 70}, {18, 3, 3, 70}, {.padding = {1, 1}}},
          Case{{2, 13, 14, 33}, {40, 1, 1, 33}, {}},
          Case{{9, 9, 8, 6}, {8, 3, 2, 3}, {.stride = {2, 3}, .groups = 2}},
          Case{{8, 28, 28, 8}, {16, 3, 3, 8}, {}}}) {
      KeepWithGradients(
          tape, {c.image, c.weight},
          [&](std::span<const Tensor> in) {
            return Conv2d(in[0], in[1], c.options);
          },
          results);
    }
  });
}

TEST(OpThreads, Windows) {
  ExpectSameOnThreads([](Tape& tape, std::vector<float>& results) {
    for (int64_t groups : {1, 2}) {
      const ConvOptions options{.padding = {1, 2}, .groups = groups};
      KeepWithGradients(
          tape, {{17, 20, 20, 8}},
          [&](std::span<const Tensor> in) {
            return Unfold(in[0], {3, 3}, options);
          },
          results);
    }
  });
}

// Many small products, which are divided among threads, and few.
TEST(OpThreads, BatchProducts) {
  ExpectSameOnThreads([](Tape& tape, std::vector<float>& results) {
    for (const Shapes& shapes : {Shapes{Shape{501, 9, 17}, Shape{501, 17, 33}},
                                 Shapes{Shape{2, 130, 60}, Shape{2, 60, 70}}}) {
      KeepWithGradients(
          tape, shapes,
          [](std::span<const Tensor> in) { return BatchProduct(in[0], in[1]); },
          results);
    }
  });
}

TEST(OpThreads, GroupNorm) {
  ExpectSameOnThreads([](Tape& tape, std::vector<float>& results) {
    KeepWithGradients(
        tape, {{9, 14, 14, 32}, {32}, {32}},
        [](std::span<const Tensor> in) {
          return GroupNorm(in[0], 8, in[1], in[2], 1e-5, Activation::kSilu);
        },
        results);
  });
}

}  // namespace
}  // namespace unnoise
