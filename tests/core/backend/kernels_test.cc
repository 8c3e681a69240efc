// The order of arithmetic that backend.h states, bit for bit against plain
// float loops, on every SIMD target; and that kernels write nothing beyond
// their results.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "core/backend/backend.h"
#include "core/base/key.h"

namespace unnoise {
namespace {

// Of widely spread sizes, so that another order of a sum has other bits.
std::vector<float> SpreadValues(uint64_t seed, int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  FillNormal(KeyFromSeed(seed), 0, values);
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] *= i % 3 == 0 ? 1e4f : i % 3 == 1 ? 1.0f : 1e-3f;
  }
  return values;
}

// Memory for a result, with marked elements on both sides; starts at an odd
// address.
class Guarded {
 public:
  explicit Guarded(int64_t count)
      : memory_(static_cast<size_t>(count) + 2 * kGuard, kMark) {}
  float* data() { return memory_.data() + kGuard; }
  bool Intact() const {
    for (size_t i = 0; i < kGuard; ++i) {
      if (memory_[i] != kMark || memory_[memory_.size() - 1 - i] != kMark) {
        return false;
      }
    }
    return true;
  }

 private:
  static constexpr size_t kGuard = 33;
  static constexpr float kMark = 12345;
  std::vector<float> memory_;
};

testing::AssertionResult SameBits(const float* got, const float* want,
                                  int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    if (std::memcmp(got + i, want + i, 4) != 0) {
      return testing::AssertionFailure() << "element " << i << ": " << got[i]
                                         << ", by plain loops " << want[i];
    }
  }
  return testing::AssertionSuccess();
}

// Runs `check` on every target of this machine.
template <class F>
void OnEveryTarget(const F& check) {
  for (int target = 0; target < SimdTargetCount(); ++target) {
    ASSERT_TRUE(ForceSimdTarget(SimdTargetName(target)));
    SCOPED_TRACE(SimdTargetName(target));
    check();
    if (testing::Test::HasFailure()) break;
  }
  ForceSimdTarget("");
}

// Every product is rounded before it is added: volatile keeps a compiler from
// fusing the two, whatever its flags.
float SumOfProducts(const float* a, int64_t a_stride, const float* b,
                    int64_t b_stride, int64_t count) {
  float sum = 0;
  for (int64_t k = 0; k < count; ++k) {
    volatile float product = a[k * a_stride] * b[k * b_stride];
    sum += product;
  }
  return sum;
}

struct Extents {
  int64_t m, k, n;
};

std::vector<Extents> EdgeExtents() {
  std::vector<Extents> all;
  for (int64_t m : {0, 1, 3, 4, 7, 8, 9, 17}) {
    for (int64_t n : {0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 32, 33, 63, 65}) {
      all.push_back({m, 3, n});
    }
  }
  for (int64_t k : {0, 1, 2, 7, 8, 9, 31, 33, 255, 256, 257, 513}) {
    all.push_back({9, k, 33});
    all.push_back({3, k, 5});
  }
  for (int64_t e : {255, 256, 257}) {
    all.push_back({e, 2, 3});
    all.push_back({2, 3, e});
  }
  // Few columns beside many rows, and several blocks of k.
  for (int64_t n : {1, 2, 5, 34}) all.push_back({70, 300, n});
  return all;
}

TEST(Kernels, ProductIsOneSumInOrder) {
  OnEveryTarget([] {
    for (const Extents& e : EdgeExtents()) {
      const auto a = SpreadValues(1, e.m * e.k);
      const auto b = SpreadValues(2, e.k * e.n);
      for (int transposes = 0; transposes < 4; ++transposes) {
        // Transposing swaps strides; the memory is the same.
        const bool ta = transposes & 1, tb = transposes & 2;
        const MatrixView va{a.data(), e.m, e.k, ta ? 1 : e.k, ta ? e.m : 1};
        const MatrixView vb{b.data(), e.k, e.n, tb ? 1 : e.n, tb ? e.k : 1};
        std::vector<float> want;
        for (int64_t i = 0; i < e.m; ++i) {
          for (int64_t j = 0; j < e.n; ++j) {
            want.push_back(SumOfProducts(
                a.data() + i * va.row_stride, va.col_stride,
                b.data() + j * vb.col_stride, vb.row_stride, e.k));
          }
        }
        Guarded got(e.m * e.n);
        SimdBackend().Product(DType::kF32, va, vb, got.data());
        ASSERT_TRUE(SameBits(got.data(), want.data(), e.m * e.n))
            << e.m << " x " << e.k << " x " << e.n << ", transposed "
            << transposes;
        ASSERT_TRUE(got.Intact());
      }
    }
  });
}

