#include "tests/bench/worlds.h"

#include <utility>

#include "core/base/exact_math.h"
#include "core/data/dataset.h"
#include "core/data/mixture_world.h"
#include "core/sampling/world_denoiser.h"

namespace unnoise {
namespace {

constexpr size_t kPoints = 512;
constexpr double kTime = 0.5;
constexpr char kEight[] = "eight full covariances";

std::unique_ptr<Denoiser> DenoiserOf(std::string_view name, const Path& path) {
  if (name == kEight) return EightNormals(path);
  const Choice<Dataset> data(name);
  return MakeWorldDenoiser(data->MakeWorld(StandardiserOf(*data)), path,
                           SerialPool());
}

}  // namespace

std::unique_ptr<Denoiser> EightNormals(const Path& path) {
  NormalMixture law{.dim = 2, .weights = {}, .means = {}, .covariances = {}};
  for (int k = 0; k < 8; ++k) {
    const double angle = k * 0.78539816339744831;
    law.weights.push_back(0.125);
    law.means.insert(law.means.end(), {exact::Cos(angle), exact::Sin(angle)});
    law.covariances.insert(law.covariances.end(), {0.2, 0.05, 0.05, 0.1});
  }
  return MakeWorldDenoiser(MakeWorld(std::move(law)), path, SerialPool());
}

WorldCase::WorldCase(std::string name)
    : name_(std::move(name)),
      denoiser_(DenoiserOf(name_, *path_)),
      xt_(2 * kPoints),
      data_(xt_.size()),
      noise_(xt_.size()) {
  // About as wide as a standardised law and its noise are.
  FillNormal(KeyFromSeed(1), 0, xt_);
}

double WorldCase::Run() {
  denoiser_->Predict(kTime, xt_, {data_, noise_});
  return static_cast<double>(kPoints);
}

std::vector<std::unique_ptr<WorldCase>> WorldCases() {
  std::vector<std::unique_ptr<WorldCase>> cases;
  for (const char* name : {kEight, "eight_gaussians", "rings", "checkerboard",
                           "two_moons", "pinwheel"}) {
    cases.push_back(std::make_unique<WorldCase>(name));
  }
  return cases;
}

}  // namespace unnoise
