// JSON values in one canonical form. The parser (nlohmann-json, used in json.cc
// alone) accepts RFC 8259 text and refuses duplicate keys; the writer sorts
// keys, writes numbers as doubles in one shortest form that reads back to the
// same double, and never writes NaN or infinity.

#ifndef UNNOISE_BASE_JSON_H_
#define UNNOISE_BASE_JSON_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

#include "core/base/problem.h"

namespace unnoise {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json, std::less<>>;

  Json() = default;                                             // null
  Json(bool value) : value_(value) {}                           // NOLINT
  Json(std::string value) : value_(std::move(value)) {}         // NOLINT
  Json(std::string_view value) : value_(std::string(value)) {}  // NOLINT
  Json(const char* value) : value_(std::string(value)) {}       // NOLINT
  Json(Array value) : value_(std::move(value)) {}               // NOLINT
  Json(Object value) : value_(std::move(value)) {}              // NOLINT
  // Any number; integers must be exact as a double (|value| <= 2^53).
  template <class N>
  requires(std::is_arithmetic_v<N> && !std::is_same_v<N, bool>) Json(N value)
      : value_(static_cast<double>(value)) {}  // NOLINT

  bool is_null() const { return value_.index() == 0; }
  const bool* AsBool() const { return std::get_if<bool>(&value_); }
  const double* AsNumber() const { return std::get_if<double>(&value_); }
  const std::string* AsString() const {
    return std::get_if<std::string>(&value_);
  }
  const Array* AsArray() const { return std::get_if<Array>(&value_); }
  Array* AsArray() { return std::get_if<Array>(&value_); }
  const Object* AsObject() const { return std::get_if<Object>(&value_); }
  Object* AsObject() { return std::get_if<Object>(&value_); }

  // The member of that name, or null if this is no object or has none.
  const Json* Find(std::string_view key) const;

  // Sets a member; a null value becomes an object first. Requires an object.
  Json& operator[](std::string_view key);

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, double, std::string, Array, Object> value_;
};

// Canonical text: sorted keys, no spaces. Throws UsageError on NaN or infinity.
std::string Write(const Json& value);

// The same with two spaces of indentation and a final newline, for people.
std::string WritePretty(const Json& value);

// Parses text. `where` names the source in problems ("experiment.json"). Depth
// over 64 is refused.
Result<Json> ParseJson(std::string_view text, std::string_view where);

}  // namespace unnoise

#endif  // UNNOISE_BASE_JSON_H_
