// See numbers.h.

#include "core/picture/numbers.h"

#include <cmath>
#include <iterator>

#include "core/base/exact_math.h"

namespace unnoise {
namespace {

constexpr double kMost = 1e15;  // integers up to here are exact

// 10^exponent, by multiplication from 1.
double PowerOfTen(int exponent) {
  double power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  for (int i = 0; i > exponent; --i) power /= 10;
  return power;
}

std::string Digits(int64_t number) { return std::to_string(number); }

// Digits with a decimal point before the last `places`.
std::string WithPoint(int64_t number, int places) {
  const std::string digits = Digits(number < 0 ? -number : number);
  const auto after = static_cast<size_t>(places);
  std::string text = number < 0 ? "-" : "";
  // At least one digit before the point.
  for (size_t i = digits.size(); i <= after; ++i) text += '0';
  text += digits;
  if (places > 0) text.insert(text.end() - places, '.');
  return text;
}

// number * 10^exponent in words.
std::string Label(int64_t number, int exponent) {
  const std::string sign = number < 0 ? "\u2212" : "";
  int64_t size = number < 0 ? -number : number;
  if (size == 0) return "0";
  while (size % 10 == 0) {
    size /= 10;
    ++exponent;
  }
  const int digits = static_cast<int>(Digits(size).size());
  if (digits + exponent > 7 || exponent < -6) {
    // The first digit, a point, the rest.
    return sign + WithPoint(size, digits - 1) + "e" +
           (exponent + digits - 1 < 0 ? "\u2212" : "") +
           Digits(exponent + digits - 1 < 0 ? -(exponent + digits - 1)
                                            : exponent + digits - 1);
  }
  if (exponent < 0) return sign + WithPoint(size, -exponent);
  for (; exponent > 0; --exponent) size *= 10;
  std::string text = Digits(size);
  for (auto at = std::ssize(text); at > 3; at -= 3) {
    text.insert(text.begin() + (at - 3), ',');
  }
  return sign + text;
}

}  // namespace

std::string Fixed(double value, int places) {
  const double scaled = value * PowerOfTen(places);
  if (!(std::fabs(scaled) < kMost)) return "-";
  return WithPoint(static_cast<int64_t>(std::floor(scaled + 0.5)), places);
}

std::string Compact(double value, int places) {
  std::string text = Fixed(value, places);
  if (text.find('.') == text.npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::vector<Tick> Ticks(double low, double high, double count) {
  std::vector<Tick> ticks;
  // Rounding alone must not choose the next larger step.
  const double rough = (1 - 1e-9) * (high - low) / (count > 1 ? count : 1);
  if (!(rough > 0) || rough - rough != 0) return ticks;
  int exponent = 0;
  double power = 1;
  while (power * 10 <= rough) power = PowerOfTen(++exponent);
  while (power > rough) power = PowerOfTen(--exponent);
  int64_t multiple = 10;
  for (const int64_t nice : {5, 2, 1}) {
    if (static_cast<double>(nice) * power >= rough) multiple = nice;
  }
  const double step = static_cast<double>(multiple) * power;
  // A tick that rounding alone puts outside still counts.
  const double first = std::ceil(low / step - 1e-9);
  const double last = std::floor(high / step + 1e-9);
  if (!(std::fabs(first) < kMost / 100 && std::fabs(last) < kMost / 100)) {
    return ticks;  // a range narrower than its numbers are exact
  }
  for (int64_t i = static_cast<int64_t>(first); i <= last; ++i) {
    ticks.push_back(
        {static_cast<double>(i) * step, Label(i * multiple, exponent)});
  }
  return ticks;
}

std::vector<Tick> LogTicks(double low, double high) {
  std::vector<Tick> ticks;
  if (!(low > 0 && high > low) || high - high != 0) return ticks;
  int exponent = 0;
  while (PowerOfTen(exponent + 1) <= low) ++exponent;
  while (PowerOfTen(exponent) > low) --exponent;
  const bool dense = high / low < 200;
  for (double power = PowerOfTen(exponent); power <= high && power > 0;
       power = PowerOfTen(++exponent)) {
    for (const int64_t multiple : {1, 2, 5}) {
      const double value = static_cast<double>(multiple) * power;
      if (multiple > 1 && !dense) continue;
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) {
        ticks.push_back({value, Label(multiple, exponent)});
      }
    }
  }
  return ticks;
}

}  // namespace unnoise
