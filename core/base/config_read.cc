// From JSON to a configuration, with every problem named. `key=value` words are
// applied to the JSON before, in config_override.cc; the way out is in
// config_write.cc.

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/base/config.h"
#include "core/base/nearest.h"

namespace unnoise {
namespace {

constexpr double kMaxExactInteger = 9007199254740991.0;  // 2^53 - 1
constexpr size_t kMaxTextBytes = 256;
constexpr size_t kMaxShownBytes = 40;

std::string Join(const std::string& prefix, std::string_view name) {
  if (prefix.empty() || name.empty()) return prefix + std::string(name);
  return prefix + '.' + std::string(name);
}

// What was found, as JSON, cut to a length that fits a message.
std::string Shown(const Json& value) {
  std::string text = Write(value);
  if (text.size() > kMaxShownBytes) {
    size_t end = kMaxShownBytes;  // not within a UTF-8 sequence
    while (end > 0 && (text[end] & 0xC0) == 0x80) --end;
    text = text.substr(0, end) + "...";
  }
  return text;
}

std::string RangeText(const Range& range) {
  const bool low = std::isfinite(range.min), high = std::isfinite(range.max);
  if (low && high) {
    return " from " + Write(range.min) + " to " + Write(range.max);
  }
  if (low) return " of at least " + Write(range.min);
  if (high) return " of at most " + Write(range.max);
  return "";
}

bool Within(const Range& range, double value) {
  return value >= range.min && value <= range.max;
}

std::string Listed(const std::vector<std::string_view>& names) {
  std::string text;
  for (const std::string_view name : names) {
    if (!text.empty()) text += ", ";
    text += name;
  }
  return text;
}

std::vector<std::string_view> KindNames(const ChoiceBase& choice) {
  std::vector<std::string_view> names;
  for (int i = 0; i < choice.count(); ++i) names.push_back(choice.name(i));
  return names;
}

// Reads one JSON object (null: absent, so every field keeps its value) into the
// fields that stand in it.
class ObjectReader final : public Visitor {
 public:
  // Reads `json` into `config`, checks that no key is left over, and validates
  // if all that went well. `known` are keys that belong to the object already.
  static void Read(const Json* json, const std::string& prefix,
                   Described& config, Problems& problems,
                   std::vector<std::string_view> known = {}) {
    if (json && !json->AsObject()) {
      problems.push_back(
          {prefix, "found " + Shown(*json) + "; give an object of fields."});
      return;
    }
    const size_t before = problems.size();
    ObjectReader reader(json, prefix, problems, std::move(known));
    config.Visit(reader);
    reader.FindUnknownKeys();
    if (problems.size() == before) Validate(config, prefix, problems);
  }

  void Int(const Field& field, const Range& range, int64_t& value) override {
    const Json* json = Find(field);
    if (!json) return;
    const double* number = json->AsNumber();
    if (number && *number == std::floor(*number) &&
        std::fabs(*number) <= kMaxExactInteger && Within(range, *number)) {
      value = static_cast<int64_t>(*number);
    } else {
      Wrong(field, *json, "give a whole number" + RangeText(range));
    }
  }

  void Real(const Field& field, const Range& range, double& value) override {
    const Json* json = Find(field);
    if (!json) return;
    const double* number = json->AsNumber();
    if (number && Within(range, *number)) {
      value = *number + 0.0;  // -0 becomes 0, as canonical JSON has it
    } else {
      Wrong(field, *json, "give a number" + RangeText(range));
    }
  }

  void Bool(const Field& field, bool& value) override {
    const Json* json = Find(field);
    if (!json) return;
    if (const bool* boolean = json->AsBool()) {
      value = *boolean;
    } else {
      Wrong(field, *json, "give true or false");
    }
  }

  void Text(const Field& field, std::string& value) override {
    const Json* json = Find(field);
    if (!json) return;
    const std::string* text = json->AsString();
    const auto is_control = [](unsigned char c) { return c < 32 || c == 127; };
    if (text && text->size() <= kMaxTextBytes &&
        std::none_of(text->begin(), text->end(), is_control)) {
      value = *text;
    } else {
      Wrong(field, *json,
            "give text of at most " + std::to_string(kMaxTextBytes) +
                " bytes in one line");
    }
  }

  void Option(const Field& field, std::span<const std::string_view> options,
              int& value) override {
    const Json* json = Find(field);
    if (!json) return;
    const std::string* text = json->AsString();
    const auto found =
        text ? std::find(options.begin(), options.end(), *text) : options.end();
    if (found != options.end()) {
      value = static_cast<int>(found - options.begin());
    } else {
      Wrong(field, *json,
            "give one of " + Listed({options.begin(), options.end()}));
    }
  }

