// unnoise list and unnoise describe: what there is, from the descriptions.

#include <algorithm>
#include <ostream>
#include <utility>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/nearest.h"
#include "core/cli/command.h"
#include "core/data/dataset.h"
#include "core/divergence/divergence.h"
#include "core/divergence/sample_distance.h"
#include "core/family/family.h"
#include "core/metric/metric.h"
#include "core/path/path.h"
#include "core/process/process.h"
#include "core/run/describe_all.h"
#include "core/sampling/sampler.h"

namespace unnoise {
namespace {

template <class R>
Json::Array Listed(std::span<const R> rows) {
  Json::Array list;
  for (const R& row : rows) {
    list.push_back(Json::Object{
        {"name", row.name}, {"title", row.title}, {"help", row.help}});
  }
  return list;
}

Json::Array ListOf(std::string_view what) {
  if (what == "families") return Listed(Rows<Family>());
  if (what == "datasets") return Listed(Rows<Dataset>());
  if (what == "samplers") return Listed(Rows<Sampler>());
  if (what == "paths") return Listed(Rows<Path>());
  if (what == "divergences") return Listed(Divergences());
  if (what == "distances") return Listed(SampleDistances());
  if (what == "processes") return Listed(Rows<Process>());
  return Listed(Metrics());
}

// The one word that names a list. Throws Failure.
std::string_view OneOfLists(const std::vector<std::string>& words) {
  static constexpr std::string_view kLists[] = {
      "families", "datasets",    "samplers",  "paths",
      "metrics",  "divergences", "distances", "processes"};
  if (words.size() != 1) {
    throw Failure{kExitUsage,
                  {{"list", "name one list; " + Suggestion("", kLists)}}};
  }
  const auto found = std::find(std::begin(kLists), std::end(kLists), words[0]);
  if (found == std::end(kLists)) {
    throw Failure{
        kExitUsage,
        {{words[0], "there is no such list; " + Suggestion(words[0], kLists)}}};
  }
  return *found;
}

std::string_view TextIn(const Json& json, std::string_view key) {
  const Json* value = json.Find(key);
  return value && value->AsString() ? std::string_view(*value->AsString())
                                    : std::string_view();
}

constexpr size_t kPageWidth = 79;

// Writes text in lines that fit the page, indented.
void Wrap(std::string_view text, size_t indent, std::ostream& out) {
  const size_t width = kPageWidth - indent;
  while (!text.empty()) {
    size_t end = text.size();
    if (end > width) {
      const size_t space = text.rfind(' ', width);
      end = space == text.npos || space == 0 ? width : space;
    }
    out << std::string(indent, ' ') << text.substr(0, end) << '\n';
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
}

// "from 1 to 1024", "silu, tanh or relu".
std::string Allowed(const Json& field) {
  std::string text;
  const Json* options = field.Find("options");
  if (options && options->AsArray()) {
    const Json::Array& names = *options->AsArray();
    for (size_t i = 0; i < names.size(); ++i) {
      if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
      text += *names[i].AsString();
    }
    return text;
  }
  const Json* min = field.Find("min");
  const Json* max = field.Find("max");
  if (min && max) text = "from " + Write(*min) + " to " + Write(*max);
  if (min && !max) text = "at least " + Write(*min);
  if (max && !min) text = "at most " + Write(*max);
  return text;
}

void PrintFields(const Json& fields, size_t indent, std::ostream& out) {
  for (const Json& field : *fields.AsArray()) {
    const std::string_view type = TextIn(field, "type");
    if (type == "section") {
      PrintFields(*field.Find("fields"), indent, out);
      continue;
    }
    const Json* value = field.Find("default");
    out << std::string(indent, ' ') << TextIn(field, "path") << '=';
    if (value) {
      out << (value->AsString() ? *value->AsString() : Write(*value));
    }
    const std::string allowed = Allowed(field);
    if (!allowed.empty()) out << "  (" << allowed << ')';
    const std::string_view unit = TextIn(field, "unit");
    if (!unit.empty()) out << "  in " << unit;
    out << '\n';
    Wrap(TextIn(field, "help"), indent + 4, out);
    if (type != "kind") continue;
    for (const Json& kind : *field.Find("kinds")->AsArray()) {
      out << std::string(indent + 2, ' ') << TextIn(field, "path") << '='
          << TextIn(kind, "name") << '\n';
      Wrap(TextIn(kind, "help"), indent + 6, out);
      PrintFields(*kind.Find("fields"), indent + 6, out);
    }
  }
}

}  // namespace

ExitCode ListKinds(const CatalogueOptions& options, Context& context) {
  const Json::Array list = ListOf(OneOfLists(options.words));
  if (options.json) {
    context.out << Write(list) << std::endl;
    return kExitDone;
  }
  size_t width = 0;
  for (const Json& row : list) {
    width = std::max(width, TextIn(row, "name").size());
  }
  for (const Json& row : list) {
    const std::string_view name = TextIn(row, "name");
    context.out << name << std::string(width + 2 - name.size(), ' ')
                << TextIn(row, "title") << '\n';
    Wrap(TextIn(row, "help"), width + 2, context.out);
  }
  context.out << std::flush;
  return kExitDone;
}

ExitCode DescribeFields(const CatalogueOptions& options, Context& context) {
  Json description = DescribeAll(Metrics());
  description["processes"] = SchemaOf(ProcessChoice());
  if (options.json) {
    context.out << Write(description) << std::endl;
    return kExitDone;
  }
  context.out << "Fields of an experiment with their defaults, as "
                 "unnoise train takes them:\n\n";
  PrintFields(*description.Find("experiment"), 0, context.out);
  context.out << "\nProcesses of unnoise process NAME, with their fields:\n\n";
  PrintFields(*description.Find("processes"), 0, context.out);
  context.out << "\nMetrics of unnoise eval:\n\n";
  for (const Json& metric : *description.Find("metrics")->AsArray()) {
    context.out << TextIn(metric, "name") << '\n';
    Wrap(TextIn(metric, "help"), 4, context.out);
  }
  context.out << std::flush;
  return kExitDone;
}

}  // namespace unnoise
