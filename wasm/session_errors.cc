// Session: samplers held against the exact flow.

#include <algorithm>
#include <utility>

#include "core/base/key.h"
#include "wasm/js.h"
#include "wasm/session.h"

namespace unnoise {
namespace {

val Told(const Convergence& errors, size_t samplers) {
  Json json = ToJson(errors, samplers);
  json["done"] = errors.done();
  json["pieces"] = errors.pieces();
  return ToJs(json);
}

// "ode sampler.method=rk4" of "sampler=ode", "sampler.method=rk4".
std::string NameOf(const std::vector<std::string>& words) {
  std::string name;
  for (const std::string& word : words) {
    if (!name.empty()) name += ' ';
    name += word.starts_with("sampler=") ? word.substr(8) : word;
  }
  return name;
}

}  // namespace

val Session::StartErrors(int n, double seed, const val& samplers,
                         const val& steps) {
  return WithRun([&] {
    if (auto problem = CheckDraw(n, seed)) return *problem;
    const std::span<const float> now = std::as_const(*run_).average();
    errors_average_.assign(now.begin(), now.end());
    errors_.reset();
    errors_denoiser_ =
        run_->model().MakeDenoiser(run_->backend(), errors_average_);
    solvers_.clear();
    SolverSetup setup{
        .path = run_->experiment().family->path(),
        .denoiser = *errors_denoiser_,
        .data = *run_->experiment().data,
        .units = run_->standardiser(),
        .points = n,
        .key = Fold(KeyFromSeed(static_cast<uint64_t>(seed)), "sample")};
    for (const double count : emscripten::vecFromJSArray<double>(steps)) {
      // Beyond any limit, and not a number, are both no number of steps.
      const bool whole = count >= 1 && count <= kMaxSolverSteps;
      setup.steps.push_back(whole ? static_cast<int64_t>(count) : 0);
    }
    for (const val& words : emscripten::vecFromJSArray<val>(samplers)) {
      Result<Choice<Sampler>> sampler = SamplerWith(words);
      if (!sampler) return ProblemsToJs(sampler.problems());
      setup.samplers.push_back(*std::move(sampler));
      solvers_.push_back(NameOf(WordsOf(words)));
    }
    const Problems problems = CheckSolvers(setup);
    if (!problems.empty()) return ProblemsToJs(problems);
    errors_.emplace(std::move(setup));
    return Told(*errors_, solvers_.size());
  });
}

val Session::Errors(int pieces) {
  return WithRun([&] {
    if (!errors_) return ProblemsToJs({{"", "No samplers are compared."}});
    for (int i = 0; i < pieces && errors_->Advance(); ++i) continue;
    return Told(*errors_, solvers_.size());
  });
}

val Session::ErrorsText() {
  return WithRun([&] {
    if (!errors_) return ProblemsToJs({{"", "No samplers are compared."}});
    return val(ToText(*errors_, solvers_, ','));
  });
}

}  // namespace unnoise
