// Colours against their sources, numbers on axes, windows, marks, and the page
// of a recording.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "core/base/json.h"
#include "core/picture/player.h"
#include "core/picture/plot.h"

namespace unnoise {
namespace {

std::string TextOf(const std::string& path) {
  std::ifstream in(UNNOISE_SOURCE_DIR "/" + path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

TEST(ThemeTest, ColoursAreThePages) {
  const std::string css = TextOf("web/src/styles/tokens.css");
  const Theme &light = ThemeOf(false), &dark = ThemeOf(true);
  const std::tuple<const char*, Colour, Colour> tokens[] = {
      {"paper", light.paper, dark.paper},
      {"surface", light.surface, dark.surface},
      {"ink", light.ink, dark.ink},
      {"muted", light.muted, dark.muted},
      {"line", light.line, dark.line},
      {"plot-grid", light.grid, dark.grid},
      {"plot-label", light.label, dark.label},
      {"plot-data", light.data, dark.data},
      {"plot-samples", light.samples, dark.samples}};
  for (const auto& [name, day, night] : tokens) {
    const std::string line = std::string("--") + name + ": light-dark(" +
                             HexOf(day) + ", " + HexOf(night) + ");";
    EXPECT_NE(css.find(line), css.npos) << line;
  }
  const auto ramps = ParseJson(TextOf("core/picture/ramps.json"), "ramps");
  ASSERT_TRUE(ramps.ok());
  const Json::Array& ramp = *ramps->Find("sequential")->AsArray();
  for (size_t i = 0; i < ramp.size(); ++i) {
    const double at =
        static_cast<double>(i) / static_cast<double>(ramp.size() - 1);
    EXPECT_EQ(HexOf(SequentialColour(at)), *ramp[i].AsString()) << i;
  }
  EXPECT_EQ(SequentialColour(-3), SequentialColour(0));
  EXPECT_EQ(SequentialColour(3), SequentialColour(1));
}

std::string Labels(const std::vector<Tick>& ticks) {
  std::string text;
  for (const Tick& tick : ticks) text += (text.empty() ? "" : " ") + tick.label;
  return text;
}

TEST(NumbersTest, AxesHaveRoundNumbers) {
  EXPECT_EQ(Labels(Ticks(-1, 1, 4)), "\u22121 \u22120.5 0 0.5 1");
  EXPECT_EQ(Labels(Ticks(0, 6000, 7)), "0 1,000 2,000 3,000 4,000 5,000 6,000");
  EXPECT_EQ(Labels(Ticks(0, 3e-7, 3)), "0 1e\u22127 2e\u22127 3e\u22127");
  EXPECT_EQ(Labels(Ticks(1.5e9, 2.1e9, 2)), "1.5e9 2e9");
  EXPECT_EQ(Labels(Ticks(0.1, 0.4, 3)), "0.1 0.2 0.3 0.4");
  for (const auto& [low, high] :
       {std::pair(1., 1.), std::pair(2., 1.), std::pair(0., 1 / 0.),
        std::pair(0 / 0., 1.), std::pair(1e17, 1e17 + 64)}) {
    EXPECT_EQ(Labels(Ticks(low, high, 5)), "") << low;
  }
  EXPECT_EQ(Labels(LogTicks(0.009, 2)), "0.01 0.1 1");
  EXPECT_EQ(Labels(LogTicks(0.3, 12)), "0.5 1 2 5 10");
  EXPECT_EQ(Labels(LogTicks(0, 12)), "");
}

TEST(NumbersTest, DigitsAreRounded) {
  EXPECT_EQ(Fixed(0.9996, 3), "1.000");
  EXPECT_EQ(Fixed(-0.25, 1), "-0.2");
  EXPECT_EQ(Fixed(0.05, 2), "0.05");
  EXPECT_EQ(Fixed(1e20, 2), "-");
  EXPECT_EQ(Compact(12.50, 2), "12.5");
  EXPECT_EQ(Compact(3, 2), "3");
  EXPECT_EQ(Compact(-0.001, 2), "0");
}

TEST(PlotTest, WindowsFitTheData) {
  const Window window = WindowOf({2, {0, 0, 4, 2}}, 0.5);
  EXPECT_EQ(window.x, 2);
  EXPECT_EQ(window.y, 1);
  EXPECT_EQ(window.reach_x, 2);
  EXPECT_EQ(window.reach_y, 2) << "one scale for both axes";
  const Window flat = WindowOf({2, {0, 0, 1000, 2}}, 0.5);
  EXPECT_EQ(flat.reach_x, 500);
  EXPECT_EQ(flat.reach_y, 1) << "else nothing would be seen of y";
  EXPECT_EQ(WindowOf({2, {3, 3, 3, 3}}, 0.5).reach_x, 1);
  EXPECT_EQ(WindowOf({2, {0, 3, 8, 3}}, 0.5).reach_y, 4);
  EXPECT_EQ(WindowOf({1, {-2, 6}}, 0.5).reach_x, 4);
  const Cloud axes = FirstAxes(std::vector<float>{1, 2, 3, 4, 5, 6}, 3);
  EXPECT_EQ(axes.values, (std::vector<float>{1, 2, 4, 5}));
}

TEST(PlotTest, WhatIsOutsideStandsAtTheEdge) {
  const Scales scales({0, 0, 1, 1}, {0, 0, 100, 100});
  const auto spots =
      SpotsOf({2, {0, 0, 20, 10, 0.5, -0.5}}, Strip::kSamples, scales);
  EXPECT_TRUE(spots[0].inside);
  EXPECT_EQ(spots[0].place.x, 50);
  EXPECT_FALSE(spots[1].inside);
  EXPECT_NEAR(spots[1].place.x, 97, 1e-9);    // rounding alone
  EXPECT_NEAR(spots[1].place.y, 26.5, 1e-9);  // half as steep
  EXPECT_EQ(spots[2].place.y, 75) << "y is upwards";
}

Recording TinyRecording() {
  Recording recording;
  recording.heading = {"</script><b>&", "note"};
  recording.data = {2, {-1, 0, 1, 0.5f}};
  recording.denoising.grid = {{0.9, 0.1, 0.9}, {0.1, 0.9, 0.1}};
  recording.denoising.states = {{2, {5, 5}}, {2, {0, 0.25f}}};
  recording.noising.grid = {{0.1, 0.9, 0.1}, {0.9, 0.1, 0.9}};
  recording.noising.states = {{2, {0, 0}}, {2, {1, 1}}};
  recording.facts = {{"A <b>", "{{recording}}"}};
  recording.commands = {"unnoise render 'a b'"};
  recording.experiment = "{}";
  return recording;
}

TEST(PlayerTest, ThePageIsWholeAndNothingBreaksOut) {
  const std::string page = PlayerPage(TinyRecording());
  EXPECT_NE(page.find("&lt;/script&gt;&lt;b&gt;&amp;</h1>"), page.npos);
  EXPECT_EQ(page.find("<b>"), page.npos);
  EXPECT_NE(page.find("<dd>{{recording}}</dd>"), page.npos)
      << "what is filled in is not filled in again";
  for (const char* outside : {"http:", "https:", "src=", "@import", "url("}) {
    EXPECT_EQ(page.find(outside), page.npos) << outside;
  }
  EXPECT_NE(page.find("prefers-color-scheme: dark) { :root"), page.npos);
  Recording dark = TinyRecording();
  dark.dark = true;
  EXPECT_EQ(PlayerPage(dark).find("prefers-color-scheme: dark) { :root"),
            page.npos);
  EXPECT_EQ(PlayerPage(TinyRecording()), page);
}

TEST(PlayerTest, CodesHoldThePlaces) {
  const std::string page = PlayerPage(TinyRecording());
  const std::string open =
      "<script type=\"application/json\" "
      "id=\"recording\">";
  const size_t begin = page.find(open) + open.size();
  const auto json = ParseJson(
      page.substr(begin, page.find("</script>", begin) - begin), "recording");
  ASSERT_TRUE(json.ok());
  // Middle (0, 0.25), three windows of 0.72 * 2 to each side. Both ways are in
  // the order of t; (0, 0.25) is code 32768 on both axes, and (5, 5) lies
  // outside: moved towards the middle until y is at the edge, 65535.
  const std::string denoise = *json->Find("denoise")->AsString();
  EXPECT_EQ(denoise.substr(0, 6), "AIAAgP") << denoise;
  EXPECT_EQ(json->Find("denoise")->AsString()->size(), 12u);
  EXPECT_EQ(*json->Find("dim"), Json(2));
  EXPECT_EQ(*json->Find("grid")->AsArray()->at(0).AsArray()->at(0).AsNumber(),
            0.1);
}

}  // namespace
}  // namespace unnoise
