// See world_denoiser.h.

#include "core/sampling/world_denoiser.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/check.h"

namespace unnoise {
namespace {

// Points that are worth handing to another thread: some 10 us and more.
constexpr int64_t kGrain = 64;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool Finite(std::span<const double> x) {
  return std::all_of(x.begin(), x.end(),
                     [](double part) { return std::isfinite(part); });
}

class WorldDenoiser final : public Denoiser,
                            public Density,
                            public JacobianTrace {
 public:
  WorldDenoiser(std::unique_ptr<World> world, const Path& path, Pool& pool)
      : world_(std::move(world)), path_(path), pool_(pool) {}

  int dim() const override { return world_->dim(); }
  Density* density() override { return this; }
  JacobianTrace* jacobian_trace() override { return this; }

  void PredictAt(std::span<const double> t, std::span<const float> xt,
                 Prediction out) override {
    const int64_t count = std::ssize(xt) / dim();
    if (t.size() == 1) {
      const Coefficients at = path_.At(t[0]);
      if (at.sigma > 0) {
        PredictAll(*world_->At(at.alpha, at.sigma), at.sigma, xt, out);
      } else {
        KeepAll(at.alpha, xt, out);
      }
      return;
    }
    Check(std::ssize(t) == count, "one time for all points or one for each");
    pool_.ForRanges(count, kGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) {
        const Coefficients at = path_.At(t[i]);
        const Rows row{xt, out, dim(), i, i + 1};
        if (at.sigma > 0) {
          PredictRows(*world_->At(at.alpha, at.sigma), at.sigma, row);
        } else {
          KeepAll(at.alpha, row.points(), {row.data(), row.noise()});
        }
      }
    });
  }

  void PredictAt(std::span<const double> t, std::span<const float> xt,
                 std::span<const float> probes, Prediction out,
                 Prediction traces) override {
    const int64_t count = std::ssize(xt) / dim();
    Check(t.size() == 1 || std::ssize(t) == count,
          "one time for all points or one for each");
    std::unique_ptr<Marginal> common;
    const Coefficients first = path_.At(t[0]);
    if (t.size() == 1 && first.sigma > 0) {
      common = world_->At(first.alpha, first.sigma);
    }
    pool_.ForRanges(count, kGrain, [&](int64_t begin, int64_t end) {
      std::vector<double> covariance(static_cast<size_t>(dim() * dim()));
      for (int64_t i = begin; i < end; ++i) {
        const Coefficients at = t.size() == 1 ? first : path_.At(t[i]);
        const Rows row{xt, out, dim(), i, i + 1};
        const double squares = Squares(probes, i, count);
        if (!(at.sigma > 0)) {
          KeepAll(at.alpha, row.points(), {row.data(), row.noise()});
          traces.data[i] = static_cast<float>(squares / at.alpha);
          traces.noise[i] = 0;
          continue;
        }
        const std::unique_ptr<Marginal> own =
            common ? nullptr : world_->At(at.alpha, at.sigma);
        PredictRows(common ? *common : *own, at.sigma, row, covariance);
        // Of E[x0 | xt] the Jacobian is alpha / sigma^2 Cov[x0 | xt]; that of
        // the noise follows from alpha data + sigma noise = xt.
        // Source: Meng, Song, Li, Ermon 2021, theorem 1.
        const double spread = at.alpha / (at.sigma * at.sigma) *
                              Trace(covariance, probes, i, count);
        traces.data[i] = static_cast<float>(spread);
        traces.noise[i] =
            static_cast<float>((squares - at.alpha * spread) / at.sigma);
      }
    });
  }

  void LogDensity(double t, std::span<const float> xt,
                  std::span<double> log_density) override {
    const Coefficients at = path_.At(t);
    const std::unique_ptr<Marginal> law = world_->At(at.alpha, at.sigma);
    const int64_t n = dim();
    pool_.ForRanges(std::ssize(log_density), kGrain,
                    [&](int64_t begin, int64_t end) {
                      std::vector<double> x(static_cast<size_t>(n));
                      for (int64_t i = begin; i < end; ++i) {
                        const auto point = xt.subspan(i * n, n);
                        x.assign(point.begin(), point.end());
                        log_density[i] = Finite(x) ? law->At(x, {}) : kNan;
                      }
                    });
  }