// The gate stands apart, or where the result goes.
TEST(Kernels, ProductIsGatedOnceItsSumIsWhole) {
  OnEveryTarget([] {
    for (const Extents& e : EdgeExtents()) {
      const auto a = SpreadValues(1, e.m * e.k), b = SpreadValues(2, e.k * e.n);
      const auto gate = SpreadValues(3, e.m * e.n);
      std::vector<float> want;
      for (int64_t i = 0; i < e.m; ++i) {
        for (int64_t j = 0; j < e.n; ++j) {
          want.push_back(
              SumOfProducts(a.data() + i * e.k, 1, b.data() + j, e.n, e.k) *
              gate[i * e.n + j]);
        }
      }
      for (bool in_place : {false, true}) {
        if (in_place && e.k > Backend::kMaxInnerInPlace) continue;
        Guarded got(e.m * e.n);
        if (in_place) std::copy(gate.begin(), gate.end(), got.data());
        SimdBackend().Product(DType::kF32, {a.data(), e.m, e.k, e.k, 1},
                              {b.data(), e.k, e.n, e.n, 1}, got.data(),
                              in_place ? got.data() : gate.data());
        ASSERT_TRUE(SameBits(got.data(), want.data(), e.m * e.n))
            << e.m << " x " << e.k << " x " << e.n << ", in place " << in_place;
        ASSERT_TRUE(got.Intact());
      }
    }
  });
}

TEST(Kernels, FusedIdentityAddsTheBiasToTheWholeSum) {
  OnEveryTarget([] {
    for (const Extents& e : EdgeExtents()) {
      const auto x = SpreadValues(1, e.m * e.k);
      const auto weight = SpreadValues(2, e.n * e.k);
      const auto bias = SpreadValues(3, e.n);
      std::vector<float> want;
      for (int64_t i = 0; i < e.m; ++i) {
        for (int64_t j = 0; j < e.n; ++j) {
          want.push_back(SumOfProducts(x.data() + i * e.k, 1,
                                       weight.data() + j * e.k, 1, e.k) +
                         bias[j]);
        }
      }
      Guarded got(e.m * e.n), slope(e.m * e.n);
      SimdBackend().LinearActivation(Activation::kIdentity, DType::kF32,
                                     x.data(), weight.data(), bias.data(), e.m,
                                     e.k, e.n, got.data(), slope.data());
      ASSERT_TRUE(SameBits(got.data(), want.data(), e.m * e.n))
          << e.m << " x " << e.k << " x " << e.n;
      const std::vector<float> ones(want.size(), 1.0f);
      ASSERT_TRUE(SameBits(slope.data(), ones.data(), e.m * e.n));
      ASSERT_TRUE(got.Intact() && slope.Intact());
    }
  });
}

// Wide right operands, whose rows lie so far apart that they are packed.
TEST(Kernels, ProductOfFarRowsIsOneSumInOrder) {
  OnEveryTarget([] {
    const int64_t m = 40, k = 5, n = 1030;
    const auto a = SpreadValues(14, m * k), b = SpreadValues(15, k * n);
    std::vector<float> want;
    for (int64_t i = 0; i < m; ++i) {
      for (int64_t j = 0; j < n; ++j) {
        float sum = 0;
        for (int64_t l = 0; l < k; ++l) {
          const volatile float product = a[i * k + l] * b[l * n + j];
          sum += product;
        }
        want.push_back(sum);
      }
    }
    Guarded got(m * n);
    SimdBackend().Product(DType::kF32, {a.data(), m, k, k, 1},
                          {b.data(), k, n, n, 1}, got.data());
    ASSERT_TRUE(SameBits(got.data(), want.data(), m * n));
    ASSERT_TRUE(got.Intact());
  });
}

