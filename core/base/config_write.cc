// From a configuration to JSON, `key=value` words and the schema. The way back
// is in config_read.cc.

#include <cmath>
#include <map>
#include <utility>

#include "core/base/config.h"

namespace unnoise {
namespace {

Json::Array NestedNumbers(const NumberArray& value, int rank) {
  Json::Array out;
  if (rank == 1) {
    for (const double number : value.numbers) out.push_back(number);
  } else {
    for (const NumberArray& element : value.elements) {
      out.push_back(NestedNumbers(element, rank - 1));
    }
  }
  return out;
}

// The values of single fields as JSON; what groups do is up to the derived
// visitor.
class ValueVisitor : public Visitor {
 public:
  void Int(const Field& field, const Range&, int64_t& value) final {
    Value(field, value);
  }
  void Real(const Field& field, const Range&, double& value) final {
    Value(field, value);
  }
  void Bool(const Field& field, bool& value) final { Value(field, value); }
  void Text(const Field& field, std::string& value) final {
    Value(field, value);
  }
  void Option(const Field& field, std::span<const std::string_view> options,
              int& value) final {
    Value(field, options[value]);
  }
  void Numbers(const Field& field, const Range&, int rank,
               NumberArray& value) final {
    Value(field, NestedNumbers(value, rank));
  }

 protected:
  virtual void Value(const Field& field, Json value) = 0;
};

class ObjectWriter final : public ValueVisitor {
 public:
  explicit ObjectWriter(Json::Object& out) : out_(out) {}

  void Section(const Field& field, Described& value) override {
    WriteInto(field, {}, value);
  }
  void Kind(const Field& field, ChoiceBase& choice) override {
    WriteInto(field, {{"kind", choice.kind()}}, choice.value());
  }
  void KindInline(const Field& field, ChoiceBase& choice) override {
    Value(field, Json::Object{{"kind", choice.kind()}});
    choice.value().Visit(*this);
  }

 protected:
  void Value(const Field& field, Json value) override {
    out_[std::string(field.name)] = std::move(value);
  }

 private:
  void WriteInto(const Field& field, Json::Object start, Described& value) {
    ObjectWriter writer(start);
    value.Visit(writer);
    Value(field, std::move(start));
  }

  Json::Object& out_;
};

// A visitor that knows the dotted path of each field.
class PathVisitor : public ValueVisitor {
 public:
  explicit PathVisitor(std::string prefix) : prefix_(std::move(prefix)) {}

  void Section(const Field& field, Described& value) final {
    Enter(field, value);
  }
  void Kind(const Field& field, ChoiceBase& choice) final {
    KindName(field, choice, PathOf(field));
    Enter(field, choice.value());
  }
  void KindInline(const Field& field, ChoiceBase& choice) final {
    KindName(field, choice, prefix_);
    choice.value().Visit(*this);
  }

 protected:
  // `fields_prefix` is where the fields of the kind stand.
  virtual void KindName(const Field& field, ChoiceBase& choice,
                        const std::string& fields_prefix) = 0;

  std::string PathOf(const Field& field) const {
    return (prefix_.empty() ? "" : prefix_ + ".") + std::string(field.name);
  }

 private:
  void Enter(const Field& field, Described& value) {
    std::string outer = std::exchange(prefix_, PathOf(field));
    value.Visit(*this);
    prefix_ = std::move(outer);
  }

  std::string prefix_;
};

// Every single field and every kind's name, by path.
using Flat = std::map<std::string, Json>;

class Flattener final : public PathVisitor {
 public:
  Flattener(std::string prefix, Flat& out)
      : PathVisitor(std::move(prefix)), out_(out) {}

 protected:
  void Value(const Field& field, Json value) override {
    out_[PathOf(field)] = std::move(value);
  }
  void KindName(const Field& field, ChoiceBase& choice,
                const std::string&) override {
    out_[PathOf(field)] = choice.kind();
  }

 private:
  Flat& out_;
};

// A bare word where it cannot be taken for JSON, else JSON.
std::string WordOf(const Json& value) {
  const std::string* text = value.AsString();
  const bool bare = text && !text->empty() && !ParseJson(*text, "").ok();
  return bare ? *text : Write(value);
}

class OverrideLister final : public PathVisitor {
 public:
  explicit OverrideLister(Flat defaults)
      : PathVisitor(""), defaults_(std::move(defaults)) {}

  std::vector<std::string> Take() { return std::move(words_); }

