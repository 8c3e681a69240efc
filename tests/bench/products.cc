#include "tests/bench/products.h"

#include <chrono>

#include "core/autodiff/ops.h"

namespace unnoise {

ProductCase::ProductCase(int64_t m, int64_t k, int64_t n, bool turned_a,
                         bool turned_b)
    : m_(m),
      k_(k),
      n_(n),
      turned_a_(turned_a),
      turned_b_(turned_b),
      name_(std::to_string(m) + " x " + std::to_string(k) + " x " +
            std::to_string(n) + (turned_a ? " t" : " n") +
            (turned_b ? "t" : "n")),
      a_(static_cast<size_t>(m * k), 0.5f),
      b_(static_cast<size_t>(k * n), 0.25f),
      y_(static_cast<size_t>(m * n)) {}

double ProductCase::Run(const Backend& backend) {
  backend.Product(
      DType::kF32, {a_.data(), m_, k_, turned_a_ ? 1 : k_, turned_a_ ? m_ : 1},
      {b_.data(), k_, n_, turned_b_ ? 1 : n_, turned_b_ ? k_ : 1}, y_.data());
  return 2.0 * static_cast<double>(m_ * k_) * static_cast<double>(n_);
}

std::vector<ProductCase> ProductCases() {
  return {{128, 128, 128, false, false}, {256, 256, 256, false, false},
          {512, 512, 512, false, false}, {1024, 1024, 1024, false, false},
          {512, 128, 128, false, true},  {512, 128, 128, false, false},
          {128, 512, 128, true, false},  {512, 256, 256, false, true},
          {2048, 64, 64, false, false},  {64, 3, 64, false, false}};
}

double OpOverhead() {
  constexpr int kOps = 10000;
  Tape tape(SimdBackend(), DType::kF32);
  const auto pass = [&] {
    tape.Clear();
    Tensor x = tape.Filled({1}, 1);
    for (int i = 0; i < kOps; ++i) x = Add(x, x);
  };
  pass();
  const auto start = std::chrono::steady_clock::now();
  pass();
  const std::chrono::duration<double, std::nano> spent =
      std::chrono::steady_clock::now() - start;
  return spent.count() / kOps;
}

}  // namespace unnoise
