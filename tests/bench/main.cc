// Benchmarks: how near the training step comes to what this machine can do.
// Ratios from one run, alternating what is compared; never a pass or fail.
// Options: --json, --rounds N.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "core/backend/backend.h"
#include "core/base/json.h"
#include "core/run/experiment.h"
#include "core/run/run.h"
#include "core/sampling/sampling.h"
#include "tests/bench/ceiling.h"
#include "tests/bench/products.h"
#include "tests/bench/samplers.h"
#include "tests/bench/unet.h"
#include "tests/bench/worlds.h"

namespace unnoise {
namespace {

constexpr double kSeconds = 0.25;
constexpr int64_t kSampleCount = 2000;

double Now() {
  return std::chrono::duration<double>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Calls `work` for at least `seconds`; returns work units per second, where
// each call returns its units.
double RateOf(double seconds, const std::function<double()>& work) {
  double units = 0;
  const double start = Now();
  double elapsed = 0;
  do {
    units += work();
    elapsed = Now() - start;
  } while (elapsed < seconds);
  return units / elapsed;
}

struct Spread {
  double least, median, most;
};

Spread SpreadOf(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return {values.front(), values[values.size() / 2], values.back()};
}

Json ToJson(const Spread& spread) {
  Json json;
  json["min"] = spread.least;
  json["median"] = spread.median;
  json["max"] = spread.most;
  return json;
}

// Floating-point operations of the products of one step: forward, both
// gradients, but none for the input of the first layer.
double ProductFlops(const Run& run, double batch) {
  double all = 0, first = 0;
  for (const Parameter& p : run.model().parameters().entries()) {
    if (p.shape.rank() != 2) continue;
    all += static_cast<double>(p.shape.size());
    if (first == 0) first = static_cast<double>(p.shape.size());
  }
  return 2 * batch * (3 * all - first);
}

std::unique_ptr<Run> OpenRun(int64_t width, int64_t batch, bool fast = false,
                             const Backend& backend = SimdBackend()) {
  const std::vector<std::string> words = {
      "network.width=" + std::to_string(width),
      "batch=" + std::to_string(batch), fast ? "fast=true" : "fast=false"};
  Result<Experiment> experiment = ReadExperiment("", "bench", words, nullptr);
  if (!experiment) {
    std::fprintf(stderr, "%s\n", ToText(experiment.problems()).c_str());
    std::exit(2);
  }
  return std::make_unique<Run>(std::move(*experiment), backend);
}

// Training at 128 wide, batch 512, in another way than on one thread in exact
// arithmetic, against that: each round is a pair, so that a neighbour on the
// machine disturbs both.
class Comparison {
 public:
  Comparison(std::string name, const Backend& backend, bool fast)
      : name_(std::move(name)),
        run_(OpenRun(128, 512, fast, backend)),
        plain_(OpenRun(128, 512)) {
    Steps(*run_);
    Steps(*plain_);
  }
  void Round() { ratios_.push_back(Steps(*run_) / Steps(*plain_)); }
  const std::string& name() const { return name_; }
  Spread ratio() const { return SpreadOf(ratios_); }

 private:
  static double Steps(Run& run) {
    return RateOf(kSeconds, [&] {
      run.Advance(1);
      return 1.0;
    });
  }
  std::string name_;
  std::unique_ptr<Run> run_;
  std::unique_ptr<Run> plain_;
  std::vector<double> ratios_;
};

// Null where the build or the system has no threads.
std::unique_ptr<Pool> MakePool(int threads) {
  try {
    return std::make_unique<Pool>(threads);
  } catch (const std::system_error&) {
    return nullptr;
  }
}

int Main(int argc, char** argv) {
  bool as_json = false;
  int rounds = 5;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--json") == 0) {
      as_json = true;
    } else if (std::strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
      rounds = std::max(1, std::atoi(argv[++i]));
    } else {
      std::fprintf(stderr, "usage: unnoise_bench [--json] [--rounds N]\n");
      return 2;
    }
  }

  struct Size {
    int64_t width, batch;
  };
  constexpr Size kSizes[] = {{128, 512}, {64, 128}, {128, 128}, {256, 512}};
  constexpr size_t kCount = std::size(kSizes);
  std::vector<std::unique_ptr<Run>> runs;
  for (const Size& size : kSizes) {
    runs.push_back(OpenRun(size.width, size.batch));
  }
  const std::unique_ptr<Denoiser> denoiser = runs[0]->MakeDenoiser();
  const Family& family = *runs[0]->experiment().family;