TEST(Kernels, ReduceTakesItsTermsInOrder) {
  struct Extents {
    int64_t outer, n, inner;
  };
  std::vector<Extents> all;
  for (int64_t n : {0, 1, 2, 17}) {
    // Around vectors, four of them, and rows taken together.
    for (int64_t e = 0; e <= 4 * 16 + 19; ++e) {
      all.push_back({1, n, e});
      all.push_back({e, n, 1});
    }
    for (int64_t outer : {0, 2, 3}) all.push_back({outer, n, 21});
  }
  OnEveryTarget([&] {
    for (const auto& [outer, n, inner] : all) {
      for (ReduceOp op : {ReduceOp::kSum, ReduceOp::kMax}) {
        const auto x = SpreadValues(4, outer * n * inner);
        std::vector<float> want;
        for (int64_t o = 0; o < outer; ++o) {
          for (int64_t j = 0; j < inner; ++j) {
            float sum = op == ReduceOp::kSum ? 0 : -HUGE_VALF;
            for (int64_t i = 0; i < n; ++i) {
              const float value = x[(o * n + i) * inner + j];
              sum = op == ReduceOp::kSum ? sum + value : std::max(sum, value);
            }
            want.push_back(sum);
          }
        }
        Guarded got(outer * inner);
        SimdBackend().Reduce(op, DType::kF32, x.data(), outer, n, inner,
                             got.data());
        ASSERT_TRUE(SameBits(got.data(), want.data(), outer * inner))
            << static_cast<int>(op) << ": " << outer << " x " << n << " x "
            << inner;
        ASSERT_TRUE(got.Intact());
      }
    }
  });
}

TEST(Kernels, MaximumKeepsANan) {
  const float nan = std::nanf("");
  OnEveryTarget([&] {
    for (int64_t inner : {1, 5, 70}) {
      for (int at = 0; at < 3; ++at) {
        std::vector<float> x(static_cast<size_t>(3 * inner), 1.0f);
        for (int64_t j = 0; j < inner; ++j) x[at * inner + j] = nan;
        std::vector<float> y(static_cast<size_t>(inner));
        SimdBackend().Reduce(ReduceOp::kMax, DType::kF32, x.data(), 1, 3, inner,
                             y.data());
        for (float value : y) ASSERT_TRUE(std::isnan(value)) << inner;
      }
    }
  });
}

TEST(Kernels, CopyMovesEveryElementToItsPlace) {
  struct Case {
    const char* what;
    Shape shape;
    Strides from, to;
    int64_t from_offset, from_size, to_size;
  };
  const Case cases[] = {
      {"scalar", {}, {}, {}, 0, 1, 1},
      {"nothing", {3, 0, 2}, {}, {}, 0, 1, 1},
      {"line", {37}, {1}, {1}, 0, 37, 37},
      {"every third", {37}, {3}, {1}, 0, 120, 37},
      {"spread", {5, 7}, {7, 1}, {20, 2}, 0, 35, 100},
      {"transposed", {35, 18}, {1, 35}, {18, 1}, 0, 630, 630},
      {"backwards", {6, 5}, {5, -1}, {5, 1}, 4, 30, 30},
      {"repeated rows", {6, 33}, {0, 1}, {33, 1}, 0, 33, 198},
      {"repeated columns", {6, 33}, {1, 0}, {33, 1}, 0, 6, 198},
      {"one everywhere", {2, 3, 4}, {}, {12, 4, 1}, 0, 1, 24},
      {"five axes permuted",
       {2, 3, 2, 5, 3},
       {1, 4, 2, 36, 12},
       {90, 30, 15, 3, 1},
       0,
       180,
       180},
      {"ones between",
       {2, 1, 3, 1, 4},
       {12, 7, 4, 9, 1},
       {12, 5, 4, 3, 1},
       0,
       24,
       24},
  };
  OnEveryTarget([&] {
    for (const Case& c : cases) {
      const auto x = SpreadValues(9, c.from_size);
      std::vector<float> want(static_cast<size_t>(c.to_size), 7.0f);
      for (int64_t i = 0; i < c.shape.size(); ++i) {
        int64_t rest = i, from = c.from_offset, to = 0;
        for (int axis = c.shape.rank() - 1; axis >= 0; --axis) {
          from += rest % c.shape[axis] * c.from[axis];
          to += rest % c.shape[axis] * c.to[axis];
          rest /= c.shape[axis];
        }
        want[to] = x[from];
      }
      Guarded got(c.to_size);
      std::fill_n(got.data(), c.to_size, 7.0f);
      SimdBackend().Copy(DType::kF32, c.shape, x.data() + c.from_offset, c.from,
                         got.data(), c.to);
      ASSERT_TRUE(SameBits(got.data(), want.data(), c.to_size)) << c.what;
      ASSERT_TRUE(got.Intact()) << c.what;
    }
  });
}

