#include "core/process/linear.h"

#include <cmath>
#include <string>

namespace unnoise {
namespace {

double Largest(const Matrix& a) {
  double most = 0;
  for (const double value : a) most = std::max(most, std::fabs(value));
  return most;
}

// Whether powers of m grow beyond all bounds, or fall to nothing.
bool Grows(Matrix m, size_t n) {
  for (int i = 0; i < 12; ++i) {
    m = Times(m, m, n);
    if (!(Largest(m) < 1e30)) return true;
  }
  return Largest(m) > 1e3;
}
bool Falls(Matrix m, size_t n) {
  for (int i = 0; i < 40; ++i) {
    m = Times(m, m, n);
    if (!(Largest(m) < 1e30)) return false;
    if (Largest(m) < 1e-8) return true;
  }
  return false;
}

Matrix EulerFactor(const Matrix& a, double dt, size_t n) {
  Matrix factor = Identity(n);
  for (size_t i = 0; i < factor.size(); ++i) factor[i] += a[i] * dt;
  return factor;
}

}  // namespace

std::optional<StateMoments> LimitOf(const LinearEquation& equation) {
  const size_t n = equation.n;
  const double largest = Largest(equation.a);
  if (largest == 0) return {};
  LinearFlow flow = FlowOf(equation, 1 / largest);
  // Squaring a factor that falls ends soon; 60 times is beyond any that does.
  for (int i = 0; i < 60; ++i) {
    if (!(Largest(flow.factor) < 1e30)) return {};
    if (Largest(flow.factor) < 1e-17) {
      return StateMoments{flow.shift, flow.covariance};
    }
    Transport(flow, n, flow.shift, flow.covariance);
    flow.factor = Times(flow.factor, flow.factor, n);
  }
  return {};
}

void LinearProcess::VisitScheme(Visitor& v) {
  static constexpr std::string_view kOptions[] = {"exact", "euler"};
  v.Option({"scheme",
            "exact: each step has the true law, however long it is; euler: "
            "Euler and Maruyama's scheme, right for short steps only.",
            "Kloeden, Platen 1992, section 9.1"},
           kOptions, scheme_);
  start_.Visit(v);
}

void LinearProcess::ValidateScheme(size_t least, size_t most,
                                   Problems& problems) const {
  const size_t before = problems.size();
  start_.Validate(least, most, problems);
  if (problems.size() > before || scheme_ == kExact) return;
  const LinearEquation equation = Equation();
  const size_t n = equation.n;
  const auto unstable = [&](int64_t count) {
    const double dt = t_max / static_cast<double>(count);
    return Grows(EulerFactor(equation.a, dt, n), n);
  };
  if (!unstable(steps) ||
      !Falls(FlowOf(equation, t_max / static_cast<double>(steps)).factor, n)) {
    return;
  }
  int64_t enough = steps;
  while (enough < kMaxProcessSteps && unstable(enough)) enough *= 2;
  problems.push_back(
      {"steps", "Euler's scheme explodes with steps as long as " +
                    std::to_string(t_max / static_cast<double>(steps)) +
                    "; give " + std::to_string(enough) +
                    " steps, a shorter t_max, or scheme=exact."});
}

LinearFlow LinearProcess::StepFlow(double dt) const {
  const LinearEquation equation = Equation();
  if (scheme_ == kExact) return FlowOf(equation, dt);
  LinearFlow flow{EulerFactor(equation.a, dt, equation.n), equation.b,
                  equation.q};
  for (double& value : flow.shift) value *= dt;
  for (double& value : flow.covariance) value *= dt;
  return flow;
}

void LinearProcess::Start(Key key, uint64_t first, std::span<double> x) const {
  start_.Draw(key, first, start_.dim(), x);
}

void LinearProcess::Step(const Leap& leap, std::span<double> x) const {
  const LinearFlow flow = StepFlow(leap.dt);
  const size_t n = start_.dim();
  const Matrix noise = LowerFactor(flow.covariance, n);
  const double scale = 1 / std::sqrt(leap.dt);
  std::vector<double> next(n);
  for (size_t i = 0; i < x.size(); i += n) {
    for (size_t row = 0; row < n; ++row) {
      double sum = flow.shift[row];
      for (size_t j = 0; j < n; ++j) {
        sum += flow.factor[row * n + j] * x[i + j];
      }
      for (size_t j = 0; j <= row; ++j) {
        sum += noise[row * n + j] * (scale * leap.Increment(i + j));
      }
      next[row] = sum;
    }
    for (size_t row = 0; row < n; ++row) x[i + row] = next[row];
  }
}

std::optional<StateMoments> LinearProcess::MomentsAt(double t) const {
  StateMoments moments = start_.moments();
  Transport(FlowOf(Equation(), t), start_.dim(), moments.mean,
            moments.covariance);
  return moments;
}

std::optional<double> LinearProcess::DensityAt(
    double t, std::span<const double> x) const {
  const std::optional<StateMoments> moments = MomentsAt(t);
  const Matrix factor = LowerFactor(moments->covariance, start_.dim());
  for (size_t i = 0; i < start_.dim(); ++i) {
    if (factor[i * start_.dim() + i] == 0) return {};
  }
  return NormalDensity(moments->mean, moments->covariance, x);
}

std::optional<double> LinearProcess::StationaryAt(
    std::span<const double> x) const {
  const std::optional<StateMoments> limit = LimitOf(Equation());
  if (!limit) return {};
  return NormalDensity(limit->mean, limit->covariance, x);
}

std::optional<Normal> LinearProcess::KernelAt(double, double dt,
                                              double x) const {
  if (start_.dim() != 1) return {};
  const LinearFlow flow = StepFlow(dt);
  return Normal{flow.factor[0] * x + flow.shift[0], flow.covariance[0]};
}

bool LinearProcess::Coefficients(double, std::span<const double> x,
                                 std::span<double> drift,
                                 std::span<double> diffusion) const {
  const LinearEquation equation = Equation();
  const size_t n = equation.n;
  for (size_t i = 0; i < n; ++i) {
    drift[i] = equation.b[i];
    for (size_t j = 0; j < n; ++j) {
      drift[i] += equation.a[i * n + j] * x[j];
      diffusion[i * n + j] = 0.5 * equation.q[i * n + j];
    }
  }
  return true;
}

}  // namespace unnoise
