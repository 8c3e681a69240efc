// The trace of a matrix from its products with random vectors, as the
// divergence of a velocity is estimated where the matrix itself is too large.

#ifndef UNNOISE_DIVERGENCE_TRACE_ESTIMATE_H_
#define UNNOISE_DIVERGENCE_TRACE_ESTIMATE_H_

#include <cstdint>
#include <functional>
#include <span>

#include "core/base/key.h"
#include "core/metric/baseline.h"

namespace unnoise {

// Coordinates of a probe: standard normal, or 1 and -1 with equal chances.
enum class TraceProbe { kGaussian, kRademacher };

// Probe `index` of a stream, out [dim]; it depends on the key and the index
// alone.
void FillProbe(TraceProbe probe, Key key, uint64_t index,
               std::span<double> out);

// out = A v, both [dim].
using MatrixProduct =
    std::function<void(std::span<const double> v, std::span<double> out)>;

// The mean of v' A v over `count` probes v of dim coordinates, and its standard
// error: an unbiased estimate of the trace of A. Throws UsageError. Source:
// Hutchinson 1990.
Estimate EstimateTrace(TraceProbe probe, Key key, int dim, int64_t count,
                       const MatrixProduct& product);

// The variance of one v' A v, a [dim, dim]: with the symmetric part S it is
// 2 sum over i, j of S_ij^2 for normal probes, and the same without the
// diagonal for signs. Throws UsageError. Source: Avron, Toledo 2011, lemmas 5
// and 6.
double TraceVariance(TraceProbe probe, int dim, std::span<const double> a);

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_TRACE_ESTIMATE_H_
