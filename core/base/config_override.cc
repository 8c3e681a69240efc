// `key=value` words applied to experiment JSON. Whether the values are allowed
// is found when the JSON is read (config_read.cc), not here.

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/config.h"

namespace unnoise {
namespace {

constexpr int kMaxDots = 16;  // no description is deeper; a link might be

// Sees groups, and single fields by name alone.
class NameVisitor : public Visitor {
 public:
  void Int(const Field& field, const Range&, int64_t&) final { Single(field); }
  void Real(const Field& field, const Range&, double&) final { Single(field); }
  void Bool(const Field& field, bool&) final { Single(field); }
  void Text(const Field& field, std::string&) final { Single(field); }
  void Option(const Field& field, std::span<const std::string_view>,
              int&) final {
    Single(field);
  }
  void Numbers(const Field& field, const Range&, int, NumberArray&) final {
    Single(field);
  }

 protected:
  virtual void Single(const Field& field) = 0;
};

// Every key that a configuration has in its own object.
class KeyLister final : public NameVisitor {
 public:
  explicit KeyLister(std::vector<std::string>& keys) : keys_(keys) {}
  void Section(const Field& field, Described&) override { Single(field); }
  void Kind(const Field& field, ChoiceBase&) override { Single(field); }
  void KindInline(const Field& field, ChoiceBase& choice) override {
    Single(field);
    choice.value().Visit(*this);
  }

 protected:
  void Single(const Field& field) override { keys_.emplace_back(field.name); }

 private:
  std::vector<std::string>& keys_;
};

// A field that holds a kind, as the JSON has it so far.
struct KindPlace {
  std::string path;               // without ".kind"
  std::string kind;               // now
  std::vector<std::string> keys;  // of its fields, if they stand beside
};

// Finds the kind that `target` ("x" or "x.kind") names, following the kinds
// that `json` has chosen and the defaults where it has not.
class KindFinder final : public NameVisitor {
 public:
  KindFinder(std::string_view target, const Json* json,
             std::optional<KindPlace>& found)
      : target_(target), json_(json), found_(found) {}

  void Section(const Field& field, Described& value) override {
    Enter(field, value);
  }
  void Kind(const Field& field, ChoiceBase& choice) override {
    Look(field, choice, false);
  }
  void KindInline(const Field& field, ChoiceBase& choice) override {
    Look(field, choice, true);
  }

 protected:
  void Single(const Field&) override {}

 private:
  std::string PathOf(const Field& field) const {
    return prefix_ + std::string(field.name);
  }
  const Json* Child(const Field& field) const {
    return json_ ? json_->Find(field.name) : nullptr;
  }

  void Enter(const Field& field, Described& value) {
    std::string path = PathOf(field) + '.';
    if (!target_.starts_with(path)) return;
    std::string outer = std::exchange(prefix_, std::move(path));
    const Json* outer_json = std::exchange(json_, Child(field));
    value.Visit(*this);
    prefix_ = std::move(outer);
    json_ = outer_json;
  }

  void Look(const Field& field, ChoiceBase& choice, bool beside) {
    const Json* child = Child(field);
    const Json* named = child ? child->Find("kind") : nullptr;
    const std::string* name = named ? named->AsString() : nullptr;
    const int index = name ? choice.Find(*name) : -1;
    const std::unique_ptr<ChoiceBase> other =
        index < 0 || index == choice.index() ? nullptr : choice.Fresh(index);
    ChoiceBase& chosen = other ? *other : choice;

    const std::string path = PathOf(field);
    if (target_ == path || target_ == path + ".kind") {
      found_ = KindPlace{path, name ? *name : std::string(chosen.kind()), {}};
      KeyLister lister(found_->keys);
      if (beside) chosen.value().Visit(lister);
    } else if (beside) {
      chosen.value().Visit(*this);
    } else {
      Enter(field, chosen.value());
    }
  }

