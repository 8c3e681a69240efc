#include "core/base/json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/base/check.h"

namespace unnoise {
namespace {

constexpr int kMaxDepth = 64;
constexpr double kMaxExactInteger = 9007199254740992.0;  // 2^53

std::string WriteString(const std::string& value) {
  // Invalid UTF-8 becomes U+FFFD rather than an exception.
  return nlohmann::json(value).dump(-1, ' ', false,
                                    nlohmann::json::error_handler_t::replace);
}

// A text cut to a length that fits a message.
std::string Shown(const std::string& text) {
  constexpr std::size_t kMaxShownBytes = 40;
  if (text.size() <= kMaxShownBytes) return text;
  return text.substr(0, kMaxShownBytes) + "...";
}

// Builds a Json from nlohmann's events, so that duplicate keys, which its own
// tree would swallow, are seen.
class Builder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  bool null() override { return Put(Json()); }
  bool boolean(bool value) override { return Put(Json(value)); }
  bool number_integer(number_integer_t value) override { return Put(value); }
  bool number_unsigned(number_unsigned_t value) override { return Put(value); }
  bool number_float(number_float_t value, const string_t&) override {
    return Put(Json(value));
  }
  bool string(string_t& value) override { return Put(Json(std::move(value))); }
  bool binary(binary_t&) override {
    return Fail("binary values are not JSON.");
  }
  bool start_object(std::size_t) override { return Open(Json::Object{}); }
  bool start_array(std::size_t) override { return Open(Json::Array{}); }
  bool end_object() override { return Close(); }
  bool end_array() override { return Close(); }
  bool key(string_t& value) override {
    if (open_.back()->AsObject()->count(value) > 0) {
      return Fail("the key " + WriteString(Shown(value)) +
                  " stands twice; keep one of them.");
    }
    key_ = std::move(value);
    return true;
  }
  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::detail::exception& error) override {
    constexpr int kNumberOverflow = 406;
    if (error.id == kNumberOverflow) {
      return Fail("the number " + Shown(token) +
                  " is too large; give one below 1e308 in size.");
    }
    return Fail("this is not valid JSON: correct it near " + PlaceOf(position) +
                ".");
  }

  Json Take() { return std::move(root_); }
  const std::string& error() const { return error_; }

 private:
  bool Fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
    return false;
  }

  // "line 3, column 14" of a byte counted from 1.
  std::string PlaceOf(std::size_t position) const {
    const std::string_view before =
        text_.substr(0, position > 0 ? position - 1 : 0);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::size_t start = before.rfind('\n') + 1;  // npos + 1 = 0
    return "line " + std::to_string(line) + ", column " +
           std::to_string(before.size() - start + 1);
  }

  Json* Place(Json value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (Json::Array* array = open_.back()->AsArray()) {
      array->push_back(std::move(value));
      return &array->back();
    }
    return &((*open_.back())[key_] = std::move(value));
  }
  bool Put(Json value) {
    Place(std::move(value));
    return true;
  }
  bool Open(Json value) {
    if (static_cast<int>(open_.size()) == kMaxDepth) {
      return Fail("values are nested deeper than " + std::to_string(kMaxDepth) +
                  " levels; flatten them.");
    }
    open_.push_back(Place(std::move(value)));
    return true;
  }
  bool Close() {
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  Json root_;
  std::vector<Json*> open_;  // no array grows while an element of it is open
  std::string key_;
  std::string error_;
};

std::string WriteNumber(double value) {
  Check(std::isfinite(value), "JSON cannot hold NaN or infinity");
  if (value == 0) return "0";  // also -0: one form
  if (value == std::floor(value) && std::fabs(value) <= kMaxExactInteger) {
    return std::to_string(static_cast<int64_t>(value));
  }
  // Grisu2 in integer arithmetic: the same text on every machine.
  return nlohmann::json(value).dump();
}

// `indent` < 0 writes no white space.
void Append(const Json& value, int indent, std::string& out) {
  const int inner = indent < 0 ? -1 : indent + 2;
  auto new_line = [&](int spaces) {
    if (spaces >= 0) out += '\n' + std::string(spaces, ' ');
  };
  if (const bool* boolean = value.AsBool()) {
    out += *boolean ? "true" : "false";
  } else if (const double* number = value.AsNumber()) {
    out += WriteNumber(*number);
  } else if (const std::string* string = value.AsString()) {
    out += WriteString(*string);
  } else if (const Json::Array* array = value.AsArray()) {
    out += '[';
    const char* separator = "";
    for (const Json& element : *array) {
      out += separator;
      Append(element, -1, out);  // arrays stay on one line, also for people
      separator = indent < 0 ? "," : ", ";
    }
    out += ']';
  } else if (const Json::Object* object = value.AsObject()) {
    out += '{';
    const char* separator = "";
    for (const auto& [key, member] : *object) {
      out += separator;
      new_line(inner);
      out += WriteString(key) + (indent < 0 ? ":" : ": ");
      Append(member, inner, out);
      separator = ",";
    }
    if (!object->empty()) new_line(indent);
    out += '}';
  } else {
    out += "null";
  }
}

}  // namespace

const Json* Json::Find(std::string_view key) const {
  const Object* object = AsObject();
  if (object == nullptr) return nullptr;
  const auto found = object->find(key);
  return found == object->end() ? nullptr : &found->second;
}

Json& Json::operator[](std::string_view key) {
  if (is_null()) value_ = Object{};
  Object* object = AsObject();
  Check(object != nullptr, "member access needs a JSON object");
  return (*object)[std::string(key)];
}

std::string Write(const Json& value) {
  std::string out;
  Append(value, -1, out);
  return out;
}

std::string WritePretty(const Json& value) {
  std::string out;
  Append(value, 0, out);
  return out + '\n';
}

Result<Json> ParseJson(std::string_view text, std::string_view where) {
  Builder builder(text);
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &builder)) {
    return Problem{std::string(where), builder.error()};
  }
  return builder.Take();
}

}  // namespace unnoise
