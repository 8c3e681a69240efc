// Integrals over the line and the plane, to a tolerance or with a status that
// says why not. Gauss and Legendre's rule on panels that are as narrow as the
// narrowest bump nearby, in two directions on all pairs of nodes. Knows nothing
// of densities.

#ifndef UNNOISE_DIVERGENCE_QUADRATURE_H_
#define UNNOISE_DIVERGENCE_QUADRATURE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace unnoise {

// Something near `centre` that changes over distances of `width` > 0, such as a
// normal law with its standard deviation.
struct Bump {
  double centre;
  double width;
};

// Nodes and weights of Gauss and Legendre's rule with n in [1, 64] nodes on
// [-1, 1], exact for polynomials of degree 2 n - 1.
struct GaussRule {
  std::vector<double> nodes;
  std::vector<double> weights;
};
GaussRule GaussLegendre(int n);

// Where panels meet, increasing: from `reach` widths before the first bump to
// as far behind the last one. A panel is at most `fineness` times as wide as
// the bumps it lies in, and grows with the distance from all of them. `corners`
// that lie within are among the ends. Throws UsageError without a bump.
std::vector<double> PanelEnds(std::span<const Bump> bumps,
                              std::span<const double> corners, double reach,
                              double fineness);

enum class IntegralStatus {
  kConverged,
  kCoarse,     // the nodes ran out before the tolerance was met
  kUnbounded,  // did not settle as the window grew: infinite, or nearly so
};
std::string_view NameOf(IntegralStatus status);  // "converged", ...

// `error` is how far the last two refinements are apart: that of the one
// before the last, and so mostly a bound. Not finite where `value` is not.
struct Integral {
  double value = 0;
  double error = 0;
  IntegralStatus status = IntegralStatus::kConverged;
};

// Integrands of a point x [axes], out [count]; some may be infinite.
using Integrands =
    std::function<void(std::span<const double> x, std::span<double> out)>;

struct Domain {
  // One or two axes.
  std::vector<std::vector<Bump>> bumps;
  std::vector<std::vector<double>> corners;  // of as many axes, or none
};

// The integrals of `count` functions over all of the line or the plane, which
// fall off away from the bumps. Panels are halved until two results differ by
// `tolerance` times (1 + |value|) at most, and the window doubled until its
// outermost panels hold no part of it that counts. Sums run along the rows and
// then over them. Throws UsageError.
struct QuadratureOptions {
  double tolerance = 1e-9;
  int64_t max_nodes = int64_t{1} << 21;
};
std::vector<Integral> Integrate(const Domain& domain, size_t count,
                                const Integrands& integrands,
                                const QuadratureOptions& options = {});

}  // namespace unnoise

#endif  // UNNOISE_DIVERGENCE_QUADRATURE_H_
