#include "core/divergence/f_divergence.h"

#include <cmath>
#include <limits>

#include "core/base/check.h"
#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLogTwo = 0.69314718055994530942;

// log(1 + e^x), also for infinities.
double Softplus(double x) {
  return x > 0 ? x + exact::Log1p(exact::Exp(-x)) : exact::Log1p(exact::Exp(x));
}

// a log(a / b) of densities.
double RelativeEntropyAt(double log_a, double log_b) {
  if (log_a == -kInfinity) return 0;
  if (log_b == -kInfinity) return kInfinity;
  return exact::Exp(log_a) * (log_a - log_b);
}

double KlF(double u) { return u == 0 ? 0 : u * exact::Log(u); }
double KlSlope(double u) { return 1 + exact::Log(u); }
double KlSlopeAtLog(double r) { return 1 + r; }
double KlConjugate(double t) { return exact::Exp(t - 1); }
double KlIntegrand(double p, double q) { return RelativeEntropyAt(p, q); }

double ReverseKlF(double u) { return u == 0 ? kInfinity : -exact::Log(u); }
double ReverseKlSlope(double u) { return -1 / u; }
double ReverseKlSlopeAtLog(double r) { return -exact::Exp(-r); }
double ReverseKlConjugate(double t) {
  return t < 0 ? -1 - exact::Log(-t) : kInfinity;
}
double ReverseKlIntegrand(double p, double q) {
  return RelativeEntropyAt(q, p);
}

double JsF(double u) {
  if (u == 0) return 0.5 * kLogTwo;
  return 0.5 * (u * exact::Log(2 * u / (1 + u)) - exact::Log((1 + u) / 2));
}
double JsSlope(double u) { return 0.5 * exact::Log(2 * u / (1 + u)); }
double JsSlopeAtLog(double r) { return 0.5 * (kLogTwo - Softplus(-r)); }
double JsConjugate(double t) {
  if (!(2 * t < kLogTwo)) return kInfinity;
  return -0.5 * exact::Log(2 - exact::Exp(2 * t));
}
double JsIntegrand(double p, double q) {
  double sum = 0;
  if (p > -kInfinity) sum += exact::Exp(p) * (kLogTwo - Softplus(q - p));
  if (q > -kInfinity) sum += exact::Exp(q) * (kLogTwo - Softplus(p - q));
  return 0.5 * sum;
}

double TvF(double u) { return 0.5 * std::fabs(u - 1); }
double TvSlope(double u) { return u > 1 ? 0.5 : u < 1 ? -0.5 : 0; }
double TvSlopeAtLog(double r) { return r > 0 ? 0.5 : r < 0 ? -0.5 : 0; }
double TvConjugate(double t) {
  return t > 0.5 ? kInfinity : t < -0.5 ? -0.5 : t;
}
double TvIntegrand(double p, double q) {
  return 0.5 * std::fabs(exact::Exp(p) - exact::Exp(q));
}

double ChiF(double u) { return (u - 1) * (u - 1); }
double ChiSlope(double u) { return 2 * (u - 1); }
double ChiSlopeAtLog(double r) { return 2 * exact::Expm1(r); }
double ChiConjugate(double t) { return t < -2 ? -1 : t * (1 + 0.25 * t); }
double ChiIntegrand(double p, double q) {
  if (p == -kInfinity) return exact::Exp(q);
  if (q == -kInfinity) return kInfinity;
  const double r = p - q;
  // (p - q)^2 / q by the greater of the two.
  const double part = r > 0 ? -exact::Expm1(-r) : exact::Expm1(r);
  return exact::Exp(r > 0 ? p + r : q) * (part * part);
}

double HellingerF(double u) {
  const double root = std::sqrt(u);
  return 0.5 * (root - 1) * (root - 1);
}
double HellingerSlope(double u) { return 0.5 * (1 - 1 / std::sqrt(u)); }
double HellingerSlopeAtLog(double r) {
  return 0.5 * (1 - exact::Exp(-0.5 * r));
}
double HellingerConjugate(double t) {
  if (t == -kInfinity) return -0.5;
  return t < 0.5 ? t / (1 - 2 * t) : kInfinity;
}
double HellingerIntegrand(double p, double q) {
  const double gap = exact::Exp(0.5 * p) - exact::Exp(0.5 * q);
  return 0.5 * (gap * gap);
}

constexpr FDivergence kRows[] = {
    {"kl", "u log u", KlF, KlSlope, KlSlopeAtLog, KlConjugate, KlIntegrand},
    {"reverse_kl", "-log u", ReverseKlF, ReverseKlSlope, ReverseKlSlopeAtLog,
     ReverseKlConjugate, ReverseKlIntegrand},
    {"jensen_shannon", "(u log u - (1 + u) log((1 + u) / 2)) / 2", JsF, JsSlope,
     JsSlopeAtLog, JsConjugate, JsIntegrand},
    {"total_variation", "|u - 1| / 2", TvF, TvSlope, TvSlopeAtLog, TvConjugate,
     TvIntegrand},
    {"chi_squared", "(u - 1)^2", ChiF, ChiSlope, ChiSlopeAtLog, ChiConjugate,
     ChiIntegrand},
    {"squared_hellinger", "(sqrt(u) - 1)^2 / 2", HellingerF, HellingerSlope,
     HellingerSlopeAtLog, HellingerConjugate, HellingerIntegrand},
};

}  // namespace

std::span<const FDivergence> FDivergences() { return kRows; }

const FDivergence& FDivergenceOf(std::string_view name) {
  for (const FDivergence& row : kRows) {
    if (row.name == name) return row;
  }
  throw UsageError("there is no f-divergence of that name");
}

Integral DualBound(const FDivergence& divergence, const KnownDensity& p,
                   const KnownDensity& q, const Critic& critic,
                   const std::vector<std::vector<double>>& extra,
                   const QuadratureOptions& options) {
  Domain domain = DomainOf(p, q);
  Check(extra.empty() || extra.size() == domain.corners.size(),
        "a critic has as many axes as its densities");
  for (size_t k = 0; k < extra.size(); ++k) {
    domain.corners[k].insert(domain.corners[k].end(), extra[k].begin(),
                             extra[k].end());
  }
  return Integrate(
      domain, 1,
      [&](Point x, std::span<double> out) {
        const double at_p = exact::Exp(p.log_density(x));
        const double at_q = exact::Exp(q.log_density(x));
        out[0] = 0;
        if (at_p == 0 && at_q == 0) return;
        const double g = critic(x);
        if (at_p > 0) out[0] += at_p * g;
        if (at_q > 0) out[0] -= at_q * divergence.conjugate(g);
      },
      options)[0];
}

Critic OptimalCritic(const FDivergence& divergence, const KnownDensity& p,
                     const KnownDensity& q) {
  return [&divergence, log_p = p.log_density, log_q = q.log_density](Point x) {
    return divergence.slope_at_log(log_p(x) - log_q(x));
  };
}

}  // namespace unnoise
