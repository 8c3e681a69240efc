// See solver_session.h.

#include "wasm/solver_session.h"

#include <algorithm>
#include <utility>

#include "core/base/config.h"
#include "core/base/key.h"
#include "core/base/pool.h"

namespace unnoise {
namespace {

Key SeedKey(double seed) { return KeyFromSeed(static_cast<uint64_t>(seed)); }

// Which of the samplers asked for are compared, and how many there were.
struct Chosen {
  const std::vector<size_t>& kept;
  size_t all;
};

// Samplers are counted as they were asked for.
val Told(const Convergence& errors, const Chosen& chosen) {
  Json json = ToJson(errors, chosen.kept.size());
  for (Json& row : *json["rows"].AsArray()) {
    const double index = *row["sampler"].AsNumber();
    row["sampler"] = chosen.kept[static_cast<size_t>(index)];
  }
  Json::Array orders(chosen.all, Json(Json::Object{}));
  std::vector<bool> out(chosen.all, true);
  for (size_t i = 0; i < chosen.kept.size(); ++i) {
    orders[chosen.kept[i]] = std::move(json["orders"].AsArray()->at(i));
    out[chosen.kept[i]] = false;
  }
  json["orders"] = std::move(orders);
  Json::Array left_out;
  for (size_t i = 0; i < out.size(); ++i) {
    if (out[i]) left_out.push_back(Json(i));
  }
  json["left_out"] = std::move(left_out);
  json["done"] = errors.done();
  json["pieces"] = errors.pieces();
  return ToJs(json);
}

// "ode sampler.method=rk4" of "sampler=ode", "sampler.method=rk4".
std::string NameOf(const std::vector<std::string>& words) {
  std::string name;
  for (const std::string& word : words) {
    // Of no matter where the numbers of steps are given.
    if (word.starts_with("sampler.steps=")) continue;
    if (!name.empty()) name += ' ';
    name += word.starts_with("sampler=") ? word.substr(8) : word;
  }
  return name;
}

}  // namespace

Result<std::unique_ptr<ExactSampling>> ReadExactSampling(
    const std::string& text, const std::vector<std::string>& words) {
  Json json{Json::Object{}};
  if (!text.empty()) {
    Result<Json> parsed = ParseJson(text, "law");
    if (!parsed) return parsed.problems();
    json = std::move(*parsed);
  }
  auto law = std::make_unique<ExactSampling>();
  Problems problems = ApplyOverrides(words, *law, json);
  const Problems found = FromJson(json, *law);
  problems.insert(problems.end(), found.begin(), found.end());
  if (!problems.empty()) return problems;
  return Result<std::unique_ptr<ExactSampling>>(std::move(law));
}

val SolverSession::Open(const std::string& text) {
  return Guard([&] {
    auto law = ReadExactSampling(text, {});
    if (!law) return ProblemsToJs(law.problems());
    errors_.reset();
    sampling_.reset();
    denoiser_.reset();
    law_ = std::move(*law);
    text_ = text;
    units_ = NoUnits(*law_->data);
    denoiser_ = law_->MakeDenoiser(SerialPool());
    val result = val::object();
    result.set("dim", law_->data->dim());
    return result;
  });
}

val SolverSession::Data(int n, double seed) {
  return WithLaw([&] {
    if (auto problem = CheckDraw(n, seed)) return *problem;
    std::vector<float> points(static_cast<size_t>(n * law_->data->dim()));
    law_->data->Draw(Fold(SeedKey(seed), "data"), 0, points);
    return FloatsToJs(points);
  });
}

Result<Choice<Sampler>> SolverSession::SamplerWith(const val& words) const {
  auto law = ReadExactSampling(text_, WordsOf(words));
  if (!law) return law.problems();
  return (*law)->sampler;
}

val SolverSession::StartSampling(int n, double seed, const val& words) {
  return WithLaw([&] {
    Result<Choice<Sampler>> sampler = SamplerWith(words);
    if (!sampler) return ProblemsToJs(sampler.problems());
    if (auto problem = CheckDraw(n, seed)) return *problem;
    sampling_.reset();
    sampler_ = *std::move(sampler);
    sampling_.emplace(**sampler_, *law_->path, *denoiser_,
                      Fold(SeedKey(seed), "sample"), 0, n);
    std::vector<float> times;
    for (const GridPoint& point : sampling_->grid()) {
      times.push_back(static_cast<float>(point.t));
    }
    return FloatsToJs(times);
  });
}

val SolverSession::Step() {
  return WithLaw([&] {
    if (!sampling_) return ProblemsToJs({{"", "Nothing is being sampled."}});
    if (!sampling_->Step() && !sampling_->done()) {
      const Advice advice = AdviceOn(sampling_->outcome());
      return ProblemsToJs({{std::string(advice.field),
                            "The samples " + std::string(advice.matter) + "; " +
                                std::string(advice.repair) + '.'}});
    }
    return val(static_cast<double>(sampling_->position()));
  });
}

val SolverSession::Particles() {
  return WithLaw([&] {
    if (!sampling_) return ProblemsToJs({{"", "Nothing is being sampled."}});
    return FloatsToJs(sampling_->particles());
  });
}

val SolverSession::StartErrors(int n, double seed, const val& samplers,
                               const val& steps) {
  return WithLaw([&] {
    if (auto problem = CheckDraw(n, seed)) return *problem;
    errors_.reset();
    solvers_.clear();
    kept_.clear();
    asked_ = 0;
    SolverSetup setup{.path = *law_->path,
                      .denoiser = *denoiser_,
                      .data = *law_->data,
                      .units = units_,
                      .samplers = {},
                      .steps = {},
                      .points = n,
                      .key = Fold(SeedKey(seed), "sample")};
    for (const double count : emscripten::vecFromJSArray<double>(steps)) {
      // Beyond any limit, and not a number, are both no number of steps.
      const bool whole = count >= 1 && count <= kMaxSolverSteps;
      setup.steps.push_back(whole ? static_cast<int64_t>(count) : 0);
    }
    Problems refused;
    for (const val& words : emscripten::vecFromJSArray<val>(samplers)) {
      Result<Choice<Sampler>> sampler = SamplerWith(words);
      if (!sampler) return ProblemsToJs(sampler.problems());
      // One that cannot be held against the flow keeps none from being so.
      SolverSetup alone = setup;
      alone.samplers = {*sampler};
      const Problems found = CheckSolvers(alone);
      const bool fits = std::none_of(
          found.begin(), found.end(),
          [](const Problem& problem) { return problem.path == "samplers"; });
      if (fits) {
        setup.samplers.push_back(*std::move(sampler));
        solvers_.push_back(NameOf(WordsOf(words)));
        kept_.push_back(asked_);
      } else {
        refused = found;
      }
      ++asked_;
    }
    const Problems problems =
        kept_.empty() && asked_ > 0 ? refused : CheckSolvers(setup);
    if (!problems.empty()) return ProblemsToJs(problems);
    errors_.emplace(std::move(setup));
    return Told(*errors_, {kept_, asked_});
  });
}

val SolverSession::Errors(int pieces) {
  return WithLaw([&] {
    if (!errors_) return ProblemsToJs({{"", "No samplers are compared."}});
    for (int i = 0; i < pieces && errors_->Advance(); ++i) continue;
    return Told(*errors_, {kept_, asked_});
  });
}

val SolverSession::ErrorsText() {
  return WithLaw([&] {
    if (!errors_) return ProblemsToJs({{"", "No samplers are compared."}});
    return val(ToText(*errors_, solvers_, ','));
  });
}

}  // namespace unnoise