  const std::unique_ptr<Pool> pool = MakePool(2);
  std::unique_ptr<Backend> threaded;
  std::vector<Comparison> comparisons;
  if (pool) {
    threaded = MakeSimdBackend(*pool);
    comparisons.emplace_back("threads 2", *threaded, false);
  }
  comparisons.emplace_back("fast", SimdBackend(), true);

  // Warm-up: arenas grow, and a just-in-time compiler sees every kernel often.
  float checksum = 0;
  for (const auto& run : runs) {
    RateOf(2 * kSeconds, [&] {
      run->Advance(1);
      return 1.0;
    });
  }
  for (int shape = 0; shape < kCeilingShapes; ++shape) {
    RateOf(kSeconds, [&] { return RunProductCeiling(shape, 20, &checksum); });
  }

  std::vector<ProductCase> products = ProductCases();
  const std::unique_ptr<Backend> fused = SimdBackend().Fused();
  const std::vector<std::unique_ptr<WorldCase>> worlds = WorldCases();
  const std::vector<std::unique_ptr<SamplerCase>> samplers = SamplerCases();
  Unet unet(SimdBackend(), 32, 64);
  unet.Step();

  std::vector<double> ceiling, rate[kCount], fraction[kCount], sampling;
  std::vector<double> unet_fraction, overhead;
  std::vector<std::vector<double>> exact(products.size()),
      speedup(products.size()), exactly(worlds.size()), beside(samplers.size());
  std::vector<double> exact_ddpm;
  for (int round = 0; round < rounds; ++round) {
    double best = 0;
    for (int shape = 0; shape < kCeilingShapes; ++shape) {
      best = std::max(best, RateOf(kSeconds / 2, [&] {
                        return RunProductCeiling(shape, 20, &checksum);
                      }));
    }
    ceiling.push_back(best);
    for (size_t i = 0; i < kCount; ++i) {
      const double steps = RateOf(kSeconds, [&] {
        runs[i]->Advance(1);
        return 1.0;
      });
      rate[i].push_back(steps);
      fraction[i].push_back(
          steps * ProductFlops(*runs[i], static_cast<double>(kSizes[i].batch)) /
          best);
    }
    for (size_t i = 0; i < products.size(); ++i) {
      const auto flops = [&](const Backend& backend) {
        return RateOf(kSeconds / 8, [&] { return products[i].Run(backend); });
      };
      const double rounded = flops(SimdBackend());
      exact[i].push_back(rounded / best);
      speedup[i].push_back(flops(*fused) / rounded);
    }
    for (size_t i = 0; i < worlds.size(); ++i) {
      exactly[i].push_back(
          RateOf(kSeconds / 4, [&] { return worlds[i]->Run(); }));
    }
    const double unet_start = Now();
    unet.Step();
    unet_fraction.push_back(unet.flops() / (Now() - unet_start) / best);
    overhead.push_back(OpOverhead());
    for (Comparison& comparison : comparisons) comparison.Round();
    Sampling particles(*family.sampler(), family.path(),
                       UniformGrid(family.path(), 10), *denoiser, Key{1, 2}, 0,
                       kSampleCount);
    const double start = Now();
    double evaluations = 0;
    while (particles.Step()) evaluations += kSampleCount;
    sampling.push_back(evaluations / (Now() - start));
    for (size_t i = 0; i < samplers.size(); ++i) {
      beside[i].push_back(sampling.back() / RateOf(kSeconds / 8, [&] {
                            return samplers[i]->Run();
                          }));
    }
    exact_ddpm.push_back(RateOf(kSeconds / 4, RunExactDdpm));
  }