  void Numbers(const Field& field, const Range& range, int rank,
               NumberArray& value) override {
    if (const Json* json = Find(field)) {
      NumberArray read;
      if (ReadNumbers(*json, PathOf(field), range, rank, read)) {
        value = std::move(read);
      }
    }
  }

  void Section(const Field& field, Described& value) override {
    Read(Find(field), PathOf(field), value, problems_);
  }

  void Kind(const Field& field, ChoiceBase& choice) override {
    const Json* json = Find(field);
    if (SelectKind(field, json, choice)) {
      Read(json, PathOf(field), choice.value(), problems_, {"kind"});
    }
  }

  void KindInline(const Field& field, ChoiceBase& choice) override {
    const Json* json = Find(field);
    if (!SelectKind(field, json, choice)) {
      all_known_ = false;
      return;
    }
    ObjectReader name(json, PathOf(field), problems_, {"kind"});
    name.FindUnknownKeys();
    const size_t before = problems_.size();
    choice.value().Visit(*this);
    if (problems_.size() == before) {
      Validate(choice.value(), prefix_, problems_);
    }
  }

 private:
  ObjectReader(const Json* json, std::string prefix, Problems& problems,
               std::vector<std::string_view> known)
      : json_(json),
        prefix_(std::move(prefix)),
        problems_(problems),
        known_(std::move(known)) {}

  static void Validate(const Described& config, const std::string& prefix,
                       Problems& problems) {
    Problems found;
    config.Validate(found);
    for (Problem& problem : found) {
      problems.push_back(
          {Join(prefix, problem.path), std::move(problem.message)});
    }
  }

  std::string PathOf(const Field& field) const {
    return Join(prefix_, field.name);
  }

  const Json* Find(const Field& field) {
    Check(std::find(known_.begin(), known_.end(), field.name) == known_.end(),
          "two fields of one object have the same name");
    known_.push_back(field.name);
    return json_ ? json_->Find(field.name) : nullptr;
  }

  void Wrong(const Field& field, const Json& found, const std::string& repair) {
    problems_.push_back(
        {PathOf(field), "found " + Shown(found) + "; " + repair + "."});
  }

  bool ReadNumbers(const Json& json, const std::string& path,
                   const Range& range, int rank, NumberArray& out) {
    const Json::Array* array = json.AsArray();
    if (!array) {
      problems_.push_back(
          {path, "found " + Shown(json) + "; give " +
                     (rank == 1 ? "a list of numbers, such as [0, 1]."
                                : "a list of lists of numbers.")});
      return false;
    }
    for (size_t i = 0; i < array->size(); ++i) {
      const Json& element = (*array)[i];
      const std::string place = path + '[' + std::to_string(i) + ']';
      if (rank > 1) {
        if (!ReadNumbers(element, place, range, rank - 1,
                         out.elements.emplace_back())) {
          return false;  // one problem of an array is enough to find the rest
        }
      } else if (const double* number = element.AsNumber();
                 number && Within(range, *number)) {
        out.numbers.push_back(*number + 0.0);
      } else {
        problems_.push_back({place, "found " + Shown(element) +
                                        "; give a number" + RangeText(range) +
                                        "."});
        return false;
      }
    }
    return true;
  }

  // Selects the kind that the object names. False after a problem that leaves
  // unknown which fields there are.
  bool SelectKind(const Field& field, const Json* json, ChoiceBase& choice) {
    if (!json) return true;
    if (!json->AsObject()) {
      Wrong(field, *json,
            "give an object that names a kind, such as {\"kind\": \"" +
                std::string(choice.kind()) + "\"}");
      return false;
    }
    const Json* kind = json->Find("kind");
    if (!kind) return true;
    const std::string* name = kind->AsString();
    const int index = name ? choice.Find(*name) : -1;
    if (index < 0) {
      problems_.push_back({Join(PathOf(field), "kind"),
                           "found " + Shown(*kind) + ", which is no kind of " +
                               std::string(field.name) + "; choose from " +
                               Listed(KindNames(choice)) + "."});
      return false;
    }
    if (index != choice.index()) choice.Select(index);
    return true;
  }

  void FindUnknownKeys() {
    if (!json_ || !all_known_) return;
    for (const auto& [key, value] : *json_->AsObject()) {
      if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
        problems_.push_back({Join(prefix_, key), "there is no such field; " +
                                                     Suggestion(key, known_)});
      }
    }
  }

  const Json* json_;
  std::string prefix_;
  Problems& problems_;
  std::vector<std::string_view> known_;
  bool all_known_ = true;  // false if an unknown kind hides what its fields are
};

}  // namespace

Problems FromJson(const Json& json, Described& config) {
  Problems problems;
  ObjectReader::Read(&json, "", config, problems);
  return problems;
}

}  // namespace unnoise
