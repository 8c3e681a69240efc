// The metric sliced_wasserstein: the sliced Wasserstein-1 distance. Its
// standard error is that of the mean over directions, with the points given.

#include "core/metric/sliced_wasserstein.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

#include "core/base/check.h"
#include "core/metric/baseline.h"
#include "core/metric/rows.h"

namespace unnoise {
namespace {

constexpr int kDirections = 128;
constexpr int kPairs = 20;

// Sorts finite floats, many times as fast as by comparison. Radix sort: Knuth
// 1998, section 5.2.5, on the bits as integers of the same order.
class Sorter {
 public:
  explicit Sorter(size_t size) : keys_(size), other_(size) {}

  void Sort(std::span<float> values) {
    constexpr int kBits = 11, kPasses = 3;  // 33 bits >= 32
    constexpr uint32_t kMask = (1u << kBits) - 1;
    std::array<std::array<uint32_t, kMask + 1>, kPasses> counts{};
    for (size_t i = 0; i < values.size(); ++i) {
      uint32_t bits;
      std::memcpy(&bits, &values[i], sizeof bits);
      keys_[i] = bits ^ (bits >> 31 ? 0xFFFFFFFF : 0x80000000);
      for (int pass = 0; pass < kPasses; ++pass) {
        ++counts[pass][(keys_[i] >> (kBits * pass)) & kMask];
      }
    }
    for (int pass = 0; pass < kPasses; ++pass) {
      uint32_t start = 0;
      for (uint32_t& count : counts[pass]) {
        const uint32_t size = count;
        count = start;
        start += size;
      }
      for (size_t i = 0; i < values.size(); ++i) {
        const uint32_t key = keys_[i];
        other_[counts[pass][(key >> (kBits * pass)) & kMask]++] = key;
      }
      keys_.swap(other_);
    }
    for (size_t i = 0; i < values.size(); ++i) {
      const uint32_t bits =
          keys_[i] ^ (keys_[i] >> 31 ? 0x80000000 : 0xFFFFFFFF);
      std::memcpy(&values[i], &bits, sizeof bits);
    }
  }

 private:
  std::vector<uint32_t> keys_, other_;
};

// out[i] = <points[i], direction>, summed from the first axis to the last.
void Project(std::span<const float> points, std::span<const float> direction,
             std::span<float> out) {
  const size_t dim = direction.size();
  for (size_t i = 0; i < out.size(); ++i) {
    float sum = 0;
    for (size_t axis = 0; axis < dim; ++axis) {
      sum += points[i * dim + axis] * direction[axis];
    }
    out[i] = sum;
  }
}

MetricReport EvaluateSlicedWasserstein(const MetricInput& input) {
  const auto samples = FirstSamples(input, SIZE_MAX);
  const std::vector<float> directions = SliceDirections(input.dim);
  std::vector<double> slices(directions.size() /
                             static_cast<size_t>(input.dim));
  SlicedWasserstein(input.dim, samples, DataLike(input, samples), directions,
                    slices);
  const Estimate value = MeanOf(slices);
  const Estimate data_data = DataAgainstData(
      input, samples.size(), kPairs,
      [&](std::span<const float> a, std::span<const float> b) {
        return SlicedWasserstein(input.dim, a, b, directions, {});
      });
  return {.value = value.value,
          .std_error = value.std_error,
          .data_data = data_data.value,
          .data_data_std_error = data_data.std_error,
          .n = static_cast<int64_t>(samples.size()) / input.dim,
          .repeats = kPairs};
}

}  // namespace

MetricInfo SlicedWassersteinRow() {
  return {"sliced_wasserstein", "Sliced Wasserstein",
          "How far, on average, mass must be carried to turn the samples into "
          "data, seen from 128 fixed directions. Compare it with what two sets "
          "of real data score against each other.",
          Needs::kNothing, EvaluateSlicedWasserstein};
}

std::vector<float> SliceDirections(int dim) {
  Check(dim >= 1, "points have at least one coordinate");
  if (dim == 1) return {1};
  const size_t size = static_cast<size_t>(dim);
  std::vector<float> directions(kDirections * size);
  FillNormal(Fold(KeyFromSeed(0), "sliced_wasserstein/directions"), 0,
             directions);
  for (size_t i = 0; i < directions.size(); i += size) {
    double square = 0;
    for (size_t axis = 0; axis < size; ++axis) {
      square += double{directions[i + axis]} * directions[i + axis];
    }
    const double norm = std::sqrt(square);
    for (size_t axis = 0; axis < size; ++axis) {
      float& x = directions[i + axis];
      x = static_cast<float>(x / norm);
    }
  }
  return directions;
}

double SlicedWasserstein(int dim, std::span<const float> a,
                         std::span<const float> b,
                         std::span<const float> directions,
                         std::span<double> per_direction) {
  const size_t size = static_cast<size_t>(dim);
  Check(dim >= 1 && !a.empty() && a.size() == b.size() && a.size() % size == 0,
        "the two sets do not have as many whole points");
  const size_t count = directions.size() / size;
  Check(count >= 1 && directions.size() == count * size &&
            (per_direction.empty() || per_direction.size() == count),
        "the directions do not fit the points");
  const auto finite = [](float x) { return std::isfinite(x); };
  Check(std::all_of(a.begin(), a.end(), finite) &&
            std::all_of(b.begin(), b.end(), finite),
        "a distance needs finite points");

  const size_t n = a.size() / size;
  Sorter sorter(n);
  std::vector<float> pa(n), pb(n);
  double total = 0;
  for (size_t k = 0; k < count; ++k) {
    const auto direction = directions.subspan(k * size, size);
    Project(a, direction, pa);
    Project(b, direction, pb);
    sorter.Sort(pa);
    sorter.Sort(pb);
    double sum = 0;
    for (size_t i = 0; i < n; ++i) sum += std::fabs(double{pa[i]} - pb[i]);
    const double distance = sum / static_cast<double>(n);
    if (!per_direction.empty()) per_direction[k] = distance;
    total += distance;
  }
  return total / static_cast<double>(count);
}

}  // namespace unnoise