  std::string_view target_;
  const Json* json_;  // the object that the visited fields stand in
  std::optional<KindPlace>& found_;
  std::string prefix_;  // empty or with a final dot
};

struct Word {
  const std::string* text;
  std::string_view key;
  Json value;
};

Result<Word> Split(const std::string& text) {
  const std::string_view view = text;
  const size_t equals = view.find('=');
  if (equals == view.npos) {
    return Problem{text, "this is no key=value; write for example seed=7."};
  }
  const std::string_view key = view.substr(0, equals);
  if (key.empty() || key.front() == '.' || key.back() == '.' ||
      key.find("..") != key.npos ||
      std::count(key.begin(), key.end(), '.') > kMaxDots) {
    return Problem{text,
                   "what stands before the '=' is no name; write for example "
                   "seed=7 or path.kind=cosine."};
  }
  const std::string_view value = view.substr(equals + 1);
  Result<Json> parsed = ParseJson(value, text);
  return Word{&text, key, parsed.ok() ? std::move(*parsed) : Json(value)};
}

// The object that holds the last part of a dotted key, made where it is
// missing; null after a problem.
Json* HolderOf(const Word& word, Json& json, Problems& problems) {
  Json* holder = &json;
  for (size_t start = 0;;) {
    if (!holder->is_null() && !holder->AsObject()) {
      const std::string_view place = word.key.substr(0, start ? start - 1 : 0);
      problems.push_back(
          {*word.text, (place.empty() ? "the experiment" : std::string(place)) +
                           " is not an object with fields; "
                           "repair it first."});
      return nullptr;
    }
    const size_t dot = word.key.find('.', start);
    if (dot == word.key.npos) {
      if (holder->is_null()) *holder = Json::Object{};
      return holder;
    }
    holder = &(*holder)[word.key.substr(start, dot - start)];
    start = dot + 1;
  }
}

std::string_view LastName(std::string_view key) {
  const size_t dot = key.rfind('.');
  return dot == key.npos ? key : key.substr(dot + 1);
}

void Assign(const Word& word, Json& json, Problems& problems) {
  if (Json* holder = HolderOf(word, json, problems)) {
    (*holder)[LastName(word.key)] = word.value;
  }
}

void AssignKind(Word word, const KindPlace& place, Json& json,
                Problems& problems) {
  word.key = place.path;
  const std::string* kind = word.value.AsString();
  Json* holder = kind ? HolderOf(word, json, problems) : nullptr;
  if (!kind) Assign(word, json, problems);  // a whole object, or a mistake
  if (!holder) return;
  Json& chosen = (*holder)[LastName(place.path)];
  if (*kind != place.kind || !chosen.AsObject()) {
    chosen = Json::Object{};
  }
  if (*kind != place.kind) {
    for (const std::string& key : place.keys) holder->AsObject()->erase(key);
  }
  chosen["kind"] = word.value;
}

}  // namespace

Problems ApplyOverrides(std::span<const std::string> words,
                        const Described& defaults, Json& json) {
  Problems problems;
  std::vector<Word> rest;
  auto find_kind = [&](const Word& word) {
    std::optional<KindPlace> found;
    KindFinder finder(word.key, &json, found);
    Show(defaults, finder);
    return found;
  };
  // Kinds come first, so that `data.noise=0.1 data=two_moons` means what it
  // means in the other order.
  for (const std::string& text : words) {
    Result<Word> word = Split(text);
    if (!word.ok()) {
      problems.push_back(word.problems().front());
    } else if (const auto place = find_kind(*word)) {
      AssignKind(std::move(*word), *place, json, problems);
    } else {
      rest.push_back(std::move(*word));
    }
  }
  for (Word& word : rest) {
    // A kind within a kind may have come to light only now.
    if (const auto place = find_kind(word)) {
      AssignKind(std::move(word), *place, json, problems);
    } else {
      Assign(word, json, problems);
    }
  }
  return problems;
}

}  // namespace unnoise
