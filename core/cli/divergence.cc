// unnoise divergence: how far two laws are apart whose densities are known.

#include "core/divergence/divergence.h"

#include <cmath>
#include <cstdio>
#include <ostream>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/cli/command.h"
#include "core/cli/progress.h"
#include "core/cli/table.h"
#include "core/divergence/monte_carlo.h"

namespace unnoise {
namespace {

struct LawPair final : Described {
  void Visit(Visitor& v) override {
    v.Kind({"p", "The law that is held to be true."}, p);
    v.Kind({"q", "The law that stands in for it."}, q);
  }
  Choice<Dataset> p{"mixture_1d"}, q{"mixture_1d"};
};

// What the words without "=" name, and in `laws` what the others say.
std::vector<const DivergenceInfo*> ReadWords(
    const std::vector<std::string>& words, LawPair& laws) {
  std::vector<std::string> names, settings;
  for (const std::string& word : words) {
    if (word.find('=') != word.npos) {
      settings.push_back(word);
      continue;
    }
    for (std::string& name : SplitAtCommas(word)) names.push_back(name);
  }
  auto divergences = FindDivergences(names);
  Problems problems;
  if (!divergences.ok()) problems = divergences.problems();
  Json json{Json::Object{}};
  for (Problem& problem : ApplyOverrides(settings, laws, json)) {
    problems.push_back(std::move(problem));
  }
  if (problems.empty()) problems = FromJson(json, laws);
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};
  return *divergences;
}

std::string NamesOfKnown() {
  std::string names;
  for (const Row<Dataset>& row : Rows<Dataset>()) {
    if (!DensityOf(*row.make())) continue;
    names += (names.empty() ? "" : ", ") + std::string(row.name);
  }
  return names;
}

KnownDensity DensityFor(const Choice<Dataset>& law, const char* name,
                        Problems& problems) {
  if (std::optional<KnownDensity> density = DensityOf(*law)) return *density;
  problems.push_back({name,
                      "this law has no density that is known, or more than two "
                      "coordinates; choose from " +
                          NamesOfKnown() + ", each with a width above 0."});
  return {};
}

Json ToJson(const Estimate& estimate) {
  Json json;
  json["value"] = NumberOrNull(estimate.value);
  json["stderr"] = NumberOrNull(estimate.std_error);
  return json;
}

// As many digits as the quadrature promises.
std::string Digits(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string InWords(const Estimate& estimate) {
  return std::isfinite(estimate.value)
             ? Between(estimate.value, estimate.std_error)
             : "infinite";
}

// The same from draws, as far as draws alone can tell.
struct Drawn {
  Estimate kl, reverse_kl;
  double effective_samples;
};

Drawn DrawBoth(const LawPair& laws, const KnownDensity& p,
               const KnownDensity& q, int64_t n, int64_t seed) {
  const Key key = KeyFromSeed(static_cast<uint64_t>(seed));
  std::vector<float> of_p(static_cast<size_t>(n * p.dim)), of_q(of_p.size());
  laws.p->Draw(Fold(key, "p"), 0, of_p);
  laws.q->Draw(Fold(key, "q"), 0, of_q);
  const Function one = [](Point) { return 1.0; };
  return {MonteCarloKl(p, q, of_p), MonteCarloKl(q, p, of_q),
          ImportanceSampling(one, p, q, of_q).effective_samples};
}

}  // namespace

ExitCode FindDivergence(const DivergenceOptions& options, Context& context) {
  LawPair laws;
  const auto divergences = ReadWords(options.words, laws);
  Problems problems;
  const KnownDensity p = DensityFor(laws.p, "p", problems);
  const KnownDensity q = DensityFor(laws.q, "q", problems);
  if (problems.empty() && p.dim != q.dim) {
    problems.push_back({"q", "it has " + std::to_string(q.dim) +
                                 " coordinates, and p has " +
                                 std::to_string(p.dim) + "; give as many."});
  }
  if (!problems.empty()) throw Failure{kExitUsage, std::move(problems)};

  const MixtureLaw *mixture_p = MixtureOf(*laws.p),
                   *mixture_q = MixtureOf(*laws.q);
  const auto normal_p = mixture_p ? NormalOf(*mixture_p) : std::nullopt;
  const auto normal_q = mixture_q ? NormalOf(*mixture_q) : std::nullopt;
  std::vector<const DivergenceInfo*> known;
  std::string left_out;
  for (const DivergenceInfo* row : divergences) {
    const std::string_view why_not = WhyNot(*row, p, q);
    if (why_not.empty()) {
      known.push_back(row);
    } else {
      left_out +=
          std::string(row->name) + " left out: " + std::string(why_not) + '\n';
    }
  }
  // In the plane a digit more takes a hundred times as many nodes where a
  // density bends.
  const bool line = p.dim == 1;
  const DivergenceValues values =
      ValuesOf(known, p, q,
               {.tolerance = line ? 1e-9 : 1e-6,
                .max_nodes = int64_t{1} << (line ? 21 : 20)});

  Json json;
  std::vector<TableRow> rows = {{"divergence", "quadrature", "closed form"}};
  for (size_t k = 0; k < known.size(); ++k) {
    const Integral& found = values.values[k];
    const bool bounded = found.status != IntegralStatus::kUnbounded;
    Json& entry = json["divergences"][known[k]->name];
    entry["value"] = bounded ? NumberOrNull(found.value) : Json();
    entry["error"] = bounded ? NumberOrNull(found.error) : Json();
    entry["status"] = NameOf(found.status);
    std::optional<double> closed;
    if (normal_p && normal_q && known[k]->closed_form) {
      closed = known[k]->closed_form(*normal_p, *normal_q);
    }
    if (closed) entry["closed_form"] = NumberOrNull(*closed);
    std::string value =
        bounded ? Digits(found.value, line ? 9 : 6) : "unbounded";
    if (found.status == IntegralStatus::kCoarse) {
      value += " +- " + Brief(found.error);
    }
    rows.push_back({std::string(known[k]->name), value,
                    !closed                  ? ""
                    : std::isfinite(*closed) ? Digits(*closed, line ? 9 : 6)
                                             : "infinite"});
  }
  json["mass_p"] = NumberOrNull(values.mass_p.value);
  json["mass_q"] = NumberOrNull(values.mass_q.value);
  std::string drawn_text;
  if (options.n) {
    const Drawn drawn = DrawBoth(laws, p, q, *options.n, options.seed);
    Json& entry = json["draws"];
    entry["n"] = *options.n;
    entry["kl"] = ToJson(drawn.kl);
    entry["reverse_kl"] = ToJson(drawn.reverse_kl);
    entry["effective_samples"] = NumberOrNull(drawn.effective_samples);
    const std::string count = WithCommas(*options.n);
    drawn_text = "From " + count + " draws of each: kl " + InWords(drawn.kl) +
                 ", reverse_kl " + InWords(drawn.reverse_kl) + ".\n" + count +
                 " draws of q with weights p / q are worth " +
                 Brief(drawn.effective_samples) + " of p.\n";
  }
  if (options.json) {
    context.out << Write(json) << std::endl;
    return kExitDone;
  }
  if (rows.size() > 1) {
    PrintAligned(rows, std::vector<std::string>(rows.size()), context.out);
  }
  context.out << left_out << drawn_text << std::flush;
  return kExitDone;
}

}  // namespace unnoise