TEST(Kernels, SumAllIsATreeOverSixteenLanes) {
  OnEveryTarget([] {
    for (int64_t n = 0; n <= 70; ++n) {
      const auto x = SpreadValues(5, n);
      float lane[16];
      for (int64_t l = 0; l < 16; ++l) {
        lane[l] = 0;
        for (int64_t i = l; i < n; i += 16) lane[l] += x[i];
      }
      float eight[8], four[4];
      for (int l = 0; l < 8; ++l) eight[l] = lane[l] + lane[l + 8];
      for (int l = 0; l < 4; ++l) four[l] = eight[l] + eight[l + 4];
      const float want = (four[0] + four[2]) + (four[1] + four[3]);
      Guarded got(1);
      SimdBackend().SumAll(DType::kF32, x.data(), n, got.data());
      ASSERT_TRUE(SameBits(got.data(), &want, 1)) << n << " elements";
      ASSERT_TRUE(got.Intact());
    }
  });
}

TEST(Kernels, ReferenceSumsInTheSameOrder) {
  const int64_t n = 53;
  const auto floats = SpreadValues(6, n);
  std::vector<double> x;  // with tails that double has to round
  for (float value : floats) x.push_back(value * 1.0000000001 + 1e-9);
  double lane[16] = {};
  for (int64_t i = 0; i < n; ++i) lane[i % 16] += x[i];
  for (int half = 8; half > 0; half /= 2) {
    for (int l = 0; l < half; ++l) lane[l] += lane[l + half];
  }
  double got;
  ReferenceBackend().SumAll(DType::kF64, x.data(), n, &got);
  EXPECT_EQ(got, lane[0]);
}

TEST(Kernels, ElementwiseWorksInPlaceAndOnItsElementsOnly) {
  OnEveryTarget([] {
    for (int64_t n = 0; n <= 2 * 16 + 3; ++n) {
      const auto x = SpreadValues(7, n), z = SpreadValues(8, n);
      const Backend& backend = SimdBackend();
      Guarded y(n), in_place(n);
      const auto start = [&] {
        if (n > 0) std::memcpy(in_place.data(), x.data(), n * 4);
      };
      const auto same = [&] {
        return y.Intact() && in_place.Intact() &&
               SameBits(in_place.data(), y.data(), n);
      };
      for (UnaryOp op : {UnaryOp::kSin, UnaryOp::kCos, UnaryOp::kTanh,
                         UnaryOp::kSigmoid, UnaryOp::kExp, UnaryOp::kSqrt}) {
        start();
        backend.Unary(op, DType::kF32, x.data(), n, y.data());
        backend.Unary(op, DType::kF32, in_place.data(), n, in_place.data());
        ASSERT_TRUE(same()) << "unary " << static_cast<int>(op) << ", " << n;
      }
      for (BinaryOp op :
           {BinaryOp::kAdd, BinaryOp::kSub, BinaryOp::kMul, BinaryOp::kDiv}) {
        start();
        backend.Binary(op, DType::kF32, x.data(), z.data(), n, y.data());
        backend.Binary(op, DType::kF32, in_place.data(), z.data(), n,
                       in_place.data());
        ASSERT_TRUE(same()) << "binary " << static_cast<int>(op) << ", " << n;
      }
      start();
      backend.ScaleShift(DType::kF32, 3, 1, x.data(), n, y.data());
      backend.ScaleShift(DType::kF32, 3, 1, in_place.data(), n,
                         in_place.data());
      ASSERT_TRUE(same()) << "scale, " << n;
      start();
      backend.Select(DType::kF32, x.data(), z.data(), x.data(), n, y.data());
      backend.Select(DType::kF32, in_place.data(), z.data(), in_place.data(), n,
                     in_place.data());
      ASSERT_TRUE(same()) << "select, " << n;
    }
  });
}

// A product and a sum, two roundings: where a fused one would differ.
TEST(Kernels, ScaleShiftRoundsTwice) {
  OnEveryTarget([] {
    const auto x = SpreadValues(9, 100);
    std::vector<float> want, got(x.size());
    for (float value : x) {
      volatile float product = 1.1f * value;
      want.push_back(product + 0.3f);
    }
    SimdBackend().ScaleShift(DType::kF32, 1.1, 0.3, x.data(), 100, got.data());
    ASSERT_TRUE(SameBits(got.data(), want.data(), 100));
  });
}

}  // namespace
}  // namespace unnoise