  Json report;
  report["simd"] = SimdTargetInUse();
  report["ceiling_gflops"] = ToJson(SpreadOf(ceiling));
  Json::Array steps;
  for (size_t i = 0; i < kCount; ++i) {
    Json entry;
    entry["width"] = kSizes[i].width;
    entry["batch"] = kSizes[i].batch;
    entry["steps_per_second"] = ToJson(SpreadOf(rate[i]));
    const double gflop =
        ProductFlops(*runs[i], static_cast<double>(kSizes[i].batch));
    entry["gflops"] = SpreadOf(rate[i]).median * gflop * 1e-9;
    entry["fraction_of_ceiling"] = ToJson(SpreadOf(fraction[i]));
    entry["peak_bytes"] = runs[i]->peak_bytes();
    entry["loss"] = runs[i]->progress().loss;
    steps.push_back(std::move(entry));
  }
  Json& gflops = report["ceiling_gflops"];
  for (const char* key : {"min", "median", "max"}) {
    gflops[key] = *gflops.Find(key)->AsNumber() * 1e-9;
  }
  report["steps"] = Json(std::move(steps));
  for (const Comparison& comparison : comparisons) {
    report["speed_ratio"][comparison.name()] = ToJson(comparison.ratio());
  }
  Json::Array shapes;
  for (size_t i = 0; i < products.size(); ++i) {
    Json entry;
    entry["product"] = products[i].name();
    entry["fraction_of_ceiling"] = ToJson(SpreadOf(exact[i]));
    entry["fast"] = ToJson(SpreadOf(speedup[i]));
    shapes.push_back(std::move(entry));
  }
  report["products"] = Json(std::move(shapes));
  for (size_t i = 0; i < worlds.size(); ++i) {
    report["exact_points_per_second"][worlds[i]->name()] =
        ToJson(SpreadOf(exactly[i]));
  }
  report["unet_fraction_of_ceiling"] = ToJson(SpreadOf(unet_fraction));
  report["op_nanoseconds"] = ToJson(SpreadOf(overhead));
  report["denoised_points_per_second"] = ToJson(SpreadOf(sampling));
  for (size_t i = 0; i < samplers.size(); ++i) {
    report["sampler_of_denoiser"][samplers[i]->name()] =
        ToJson(SpreadOf(beside[i]));
  }
  report["exact_ddpm_transitions_per_second"] = ToJson(SpreadOf(exact_ddpm));
  report["checksum"] = static_cast<double>(checksum);
  if (as_json) {
    std::printf("%s\n", Write(report).c_str());
    return 0;
  }
  std::printf("%s, product ceiling %.1f GFLOP/s (multiply and add rounded)\n",
              std::string(SimdTargetInUse()).c_str(),
              *gflops.Find("median")->AsNumber());
  for (size_t i = 0; i < kCount; ++i) {
    const Spread r = SpreadOf(rate[i]), f = SpreadOf(fraction[i]);
    std::printf(
        "  3 x %4lld wide, batch %4lld: %7.0f steps/s, %4.1f %% of the ceiling "
        "(%.1f to %.1f)\n",
        static_cast<long long>(kSizes[i].width),
        static_cast<long long>(kSizes[i].batch), r.median, 100 * f.median,
        100 * f.least, 100 * f.most);
  }
  for (size_t i = 0; i < products.size(); ++i) {
    const Spread f = SpreadOf(exact[i]);
    std::printf(
        "  product %-22s %5.1f %% of the ceiling (%.1f to %.1f); fast %.2f x\n",
        products[i].name().c_str(), 100 * f.median, 100 * f.least, 100 * f.most,
        SpreadOf(speedup[i]).median);
  }
  const Spread net = SpreadOf(unet_fraction);
  std::printf(
      "  U-Net 28 x 28, 32 and 64 channels, batch 64: %.1f %% (%.1f to "
      "%.1f), %lld MB\n",
      100 * net.median, 100 * net.least, 100 * net.most,
      static_cast<long long>(unet.peak_bytes() / 1000000));
  std::printf("  an op on one element: %.0f ns\n", SpreadOf(overhead).median);
  for (const Comparison& comparison : comparisons) {
    const Spread ratio = comparison.ratio();
    std::printf("  %s, 128 wide, batch 512: %.2f x as fast (%.2f to %.2f)\n",
                comparison.name().c_str(), ratio.median, ratio.least,
                ratio.most);
  }
  for (size_t i = 0; i < worlds.size(); ++i) {
    std::printf("  exact denoiser, %-22s %10.0f points/s\n",
                worlds[i]->name().c_str(), SpreadOf(exactly[i]).median);
  }
  std::printf("  ddpm on eight full covariances: %.0f transitions/s\n",
              SpreadOf(exact_ddpm).median);
  std::printf("  sampling: %.0f denoised points/s\n",
              SpreadOf(sampling).median);
  for (size_t i = 0; i < samplers.size(); ++i) {
    std::printf("  sampler %-18s costs %4.1f %% of that denoiser\n",
                samplers[i]->name().c_str(), 100 * SpreadOf(beside[i]).median);
  }
  return 0;
}

}  // namespace
}  // namespace unnoise

int main(int argc, char** argv) { return unnoise::Main(argc, argv); }
