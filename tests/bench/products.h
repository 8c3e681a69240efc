// The products that networks are made of, one by one, for the benchmark.

#ifndef UNNOISE_TESTS_BENCH_PRODUCTS_H_
#define UNNOISE_TESTS_BENCH_PRODUCTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "core/backend/backend.h"

namespace unnoise {

// y [m, n] = a [m, k] b [k, n], each operand transposed in memory if said so.
class ProductCase {
 public:
  ProductCase(int64_t m, int64_t k, int64_t n, bool turned_a, bool turned_b);

  // One product on `backend`; returns its floating-point operations.
  double Run(const Backend& backend);
  // "512 x 128 x 128 nt".
  const std::string& name() const { return name_; }

 private:
  int64_t m_, k_, n_;
  bool turned_a_, turned_b_;
  std::string name_;
  std::vector<float> a_, b_, y_;
};

// Squares, and the products of layers of 64 to 512 units: forward (nt), of the
// input's gradient (nn), of the weight's (tn).
std::vector<ProductCase> ProductCases();

// Nanoseconds that an op on one element takes: what ops cost beside their
// kernels.
double OpOverhead();

}  // namespace unnoise

#endif  // UNNOISE_TESTS_BENCH_PRODUCTS_H_