 private:
  struct Rows {
    std::span<const float> xt;
    Prediction out;
    int dim;
    int64_t begin, end;

    std::span<const float> points() const { return Part(xt); }
    std::span<float> data() const { return Part(out.data); }
    std::span<float> noise() const { return Part(out.noise); }
    template <class T>
    std::span<T> Part(std::span<T> all) const {
      return all.subspan(begin * dim, (end - begin) * dim);
    }
  };

  void PredictAll(const Marginal& law, double sigma, std::span<const float> xt,
                  Prediction out) {
    pool_.ForRanges(std::ssize(xt) / dim(), kGrain,
                    [&](int64_t begin, int64_t end) {
                      PredictRows(law, sigma, {xt, out, dim(), begin, end});
                    });
  }

  // `covariance` is empty or [dim, dim], of the last row.
  void PredictRows(const Marginal& law, double sigma, const Rows& rows,
                   std::span<double> covariance = {}) const {
    const size_t n = static_cast<size_t>(dim());
    double buffer[3 * 64];
    const std::span<double> x(buffer, n), score(buffer + n, n),
        mean(buffer + 2 * n, n);
    const auto points = rows.points();
    const auto data = rows.data(), noise = rows.noise();
    for (size_t begin = 0; begin < points.size(); begin += n) {
      for (size_t i = 0; i < n; ++i) x[i] = points[begin + i];
      if (!Finite(x)) {  // a law is not asked about such points
        std::fill(mean.begin(), mean.end(), kNan);
        std::fill(score.begin(), score.end(), kNan);
        std::fill(covariance.begin(), covariance.end(), kNan);
      } else {
        law.At(x, {.score = score, .mean = mean, .covariance = covariance});
      }
      for (size_t i = 0; i < n; ++i) {
        data[begin + i] = static_cast<float>(mean[i]);
        noise[begin + i] = static_cast<float>(-sigma * score[i]);
      }
    }
  }

  // The mean of v' A v over the probes v of point i; without any, the trace.
  double Trace(std::span<const double> a, std::span<const float> probes,
               int64_t i, int64_t count) const {
    const int64_t n = dim();
    double sum = 0;
    if (probes.empty()) {
      for (int64_t j = 0; j < n; ++j) sum += a[j * n + j];
      return sum;
    }
    for (int64_t k = 0; k < std::ssize(probes); k += count * n) {
      const std::span<const float> v = probes.subspan(k + i * n, n);
      for (int64_t j = 0; j < n; ++j) {
        double row = 0;
        for (int64_t l = 0; l < n; ++l) row += a[j * n + l] * v[l];
        sum += row * v[j];
      }
    }
    return sum * static_cast<double>(count * n) /
           static_cast<double>(probes.size());
  }
  // The same of the identity.
  double Squares(std::span<const float> probes, int64_t i,
                 int64_t count) const {
    if (probes.empty()) return dim();
    double sum = 0;
    for (int64_t k = i * dim(); k < std::ssize(probes); k += count * dim()) {
      for (int64_t j = k; j < k + dim(); ++j)
        sum += double{probes[j]} * probes[j];
    }
    return sum * static_cast<double>(count * dim()) /
           static_cast<double>(probes.size());
  }

  // Without noise nothing is left to find out.
  static void KeepAll(double alpha, std::span<const float> xt, Prediction out) {
    for (size_t i = 0; i < xt.size(); ++i) {
      out.data[i] = static_cast<float>(xt[i] / alpha);
      out.noise[i] = 0;
    }
  }

  std::unique_ptr<World> world_;
  const Path& path_;
  Pool& pool_;
};

}  // namespace

std::unique_ptr<Denoiser> MakeWorldDenoiser(std::unique_ptr<World> world,
                                            const Path& path, Pool& pool) {
  Check(world != nullptr, "there is no exact world of this law");
  return std::make_unique<WorldDenoiser>(std::move(world), path, pool);
}

}  // namespace unnoise
