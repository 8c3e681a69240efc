// Pixels: coverage, clipping, letters, and one small scene whose every pixel is
// held.

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/hash.h"
#include "core/picture/glyphs.h"
#include "core/picture/raster.h"
#include "core/picture/svg.h"

namespace unnoise {
namespace {

constexpr Colour kWhite = {255, 255, 255};
constexpr Colour kBlack = {0, 0, 0};

// The area that is covered, in pixels.
double Covered(const Image& image) {
  double sum = 0;
  for (const uint8_t channel : image.rgb) sum += (255 - channel) / 255.0;
  return sum / 3;
}

TEST(RasterTest, ShapesCoverTheirAreas) {
  const Place at[] = {{20.3, 19.6}};
  Raster disc(40, 40, 1, kWhite);
  disc.Discs(at, 9, {kBlack});
  // Edges are a linear ramp: right to second order in 1/radius.
  EXPECT_NEAR(Covered(disc.image()), 3.14159265 * 81, 0.6);
  Raster square(40, 40, 1, kWhite);
  square.Squares(at, 3.5, {kBlack});
  // Exact overlap; each pixel is rounded to 1/255.
  EXPECT_NEAR(Covered(square.image()), 3.5 * 3.5, 25 * 0.5 / 255);
  Raster line(40, 40, 2, kWhite);
  const Place ends[] = {{3, 4}, {13, 12}};
  line.Line(ends, 2, {kBlack});
  const double length = 2 * std::sqrt(100.0 + 64);
  EXPECT_NEAR(Covered(line.image()), length * 4 + 3.14159265 * 4, 2);
  Raster half(10, 10, 1, kWhite);
  half.Fill({2, 2, 4, 3}, {kBlack, 0.5});
  EXPECT_EQ(half.image().At(2, 2), (Colour{127, 127, 127}));
  EXPECT_NEAR(Covered(half.image()), 6, 0.05);
}

TEST(RasterTest, NothingIsDrawnOutside) {
  Raster raster(20, 20, 1, kWhite);
  const Place far[] = {{-1e300, 1e300}, {1e18, 5}, {5, -1e9}};
  const double nan = std::nan("");
  const Place none[] = {{nan, nan}, {nan, 3}};
  raster.Discs(far, 2, {kBlack});
  raster.Squares(far, 2, {kBlack});
  raster.Discs(none, 2, {kBlack});
  raster.Squares(none, 2, {kBlack});
  raster.Line(none, 2, {kBlack});
  EXPECT_EQ(Covered(raster.image()), 0);
  raster.Clip({5, 5, 4, 4});
  raster.Fill({-100, -100, 1000, 1000}, {kBlack});
  raster.Unclip();
  EXPECT_EQ(Covered(raster.image()), 16);
}

TEST(GlyphsTest, EveryLetterOfAsciiIsThere) {
  const auto strokes = [](const std::string& text) {
    return TextStrokes(text, {0, 0}, 100);
  };
  const auto box = strokes("\x7f");
  const auto same = [&](const std::vector<Place>& places) {
    return places.size() == box.size() &&
           std::equal(places.begin(), places.end(), box.begin(),
                      [](const Place& a, const Place& b) {
                        return a.x == b.x && a.y == b.y;
                      });
  };
  for (char c = '!'; c <= '~'; ++c) {
    const std::string text(1, c);
    EXPECT_FALSE(strokes(text).empty()) << c;
    EXPECT_FALSE(same(strokes(text))) << c;
    for (const Place& place : strokes(text)) {
      EXPECT_GE(place.x, 0) << c;
      EXPECT_LE(place.x, TextWidth(text, 100) + 1e-9) << c;
    }
  }
  for (const char* text : {"\u03b1", "\u03c3", "\u2026", "\u2192", "\u2212"}) {
    EXPECT_FALSE(same(strokes(text))) << text;
  }
  EXPECT_TRUE(same(strokes("\u4e2d"))) << "one box for a letter we lack";
  EXPECT_EQ(strokes("\xff\xe4").size(), 2 * box.size()) << "broken UTF-8";
  EXPECT_DOUBLE_EQ(TextWidth("00", 10), TextWidth("11", 10));
}

TEST(GlyphsTest, TextsAreShortenedWhole) {
  EXPECT_EQ(Shortened("moons", 12, 1000), "moons");
  const std::string shorter = Shortened("a long name of a file", 12, 60);
  EXPECT_TRUE(shorter.ends_with("\u2026")) << shorter;
  EXPECT_LE(TextWidth(shorter, 12), 60);
  EXPECT_EQ(Shortened("\u4e2d\u4e2d\u4e2d", 12, 13), "\u4e2d\u2026");
  EXPECT_EQ(Shortened("moons", 12, 1), "");
}

// A picture with every kind of mark.
void DrawAll(Canvas& canvas) {
  const Place places[] = {{4.3, 5.1}, {20, 9.7}, {30.2, 22}, {12, 26.5}};
  canvas.Fill({2, 2, 36, 26}, {{240, 240, 250}});
  canvas.Clip({2, 2, 30, 26});
  canvas.Squares(places, 5, {{40, 90, 200}, 0.55});
  canvas.Discs(places, 3.3, {{217, 95, 2}, 0.9});
  canvas.Line(places, 1.5, {{20, 20, 20}});
  canvas.Unclip();
  canvas.Segments(places, 1, {{200, 0, 0}, 0.4});
  canvas.Text({20, 20}, Anchor::kMiddle, 11, "t = 0.5 <&>", {{0, 0, 0}});
  canvas.Picture({33, 3, 4, 4}, {2, 2, {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2}});
}

TEST(RasterTest, TheSamePixelsOnEveryMachine) {
  Raster raster(80, 60, 2, kWhite);
  DrawAll(raster);
  Fnv1a64 hash;
  for (const uint8_t channel : raster.image().rgb) hash.Byte(channel);
  EXPECT_EQ(hash.Hex(), "d563d9b187795386");
}

TEST(SvgTest, TheSameTextOnEveryMachine) {
  Svg svg(80, 60, 2, kWhite, "A & B", "<what>");
  DrawAll(svg);
  std::string text = svg.Finish();
  for (const char* part :
       {"<title id=\"title\">A &amp; B</title>", "&lt;what&gt;",
        "t = 0.5 &lt;&amp;&gt;</text>", "data:image/png;base64,iVBOR"}) {
    EXPECT_NE(text.find(part), text.npos) << part;
  }
  // How PNG data are packed is stb's business.
  const size_t data = text.find("base64,");
  text.erase(data, text.find('"', data) - data);
  Fnv1a64 hash;
  hash.Text(text);
  EXPECT_EQ(hash.Hex(), "d948c2e349bc313b") << text;
}

TEST(SvgTest, TextsAreEscaped) {
  EXPECT_EQ(Escaped("a<b>&\"'"), "a&lt;b&gt;&amp;&quot;&#39;");
  EXPECT_EQ(Escaped("two\nlines"), "two\nlines");
  EXPECT_EQ(Escaped("\u00e9\u4e2d\U0001f600"), "\u00e9\u4e2d\U0001f600");
  const char* broken[] = {"\x01", "\x7f", "\xff", "\xc0", "\xe4"};
  for (const char* text : broken) EXPECT_EQ(Escaped(text), "\ufffd");
  EXPECT_EQ(Escaped("\xed\xa0\x80"), "\ufffd\ufffd\ufffd") << "a surrogate";
  EXPECT_EQ(Escaped("\xef\xbf\xbf"), "\ufffd\ufffd\ufffd") << "U+FFFF";
}

}  // namespace
}  // namespace unnoise
