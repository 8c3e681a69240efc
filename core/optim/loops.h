// The loops over all weights that run in every step, on vectors, compiled for
// every SIMD target; all targets give the same bits, since each result depends
// on its own weight alone, or is a sum in a stated order.

#ifndef UNNOISE_OPTIM_LOOPS_H_
#define UNNOISE_OPTIM_LOOPS_H_

#include <cstdint>
#include <span>

namespace unnoise {

// Moments that decay towards zero would linger as denormals, which are slow on
// some machines and cannot be flushed on all: below this they are zero.
inline constexpr float kTiny = 1e-30f;

// Of Adam at one step (optimizer.h).
struct AdamNumbers {
  float beta1;
  float beta2;
  float rest1;  // 1 - beta1
  float rest2;
  float m_scale;  // 1 / (1 - beta1^(step + 1))
  float v_scale;
  float epsilon;
};

// m = beta1 m + rest1 u; v = beta2 v + rest2 u^2; u = (m m_scale) / (sqrt(v
// v_scale) + epsilon). All of one length.
void AdamLoop(const AdamNumbers& numbers, std::span<float> m,
              std::span<float> v, std::span<float> u);

// mean += gain (x - mean).
void MeanLoop(float gain, std::span<const float> x, std::span<float> mean);

// x -= rate u.
void DescendLoop(float rate, std::span<const float> u, std::span<float> x);

// Sum of squares in double: element i goes to lane i mod 16, in ascending
// order; then lanes are added in pairs: l += l + 8, + 4, + 2, + 1.
double SumOfSquares(std::span<const float> x);

}  // namespace unnoise

#endif  // UNNOISE_OPTIM_LOOPS_H_
