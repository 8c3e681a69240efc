// Every op of the table against the reference: values, gradients by complex
// step, second order, float against double, the same bits from every SIMD
// target, and elements that are not finite.

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <string>

#include "core/base/hash.h"
#include "tests/core/autodiff/all_rows.h"
#include "tests/core/autodiff/evaluate.h"

namespace unnoise {
namespace {

constexpr double kRounding = 0x1p-24;  // of a float, relative

std::string Describe(const OpRow& row, const Shapes& shapes) {
  std::string text = row.name;
  for (const Shape& shape : shapes) text += " " + shape.ToText();
  return text;
}

// Calls f(row, shapes, inputs) for each row and its inputs, up to `limit`
// elements in all.
template <class F>
void ForEachInput(int64_t limit, const F& f) {
  for (const OpRow& row : OpRows()) {
    for (const Shapes& shapes : row.inputs) {
      int64_t elements = 0;
      for (const Shape& shape : shapes) elements += shape.size();
      if (elements > limit) continue;
      const std::string name = Describe(row, shapes);
      SCOPED_TRACE(name);
      f(row, shapes, RandomInputs(name, shapes));
      if (testing::Test::HasFailure()) return;  // one row's trace is enough
    }
  }
}

constexpr int64_t kAll = int64_t{1} << 40;
constexpr int64_t kSmall = 120;  // each element costs a run of the tape

Arrays<double> Magnitudes(const Arrays<float>& inputs) {
  Arrays<double> sizes = Convert<double>(inputs);
  for (auto& array : sizes) {
    for (double& value : array) value = std::fabs(value);
  }
  return sizes;
}

// Calls f(backend, name) for exact kernels, then for fused ones on every
// target: these round less often, so the same bounds hold.
template <class F>
void ForEachMode(const F& f) {
  f(SimdBackend(), "exact");
  const std::unique_ptr<Backend> fused = SimdBackend().Fused();
  for (int target = 0; target < SimdTargetCount(); ++target) {
    ASSERT_TRUE(ForceSimdTarget(SimdTargetName(target)));
    f(*fused, "fused on " + std::string(SimdTargetName(target)));
  }
  ForceSimdTarget("");
}

void ExpectReferenceValues(const Backend& backend) {
  ForEachInput(kAll, [&](const OpRow& row, const Shapes& shapes,
                         const Arrays<float>& inputs) {
    const auto got = Evaluate<float>(row.build, shapes, inputs, Order::kValue,
                                     {}, false, backend);
    const auto want = Evaluate<double>(row.build, shapes,
                                       Convert<double>(inputs), Order::kValue);
    const auto bound = Evaluate<double>(row.value_bound, shapes,
                                        Magnitudes(inputs), Order::kValue);
    ASSERT_EQ(got.value.size(), want.value.size());
    for (size_t i = 0; i < got.value.size(); ++i) {
      const double size =
          std::max(std::fabs(want.value[i]), std::fabs(bound.value[i]));
      ASSERT_LE(std::fabs(got.value[i] - want.value[i]),
                1.01 * row.roundings(shapes) * kRounding * size)
          << "element " << i << ": " << got.value[i] << ", reference "
          << want.value[i];
    }
  });
}

TEST(Conformance, FloatValueIsTheReferenceValue) {
  ForEachMode([](const Backend& backend, const std::string& mode) {
    SCOPED_TRACE(mode);
    ExpectReferenceValues(backend);
  });
}

// Both sides are double; a term of the derivative passes through some dozens
// of roundings of 1e-16 at most (257 where the inner extent is that long, but
// those inputs are too large for this test).
constexpr double kComplexStepTolerance = 1e-13;

TEST(Conformance, GradientIsTheComplexStep) {
  ForEachInput(kSmall, [](const OpRow& row, const Shapes& shapes,
                          const Arrays<float>& inputs) {
    const auto run = Evaluate<double>(row.build, shapes,
                                      Convert<double>(inputs), Order::kFirst);
    auto moved = Convert<Complex>(inputs);
    for (size_t i = 0; i < moved.size(); ++i) {
      const double scale = std::max(1.0, LargestOf(run.gradient[i]));
      for (size_t j = 0; j < moved[i].size(); ++j) {
        moved[i][j] += Complex(0, kStep);
        const Complex loss =
            Evaluate<Complex>(row.build, shapes, moved, Order::kValue).loss;
        moved[i][j] = inputs[i][j];
        ASSERT_NEAR(run.gradient[i][j], loss.imag() / kStep,
                    kComplexStepTolerance * scale)
            << "input " << i << ", element " << j;
      }
    }
  });
}

// The inputs moved along `directions` by the imaginary step.
Arrays<Complex> MovedAlong(const Arrays<float>& inputs,
                           const Arrays<float>& directions) {
  auto moved = Convert<Complex>(inputs);
  for (size_t i = 0; i < moved.size(); ++i) {
    for (size_t j = 0; j < moved[i].size(); ++j) {
      moved[i][j] += Complex(0, kStep * directions[i][j]);
    }
  }
  return moved;
}

TEST(Conformance, SecondDerivativeIsTheComplexStepOfTheFirst) {
  ForEachInput(kSmall, [](const OpRow& row, const Shapes& shapes,
                          const Arrays<float>& inputs) {
    const auto directions = RandomInputs("directions", shapes);
    const auto run = Evaluate<double>(
        row.build, shapes, Convert<double>(inputs), Order::kSecond, directions);
    const auto step =
        Evaluate<Complex>(row.build, shapes, MovedAlong(inputs, directions),
                          Order::kSecond, directions);
    for (size_t i = 0; i < inputs.size(); ++i) {
      const double scale = std::max(1.0, LargestOf(run.curvature[i]));
      for (size_t j = 0; j < inputs[i].size(); ++j) {
        ASSERT_NEAR(run.curvature[i][j],
                    step.squared_gradient[i][j].imag() / kStep,
                    kComplexStepTolerance * scale)
            << "input " << i << ", element " << j;
      }
    }
  });
}

TEST(Conformance, ForwardModeIsTheComplexStep) {
  ForEachInput(kSmall, [](const OpRow& row, const Shapes& shapes,
                          const Arrays<float>& inputs) {
    const auto directions = RandomInputs("directions", shapes);
    const auto run =
        Evaluate<double>(row.build, shapes, Convert<double>(inputs),
                         Order::kForward, directions);
    const auto step = Evaluate<Complex>(
        row.build, shapes, MovedAlong(inputs, directions), Order::kFirst);
    const double scale = std::max(1.0, LargestOf(run.tangent));
    for (size_t j = 0; j < run.tangent.size(); ++j) {
      ASSERT_NEAR(run.tangent[j], step.value[j].imag() / kStep,
                  kComplexStepTolerance * scale)
          << "tangent, element " << j;
    }
    // The derivatives of the tangent are those of the gradient, along the same
    // directions.
    for (size_t i = 0; i < inputs.size(); ++i) {
      const double size = std::max(1.0, LargestOf(run.tangent_gradient[i]));
      for (size_t j = 0; j < inputs[i].size(); ++j) {
        ASSERT_NEAR(run.tangent_gradient[i][j],
                    step.gradient[i][j].imag() / kStep,
                    kComplexStepTolerance * size)
            << "gradient of the tangent, input " << i << ", element " << j;
      }
    }
  });
}

void ExpectReferenceGradients(const Backend& backend) {
  ForEachInput(kAll, [&](const OpRow& row, const Shapes& shapes,
                         const Arrays<float>& inputs) {
    const auto got = Evaluate<float>(row.build, shapes, inputs, Order::kFirst,
                                     {}, false, backend);
    const auto want = Evaluate<double>(row.build, shapes,
                                       Convert<double>(inputs), Order::kFirst);
    const auto bound =
        Evaluate<double>(row.gradient_bound, shapes, Magnitudes(inputs),
                         Order::kFirst, {}, true);
    // The gradient sums over at most as many terms as the longest extent, and
    // takes the roundings of the value with it. An error of a layer's sum over
    // `in` terms below 4 each also moves the slope, which bends by at most 1.
    double longest = 5;
    for (const Shape& shape : shapes) {
      for (int axis = 0; axis < shape.rank(); ++axis) {
        longest = std::max(longest, static_cast<double>(shape[axis]));
      }
    }
    double roundings = 4 + 2 * row.roundings(shapes) + longest;
    if (row.curved_sum) roundings *= 1 + 4.0 * shapes[0][1];
    for (size_t i = 0; i < got.gradient.size(); ++i) {
      for (size_t j = 0; j < got.gradient[i].size(); ++j) {
        const double size = std::max(std::fabs(want.gradient[i][j]),
                                     std::fabs(bound.gradient[i][j]));
        ASSERT_LE(std::fabs(got.gradient[i][j] - want.gradient[i][j]),
                  roundings * kRounding * size)
            << "input " << i << ", element " << j << ": " << got.gradient[i][j]
            << ", reference " << want.gradient[i][j];
      }
    }
  });
}

TEST(Conformance, FloatGradientIsTheReferenceGradient) {
  ForEachMode([](const Backend& backend, const std::string& mode) {
    SCOPED_TRACE(mode);
    ExpectReferenceGradients(backend);
  });
}

bool SameBits(const Arrays<float>& a, const Arrays<float>& b) {
  for (size_t i = 0; i < a.size(); ++i) {
    if (!a[i].empty() &&
        std::memcmp(a[i].data(), b[i].data(), a[i].size() * 4) != 0) {
      return false;
    }
  }
  return true;
}

TEST(Conformance, EverySimdTargetGivesTheSameBits) {
  ForEachInput(kAll, [](const OpRow& row, const Shapes& shapes,
                        const Arrays<float>& inputs) {
    const auto directions = RandomInputs("directions", shapes);
    Evaluation<float> first;
    for (int target = 0; target < SimdTargetCount(); ++target) {
      ASSERT_TRUE(ForceSimdTarget(SimdTargetName(target)));
      const auto run = Evaluate<float>(row.build, shapes, inputs,
                                       Order::kSecond, directions);
      if (target == 0) first = run;
      EXPECT_TRUE(SameBits({run.value}, {first.value}))
          << "value on " << SimdTargetName(target);
      EXPECT_TRUE(SameBits(run.gradient, first.gradient))
          << "gradient on " << SimdTargetName(target);
      EXPECT_TRUE(SameBits(run.curvature, first.curvature))
          << "second derivative on " << SimdTargetName(target);
    }
  });
  ForceSimdTarget("");
}

// The same number from g++, clang and em++, natively and in wasm. It changes
// with the table, and with any change of arithmetic in a kernel or a rule.
TEST(Conformance, EveryCompilerGivesTheSameBits) {
  Fnv1a64 hash;
  ForEachInput(kAll, [&](const OpRow& row, const Shapes& shapes,
                         const Arrays<float>& inputs) {
    const auto run = Evaluate<float>(row.build, shapes, inputs, Order::kSecond,
                                     RandomInputs("directions", shapes));
    for (const Arrays<float>& parts :
         {Arrays<float>{run.value}, run.gradient, run.curvature}) {
      for (const auto& part : parts) {
        for (float value : part) hash.Float(value);
      }
    }
  });
  EXPECT_EQ(hash.Hex(), "e6dd480b3829c57f");
}

// What the reference gives for NaN, infinities and zeros, SIMD gives in the
// same places: whole vectors, remainders and every tile of a product.
TEST(Conformance, ElementsThatAreNotFinitePassThrough) {
  const float infinity = std::numeric_limits<float>::infinity();
  const float specials[] = {std::nanf(""), infinity, -infinity, 0.0f, -0.0f};
  ForEachInput(
      kAll, [&](const OpRow& row, const Shapes& shapes, Arrays<float> inputs) {
        // One in eleven: coprime to vector widths, rare enough to leave finite
        // rows.
        size_t count = 0;
        for (auto& array : inputs) {
          for (float& value : array) {
            if (++count % 11 == 3) value = specials[count / 11 % 5];
          }
        }
        for (int target = 0; target < SimdTargetCount(); ++target) {
          ASSERT_TRUE(ForceSimdTarget(SimdTargetName(target)));
          const auto got =
              Evaluate<float>(row.build, shapes, inputs, Order::kValue);
          const auto want = Evaluate<double>(
              row.build, shapes, Convert<double>(inputs), Order::kValue);
          for (size_t i = 0; i < got.value.size(); ++i) {
            const double w = want.value[i];
            ASSERT_EQ(std::isnan(got.value[i]), std::isnan(w))
                << "element " << i << " on " << SimdTargetName(target);
            if (std::isinf(w) || std::isinf(got.value[i])) {
              ASSERT_EQ(got.value[i], static_cast<float>(w))
                  << "element " << i << " on " << SimdTargetName(target);
            }
          }
        }
      });
  ForceSimdTarget("");
}

}  // namespace
}  // namespace unnoise
