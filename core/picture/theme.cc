// See theme.h.

#include "core/picture/theme.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "core/base/check.h"
#include "core/picture/colours.h"

namespace unnoise {
namespace {

Colour FromCode(uint32_t code) {
  return {static_cast<uint8_t>(code >> 16), static_cast<uint8_t>(code >> 8),
          static_cast<uint8_t>(code)};
}

Colour Token(std::string_view name, bool dark) {
  const auto* found =
      std::find_if(std::begin(kTokens), std::end(kTokens),
                   [&](const auto& token) { return token.name == name; });
  Check(found != std::end(kTokens), "the page has no colour of that name");
  return FromCode(dark ? found->dark : found->light);
}

Theme MakeTheme(bool dark) {
  return {.paper = Token("paper", dark),
          .surface = Token("surface", dark),
          .ink = Token("ink", dark),
          .muted = Token("muted", dark),
          .line = Token("line", dark),
          .grid = Token("plot-grid", dark),
          .label = Token("plot-label", dark),
          .data = Token("plot-data", dark),
          .samples = Token("plot-samples", dark)};
}

uint8_t MixChannel(uint8_t a, uint8_t b, double part) {
  return static_cast<uint8_t>(std::floor(a + (b - a) * part + 0.5));
}

}  // namespace

std::string HexOf(Colour colour) {
  std::string hex = "#";
  for (const int channel : {colour.r, colour.g, colour.b}) {
    hex += "0123456789abcdef"[channel >> 4];
    hex += "0123456789abcdef"[channel & 15];
  }
  return hex;
}

Colour Mix(Colour a, Colour b, double part) {
  return {MixChannel(a.r, b.r, part), MixChannel(a.g, b.g, part),
          MixChannel(a.b, b.b, part)};
}

const Theme& ThemeOf(bool dark) {
  static const Theme themes[] = {MakeTheme(false), MakeTheme(true)};
  return themes[dark ? 1 : 0];
}

Colour SequentialColour(double value) {
  constexpr int kSpans = static_cast<int>(std::size(kSequential)) - 1;
  const double at = kSpans * std::clamp(value, 0.0, 1.0);
  const int span = std::min(static_cast<int>(at), kSpans - 1);
  return Mix(FromCode(kSequential[span]), FromCode(kSequential[span + 1]),
             at - span);
}

std::string TokensAsCss(bool dark) {
  std::string css;
  for (const auto& token : kTokens) {
    if (!css.empty()) css += ' ';
    css += std::string("--") + token.name + ": " +
           HexOf(FromCode(dark ? token.dark : token.light)) + ";";
  }
  return css;
}

}  // namespace unnoise
