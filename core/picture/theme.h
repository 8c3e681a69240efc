// The colours of pictures: the page's own tokens, light and dark, and the ramp
// for amounts. They are read from the page's style sheet and from ramps.json
// when the program is built; no colour stands in code.

#ifndef UNNOISE_PICTURE_THEME_H_
#define UNNOISE_PICTURE_THEME_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace unnoise {

struct Colour {
  uint8_t r = 0;
  uint8_t g = 0;
  uint8_t b = 0;
  bool operator==(const Colour&) const = default;
};

// "#2f62cf".
std::string HexOf(Colour colour);

// From `a` at 0 to `b` at 1, channel by channel, rounded.
Colour Mix(Colour a, Colour b, double part);

struct Theme {
  Colour paper, surface, ink, muted, line;
  Colour grid, label, data, samples;
};

// The page's colours of that name; constants of the program.
const Theme& ThemeOf(bool dark);

// How much: dark blue at 0 to yellow at 1, even in lightness. Values outside
// are taken as the nearer end.
Colour SequentialColour(double value);

// Every colour token as style sheet declarations: "--paper: #f6f6f3; ...".
std::string TokensAsCss(bool dark);

}  // namespace unnoise

#endif  // UNNOISE_PICTURE_THEME_H_
