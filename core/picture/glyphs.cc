// See glyphs.h. A letter is a path on a lattice: baseline 0, small letters 10
// high, capitals 14. M and L go to a place and draw a line; H and V draw a
// quarter of an ellipse that leaves level or upright; Q draws a parabola by way
// of its first place.

#include "core/picture/glyphs.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>

#include "core/base/exact_math.h"

namespace unnoise {
namespace {

// Lattice steps: height of a capital, space around a letter, thickness.
constexpr double kCapital = 14;
constexpr double kCapitalPart = 0.72;  // of the size
constexpr double kGap = 3.8;
constexpr double kThickness = 1.75;
constexpr double kDigitWidth = 8.4;
constexpr double kSpaceWidth = 1.2;
constexpr int kCurvePieces = 8;
constexpr double kQuarterTurn = 1.5707963267948966;

struct Glyph {
  char32_t code;
  const char* path;
};

constexpr Glyph kGlyphs[] = {
    {U'!', "M0 14 L0 4.4 M0 .2 L0 0"},
    {U'"', "M0 14 L0 10 M3.4 14 L3.4 10"},
    {U'#', "M2.6 0 L5 14 M6.4 0 L8.8 14 M.8 9.4 L10.4 9.4 M.2 4.6 L9.8 4.6"},
    {U'$',
     "M8.7 11.2 V4.8 14 H.5 10.6 V4.7 7.3 H9.2 3.7 V4.6 0 H0 3 "
     "M4.7 16 L4.7 -2"},
    {U'%',
     "M0 10.8 V2.6 14 H5.2 10.8 V2.6 7.6 H0 10.8 M11 14 L3.4 0 "
     "M9.2 3.2 V11.8 6.4 H14.4 3.2 V11.8 0 H9.2 3.2"},
    {U'&',
     "M9.8 0 L2 9.2 Q1.2 10.2 1.2 11.3 V4 14 H6.8 11.4 "
     "Q6.8 9.6 4.2 8 Q0 5.6 0 3.4 V3.8 0 Q7.6 0 8.8 6"},
    {U'\'', "M0 14 L0 10"},
    {U'(', "M3 16 Q0 12 0 6.2 Q0 .8 3 -3.4"},
    {U')', "M0 16 Q3 12 3 6.2 Q3 .8 0 -3.4"},
    {U'*', "M3 14.4 L3 8 M.2 12.8 L5.8 9.6 M5.8 12.8 L.2 9.6"},
    {U'+', "M0 6 L9 6 M4.5 10.5 L4.5 1.5"},
    {U',', "M.9 .4 L0 -2.6"},
    {U'-', "M0 5 L4.4 5"},
    {U'.', "M0 .2 L0 0"},
    {U'/', "M0 -2 L5.4 15"},
    {U'0', "M0 7 V4.2 14 H8.4 7 V4.2 0 H0 7"},
    {U'1', "M1.6 11.4 L5 14 L5 0"},
    {U'2', "M.4 10.4 V4 14 H7.8 10.3 Q7.8 8 4.8 5 L0 0 L8.2 0"},
    {U'3',
     "M.5 11.6 V3.9 14 H7.6 10.7 V3.6 7.5 L2.8 7.5 M3.6 7.5 H8.3 3.7 "
     "V4 0 H0 2.6"},
    {U'4', "M6.4 0 L6.4 14 L0 4.2 L8.4 4.2"},
    {U'5', "M7.4 14 L1.3 14 L.7 7.4 Q2.2 8.9 4.1 8.9 H8.3 4.5 V3.9 0 H0 2.4"},
    {U'6',
     "M7.5 12.3 Q6.5 14 4.7 14 H.1 6.5 L.1 4.5 V4.2 0 H8.3 4.5 "
     "V4.2 8.9 H.1 4.5"},
    {U'7', "M0 14 L8 14 L2.8 0"},
    {U'8',
     "M4.2 7.5 H.6 10.8 V4.2 14 H7.8 10.8 V4.2 7.5 H8.4 3.8 V4.2 0 "
     "H0 3.8 V4.2 7.5"},
    {U'9',
     "M.9 1.7 Q1.9 0 3.7 0 H8.3 7.5 L8.3 9.5 V4.2 14 H.1 9.5 V4.2 5.1 "
     "H8.3 9.5"},
    {U':', "M0 8.6 L0 8.4 M0 .2 L0 0"},
    {U';', "M.9 8.6 L.9 8.4 M.9 .4 L0 -2.6"},
    {U'<', "M8.6 10.4 L0 6 L8.6 1.6"},
    {U'=', "M0 8 L9 8 M0 4 L9 4"},
    {U'>', "M0 10.4 L8.6 6 L0 1.6"},
    {U'?',
     "M0 11.4 V3.6 14 H7 10.8 Q7 9 5 7.4 Q3.4 6.2 3.4 4.2 M3.4 .2 "
     "L3.4 0"},
    {U'@',
     "M9.6 6 V6.8 9 H4 6 V6.8 3 H9.6 6 M9.6 9 L9.6 5 Q9.6 3.2 11.2 3.2 "
     "H13.2 6.4 V6.8 13 H0 5.6 V6.8 -2.4 Q9.6 -2.4 11.4 -1.2"},
    {U'A', "M0 0 L5.2 14 L10.4 0 M1.9 5 L8.5 5"},
    {U'B',
     "M0 0 L0 14 L5 14 H8.6 10.8 V5 7.5 L0 7.5 M5 7.5 H9.4 3.75 V5 0 "
     "L0 0"},
    {U'C', "M10 11.4 Q8.6 14 5.8 14 H0 7 V5.8 0 Q8.8 0 10.2 2.7"},
    {U'D', "M0 0 L0 14 L4 14 H10.4 7 V4 0 L0 0"},
    {U'E', "M8.4 14 L0 14 L0 0 L8.4 0 M0 7.3 L7.6 7.3"},
    {U'F', "M8.2 14 L0 14 L0 0 M0 7.2 L7.2 7.2"},
    {U'G',
     "M10.2 11.4 Q8.8 14 6 14 H0 7 V6 0 Q9.2 0 10.7 2 L10.7 6.6 "
     "L6.6 6.6"},
    {U'H', "M0 0 L0 14 M10 0 L10 14 M0 7.3 L10 7.3"},
    {U'I', "M0 0 L0 14"},
    {U'J', "M5.6 14 L5.6 3.6 V2.6 0 Q1 0 0 1"},
    {U'K', "M0 0 L0 14 M9.2 14 L0 5 M3.4 8.3 L9.8 0"},
    {U'L', "M0 14 L0 0 L7.8 0"},
    {U'M', "M0 0 L0 14 L6 3.4 L12 14 L12 0"},
    {U'N', "M0 0 L0 14 L9.8 0 L9.8 14"},
    {U'O', "M0 7 V5.8 14 H11.6 7 V5.8 0 H0 7"},
    {U'P', "M0 0 L0 14 L5 14 H9 10.2 V5 6.4 L0 6.4"},
    {U'Q', "M0 7 V5.8 14 H11.6 7 V5.8 0 H0 7 M7 3 L11.4 -1.8"},
    {U'R', "M0 0 L0 14 L5 14 H9 10.2 V5 6.4 L0 6.4 M5 6.4 L9.4 0"},
    {U'S',
     "M8.6 11.6 Q7.6 14 4.8 14 H.5 10.6 V4.7 7.3 H9.2 3.7 V4.6 0 "
     "Q1.2 0 0 2.6"},
    {U'T', "M0 14 L10.4 14 M5.2 14 L5.2 0"},
    {U'U', "M0 14 L0 4.8 V4.9 0 H9.8 4.8 L9.8 14"},
    {U'V', "M0 14 L5.2 0 L10.4 14"},
    {U'W', "M0 14 L3.8 0 L7.6 13 L11.4 0 L15.2 14"},
    {U'X', "M0 14 L9.4 0 M9.4 14 L0 0"},
    {U'Y', "M0 14 L5 7 L10 14 M5 7 L5 0"},
    {U'Z', "M.4 14 L9.2 14 L0 0 L9.4 0"},
    {U'[', "M3 16 L0 16 L0 -3 L3 -3"},
    {U'\\', "M0 15 L5.4 -2"},
    {U']', "M0 16 L3 16 L3 -3 L0 -3"},
    {U'^', "M0 9.5 L4.4 14 L8.8 9.5"},
    {U'_', "M0 -3 L8 -3"},
    {U'`', "M0 15 L2.4 12.6"},
    {U'a',
     "M1 8.2 Q1.9 10 4 10 H7.4 6.8 L7.4 0 M7.4 6 L4 6 H0 3 V3.3 0 "
     "H7.4 3.8"},
    {U'b', "M0 15 L0 0 M0 5 V4 10 H8.2 5 V4 0 H0 5"},
    {U'c', "M7.2 8.4 Q6.2 10 4.3 10 H0 5 V4.3 0 Q6.2 0 7.3 1.6"},
    {U'd', "M8.2 15 L8.2 0 M8.2 5 V4.2 10 H0 5 V4.2 0 H8.2 5"},
    {U'e', "M0 5.2 L8.2 5.2 V4.2 10 H0 5 V4.4 0 Q6.4 0 7.7 1.8"},
    {U'f', "M5.6 15 L4.8 15 H2 12 L2 0 M0 10 L5.2 10"},
    {U'g',
     "M8.2 10 L8.2 -.6 V4.2 -4.4 Q2 -4.4 .8 -3.2 M8.2 5 V4.2 10 H0 5 "
     "V4.2 0 H8.2 5"},
    {U'h', "M0 15 L0 0 M0 6 V4.2 10 H7.5 6.4 L7.5 0"},
    {U'i', "M0 10 L0 0 M0 13.6 L0 13.8"},
    {U'j', "M2.8 10 L2.8 -1.4 V0 -4.2 M2.8 13.6 L2.8 13.8"},
    {U'k', "M0 15 L0 0 M6.8 10 L0 3.8 M2.6 6.2 L7.4 0"},
    {U'l', "M0 15 L0 0"},
    {U'm',
     "M0 10 L0 0 M0 6.4 V3.4 10 H6.3 6.8 L6.3 0 M6.3 6.4 V9.7 10 "
     "H12.6 6.8 L12.6 0"},
    {U'n', "M0 10 L0 0 M0 6 V4.2 10 H7.5 6.4 L7.5 0"},
    {U'o', "M0 5 V4.2 10 H8.4 5 V4.2 0 H0 5"},
    {U'p', "M0 10 L0 -4.5 M0 5 V4 10 H8.2 5 V4 0 H0 5"},
    {U'q', "M8.2 10 L8.2 -4.5 M8.2 5 V4.2 10 H0 5 V4.2 0 H8.2 5"},
    {U'r', "M0 10 L0 0 M0 6 Q.6 10 4.6 9.9"},
    {U's',
     "M6.3 8.5 Q5.4 10 3.6 10 H.4 7.5 V3.5 5.3 H6.9 2.6 V3.4 0 "
     "Q1 0 0 1.7"},
    {U't', "M2 13.2 L2 3 V4.8 0 L5.4 0 M0 10 L5.4 10"},
    {U'u', "M0 10 L0 3.6 V3.6 0 H7.5 4.2 M7.5 10 L7.5 0"},
    {U'v', "M0 10 L3.9 0 L7.8 10"},
    {U'w', "M0 10 L3 0 L6 9.4 L9 0 L12 10"},
    {U'x', "M0 10 L7.4 0 M7.4 10 L0 0"},
    {U'y', "M0 10 L3.9 0 M7.8 10 L3.4 -1.4 Q2.4 -4.4 .5 -4.3"},
    {U'z', "M.3 10 L7 10 L0 0 L7.3 0"},
    {U'{',
     "M4 16 Q2 16 2 13.5 L2 9 Q2 6.5 0 6.5 Q2 6.5 2 4 L2 -.5 Q2 -3 4 "
     "-3"},
    {U'|', "M0 16 L0 -4"},
    {U'}',
     "M0 16 Q2 16 2 13.5 L2 9 Q2 6.5 4 6.5 Q2 6.5 2 4 L2 -.5 Q2 -3 0 "
     "-3"},
    {U'~', "M0 5.2 Q1.4 7.8 3.6 6.8 L5.8 5.4 Q8 4.4 9.4 7"},
    {U'\u00b7', "M0 6.2 L0 6"},  // middle dot
    {U'\u03b1', "M8.8 10 Q6.8 0 3.8 0 H0 5 V3.8 10 Q6.8 10 8.8 0"},  // alpha
    {U'\u03c3', "M9.2 10 L4 10 H0 5 V4 0 H8 5 Q8 8.4 5 10"},         // sigma
    {U'\u2026', "M0 .2 L0 0 M4.4 .2 L4.4 0 M8.8 .2 L8.8 0"},         // ellipsis
    {U'\u2192', "M0 6 L11 6 M7.2 9.6 L11 6 L7.2 2.4"},               // arrow
    {U'\u2212', "M0 6 L8 6"},                                        // minus
};
constexpr Glyph kUnknown = {0, "M0 0 L0 14 L8 14 L8 0 L0 0"};

const Glyph& GlyphOf(char32_t code) {
  const auto* found =
      std::find_if(std::begin(kGlyphs), std::end(kGlyphs),
                   [&](const Glyph& glyph) { return glyph.code == code; });
  return found == std::end(kGlyphs) ? kUnknown : *found;
}

// The next letter; anything that is no UTF-8 is U+FFFD, a byte at a time.
char32_t TakeLetter(std::string_view& text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  const size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  char32_t code = length == 1 ? lead : lead & (0x7f >> length);
  bool good = length <= text.size() && (lead < 0x80 || lead >= 0xc2);
  for (size_t i = 1; good && i < length; ++i) {
    good = (byte(i) & 0xc0) == 0x80;
    code = code << 6 | (byte(i) & 0x3f);
  }
  text.remove_prefix(good ? length : 1);
  return good ? code : U'\ufffd';
}

double TakeNumber(const char*& path) {
  while (*path == ' ') ++path;
  const bool negative = *path == '-';
  if (negative) ++path;
  double value = 0;
  double unit = 0;
  for (; *path == '.' || (*path >= '0' && *path <= '9'); ++path) {
    if (*path == '.') {
      unit = 1;
    } else if (unit == 0) {
      value = 10 * value + (*path - '0');
    } else {
      unit /= 10;
      value += unit * (*path - '0');
    }
  }
  return negative ? -value : value;
}

Place TakePlace(const char*& path) {
  const double x = TakeNumber(path);
  return {x, TakeNumber(path)};
}

// A letter's path as straight pieces on the lattice.
std::vector<Place> PiecesOf(const Glyph& glyph) {
  std::vector<Place> pieces;
  Place at{0, 0};
  const auto line_to = [&](Place to) {
    pieces.push_back(at);
    pieces.push_back(to);
    at = to;
  };
  for (const char* path = glyph.path; *path != '\0';) {
    const char command = *path++;
    if (command == ' ') continue;
    const Place from = at;
    const Place first = TakePlace(path);
    if (command == 'M') {
      at = first;
    } else if (command == 'L') {
      line_to(first);
    } else {
      const Place to = command == 'Q' ? TakePlace(path) : first;
      for (int i = 1; i <= kCurvePieces; ++i) {
        const double part = static_cast<double>(i) / kCurvePieces;
        if (command == 'Q') {
          const double rest = 1 - part;
          const double weights[] = {rest * rest, 2 * rest * part, part * part};
          line_to(
              {weights[0] * from.x + weights[1] * first.x + weights[2] * to.x,
               weights[0] * from.y + weights[1] * first.y + weights[2] * to.y});
        } else {
          const double sine = exact::Sin(kQuarterTurn * part);
          const double versine = 1 - exact::Cos(kQuarterTurn * part);
          const bool level = command == 'H';
          line_to({from.x + (to.x - from.x) * (level ? sine : versine),
                   from.y + (to.y - from.y) * (level ? versine : sine)});
        }
      }
    }
  }
  return pieces;
}

double Unit(double size) { return size * kCapitalPart / kCapital; }

// Shows each letter's pieces and where it starts, on the lattice; returns where
// the text ends.
template <class Show>
double Lay(std::string_view text, Show show) {
  double x = 0;
  while (!text.empty()) {
    const char32_t code = TakeLetter(text);
    if (code == U' ') {
      x += kSpaceWidth + kGap;
      continue;
    }
    const std::vector<Place> pieces = PiecesOf(GlyphOf(code));
    const bool digit = code >= U'0' && code <= U'9';
    double width = digit ? kDigitWidth : 0;
    for (const Place& place : pieces) width = std::max(width, place.x);
    show(pieces, x);
    x += width + kGap;
  }
  return x;
}

}  // namespace

double TextWidth(std::string_view text, double size) {
  const double end = Lay(text, [](const auto&, double) {});
  return std::max(0.0, end - kGap) * Unit(size);
}

std::vector<Place> TextStrokes(std::string_view text, Place at, double size) {
  std::vector<Place> strokes;
  const double unit = Unit(size);
  Lay(text, [&](const std::vector<Place>& pieces, double x) {
    for (const Place& place : pieces) {
      strokes.push_back({at.x + unit * (x + place.x), at.y - unit * place.y});
    }
  });
  return strokes;
}

double StrokeWidth(double size) { return kThickness * Unit(size); }

std::string Shortened(std::string_view text, double size, double width) {
  if (TextWidth(text, size) <= width) return std::string(text);
  while (!text.empty()) {
    bool inside = true;  // a letter: never half of one
    while (inside && !text.empty()) {
      inside = (static_cast<uint8_t>(text.back()) & 0xc0) == 0x80;
      text.remove_suffix(1);
    }
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    const std::string shorter = std::string(text) + "\u2026";
    if (TextWidth(shorter, size) <= width) return shorter;
  }
  return "";
}

}  // namespace unnoise