 protected:
  void Value(const Field& field, Json value) override {
    std::string path = PathOf(field);
    if (defaults_[path] != value) words_.push_back(path + '=' + WordOf(value));
  }
  void KindName(const Field& field, ChoiceBase& choice,
                const std::string& fields_prefix) override {
    Json& kind = defaults_[PathOf(field)];
    if (kind == Json(choice.kind())) return;
    kind = choice.kind();
    words_.push_back(PathOf(field) + '=' + WordOf(kind));
    // Another kind starts from its own defaults.
    Flattener flattener(fields_prefix, defaults_);
    choice.Fresh(choice.index())->value().Visit(flattener);
  }

 private:
  Flat defaults_;
  std::vector<std::string> words_;
};

class SchemaWriter final : public Visitor {
 public:
  explicit SchemaWriter(std::string prefix) : prefix_(std::move(prefix)) {}

  void Int(const Field& field, const Range& range, int64_t& value) override {
    AddRange(Add(field, "int", value), range);
  }
  void Real(const Field& field, const Range& range, double& value) override {
    AddRange(Add(field, "real", value), range);
  }
  void Bool(const Field& field, bool& value) override {
    Add(field, "bool", value);
  }
  void Text(const Field& field, std::string& value) override {
    Add(field, "text", value);
  }
  void Option(const Field& field, std::span<const std::string_view> options,
              int& value) override {
    Json& entry = Add(field, "option", options[value]);
    entry["options"] = Json::Array(options.begin(), options.end());
  }
  void Numbers(const Field& field, const Range& range, int rank,
               NumberArray& value) override {
    Json& entry = Add(field, "numbers", NestedNumbers(value, rank));
    AddRange(entry, range);
    entry["rank"] = rank;
  }
  void Section(const Field& field, Described& value) override {
    Json& entry = AddNamed(field, "section");
    entry["fields"] = FieldsOf(value, PathOf(field));
  }
  void Kind(const Field& field, ChoiceBase& choice) override {
    AddKinds(field, choice, PathOf(field));
  }
  void KindInline(const Field& field, ChoiceBase& choice) override {
    AddKinds(field, choice, prefix_)["inline"] = true;
  }

  static Json::Array FieldsOf(Described& config, std::string prefix) {
    SchemaWriter writer(std::move(prefix));
    config.Visit(writer);
    return writer.Take();
  }
  Json::Array Take() { return std::move(entries_); }

 private:
  std::string PathOf(const Field& field) const {
    return (prefix_.empty() ? "" : prefix_ + ".") + std::string(field.name);
  }

  // The entry is good until the next one is added.
  Json& AddNamed(const Field& field, const char* type) {
    Json entry;
    entry["name"] = field.name;
    entry["path"] = PathOf(field);
    entry["type"] = type;
    entry["help"] = field.help;
    if (!field.source.empty()) entry["source"] = field.source;
    if (!field.unit.empty()) entry["unit"] = field.unit;
    return entries_.emplace_back(std::move(entry));
  }
  Json& Add(const Field& field, const char* type, Json value) {
    Json& entry = AddNamed(field, type);
    entry["default"] = std::move(value);
    return entry;
  }

  static void AddRange(Json& entry, const Range& range) {
    if (std::isfinite(range.min)) entry["min"] = range.min;
    if (std::isfinite(range.max)) entry["max"] = range.max;
    entry["scale"] = range.scale == Scale::kLog ? "log" : "linear";
  }

  Json& AddKinds(const Field& field, ChoiceBase& choice,
                 const std::string& fields_prefix) {
    Json::Array kinds;
    for (int i = 0; i < choice.count(); ++i) {
      const std::unique_ptr<ChoiceBase> fresh = choice.Fresh(i);
      Described& value = i == choice.index() ? choice.value() : fresh->value();
      Json kind;
      kind["name"] = choice.name(i);
      kind["title"] = choice.title(i);
      kind["help"] = choice.help(i);
      kind["fields"] = FieldsOf(value, fields_prefix);
      kinds.push_back(std::move(kind));
    }
    Json& entry = Add(field, "kind", choice.kind());
    entry["kinds"] = std::move(kinds);
    return entry;
  }

  std::string prefix_;
  Json::Array entries_;
};

}  // namespace

Json ToJson(const Described& config) {
  Json::Object out;
  ObjectWriter writer(out);
  Show(config, writer);
  return out;
}

std::vector<std::string> OverridesOf(const Described& config,
                                     const Described& fresh) {
  Flat defaults;
  Flattener flattener("", defaults);
  Show(fresh, flattener);
  OverrideLister lister(std::move(defaults));
  Show(config, lister);
  return lister.Take();
}

Json SchemaOf(const Described& config) {
  SchemaWriter writer("");
  Show(config, writer);
  return writer.Take();
}

}  // namespace unnoise
