#include "core/divergence/trace_estimate.h"

#include <vector>

#include "core/base/check.h"

namespace unnoise {

void FillProbe(TraceProbe probe, Key key, uint64_t index,
               std::span<double> out) {
  if (probe == TraceProbe::kRademacher) {
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = BitsAt(key, index * out.size() + i) >> 31 ? 1 : -1;
    }
    return;
  }
  std::vector<float> normals(out.size());
  FillNormal(key, index * out.size(), normals);
  for (size_t i = 0; i < out.size(); ++i) out[i] = normals[i];
}

Estimate EstimateTrace(TraceProbe probe, Key key, int dim, int64_t count,
                       const MatrixProduct& product) {
  Check(dim >= 1 && count >= 1, "a trace needs a dimension and a probe");
  std::vector<double> v(static_cast<size_t>(dim)), av(v.size()), values;
  for (int64_t k = 0; k < count; ++k) {
    FillProbe(probe, key, static_cast<uint64_t>(k), v);
    product(v, av);
    double sum = 0;
    for (size_t i = 0; i < v.size(); ++i) sum += v[i] * av[i];
    values.push_back(sum);
  }
  return MeanOf(values);
}

double TraceVariance(TraceProbe probe, int dim, std::span<const double> a) {
  const size_t n = static_cast<size_t>(dim);
  Check(dim >= 1 && a.size() == n * n, "a matrix is a square");
  double sum = 0;
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j < n; ++j) {
      if (probe == TraceProbe::kRademacher && i == j) continue;
      const double s = 0.5 * (a[i * n + j] + a[j * n + i]);
      sum += s * s;
    }
  }
  return 2 * sum;
}

}  // namespace unnoise
