// unnoise compare: how far two files of points are apart.

#include <ostream>

#include "core/base/json.h"
#include "core/cli/command.h"
#include "core/cli/experiment_input.h"
#include "core/cli/progress.h"
#include "core/cli/table.h"
#include "core/divergence/sample_distance.h"

namespace unnoise {
namespace {

std::vector<const SampleDistanceInfo*> Chosen(
    const std::optional<std::string>& names) {
  std::vector<std::string> split;
  if (names) split = SplitAtCommas(*names);
  auto distances = FindSampleDistances(split);
  if (!distances.ok()) {
    Problems problems = distances.problems();
    for (Problem& problem : problems) problem.path = "--metrics";
    throw Failure{kExitUsage, std::move(problems)};
  }
  return *distances;
}

Json ToJson(const SampleDistance& found) {
  Json json;
  json["value"] = found.value;
  json["stderr"] = found.std_error;
  json["n_a"] = found.n_a;
  json["n_b"] = found.n_b;
  for (const auto& [name, value] : found.more) json["more"][name] = value;
  return json;
}

}  // namespace

ExitCode Compare(const CompareOptions& options, Context& context) {
  const auto distances = Chosen(options.metrics);
  if (options.words.size() != 2) {
    throw Failure{kExitUsage,
                  {{"",
                    "compare takes two files of points; write for example "
                    "unnoise compare samples.npy data.csv."}}};
  }
  // As they are: no model learns from them.
  const std::string &a_path = options.words[0], &b_path = options.words[1];
  const PointSet a = ReadPointsFile(context.files, a_path, Rounding::kNone);
  const PointSet b = ReadPointsFile(context.files, b_path, Rounding::kNone);
  if (a.dim != b.dim) {
    throw Failure{kExitUsage,
                  {{b_path, "its points have " + std::to_string(b.dim) +
                                " coordinates, and those of " + a_path + " " +
                                std::to_string(a.dim) +
                                "; compare points of one kind."}}};
  }
  const SamplePair pair{a.dim, a.values, b.values};
  Json json{Json::Object{}};
  std::vector<TableRow> rows = {{"metric", "A against B", "points"}};
  std::vector<std::string> notes = {""}, left_out;
  for (const SampleDistanceInfo* distance : distances) {
    const std::string_view why_not = WhyNot(*distance, a.dim);
    const std::string name(distance->name);
    if (!why_not.empty()) {
      // Who asked for all did not ask for this one.
      if (options.metrics) {
        left_out.push_back(name + " left out: " + std::string(why_not));
      }
      continue;
    }
    const SampleDistance found = distance->evaluate(pair);
    json[name] = ToJson(found);
    rows.push_back({name, Between(found.value, found.std_error),
                    WithCommas(found.n_a) + " and " + WithCommas(found.n_b)});
    std::string note;
    for (const auto& [key, value] : found.more) {
      note += "  " + std::string(key) + " " + Brief(value);
    }
    notes.push_back(std::move(note));
  }
  if (options.json) {
    context.out << Write(json) << std::endl;
    return kExitDone;
  }
  context.out << "A: " << WithCommas(a.count()) << " points of " << a_path
              << ". B: " << WithCommas(b.count()) << " points of " << b_path
              << ".\n";
  if (rows.size() > 1) PrintAligned(rows, notes, context.out);
  for (const std::string& line : left_out) context.out << line << '\n';
  context.out << std::flush;
  return kExitDone;
}

}  // namespace unnoise
