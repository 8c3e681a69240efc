// See player.h. The page itself is player.html, in which {{names}} stand for
// what is filled in here.

#include "core/picture/player.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/base/check.h"
#include "core/base/json.h"
#include "core/picture/encode.h"
#include "core/picture/player_html.h"
#include "core/picture/svg.h"

namespace unnoise {
namespace {

constexpr double kWindows = 3;
constexpr double kLastCode = 65535;

// Codes of a cloud's places, little-endian.
void AppendCodes(const Cloud& cloud, const Window& window, std::string& bytes) {
  const double middle[] = {window.x, window.y};
  const double reach[] = {kWindows * window.reach_x, kWindows * window.reach_y};
  const auto axes = static_cast<size_t>(cloud.dim);
  for (size_t i = 0; i < cloud.values.size(); i += axes) {
    double part[] = {0, 0};  // -1 to 1 over the windows
    double outside = 1;
    for (size_t axis = 0; axis < axes; ++axis) {
      part[axis] = (cloud.values[i + axis] - middle[axis]) / reach[axis];
      outside = std::max(outside, std::fabs(part[axis]));
    }
    for (size_t axis = 0; axis < axes; ++axis) {
      const auto code = static_cast<uint32_t>(
          std::floor((part[axis] / outside + 1) / 2 * kLastCode + 0.5));
      bytes += static_cast<char>(code & 255);
      bytes += static_cast<char>(code >> 8);
    }
  }
}

Json CodesOf(std::span<const Cloud> clouds, const Window& window) {
  std::string bytes;
  for (const Cloud& cloud : clouds) AppendCodes(cloud, window, bytes);
  return Base64(bytes);
}

Json RecordingJson(const Recording& recording) {
  const Way& noising = recording.noising;
  Json::Array grid;
  for (const GridPoint& point : noising.grid) {
    grid.push_back(Json::Array{point.t, point.alpha, point.sigma});
  }
  // Both ways in the order of t.
  std::vector<Cloud> denoising = recording.denoising.states;
  std::reverse(denoising.begin(), denoising.end());
  Check(denoising.size() == grid.size() && noising.states.size() == grid.size(),
        "both ways have the same grid");
  const Window window = WayWindow(recording.data);
  return Json::Object{
      {"dim", recording.data.dim},
      {"window",
       Json::Array{window.x, window.y, window.reach_x, window.reach_y}},
      {"windows", kWindows},
      {"grid", std::move(grid)},
      {"data", CodesOf(std::span(&recording.data, 1), window)},
      {"denoise", CodesOf(denoising, window)},
      {"noise", CodesOf(noising.states, window)},
      {"direction", recording.noising_first ? "noise" : "denoise"},
      {"speed", recording.states_per_second}};
}

// JSON that can stand in a script element: no "</script>" in it.
std::string ForScript(std::string json) {
  for (size_t at = 0; (at = json.find('<', at)) != json.npos;) {
    json.replace(at, 1, "\\u003c");
  }
  return json;
}

std::string Colours(const Recording& recording) {
  const auto scheme = [](bool dark) {
    return std::string(":root { color-scheme: ") + (dark ? "dark" : "light") +
           "; " + TokensAsCss(dark) + " }";
  };
  if (recording.dark) return scheme(*recording.dark);
  return scheme(false) + "\n@media (prefers-color-scheme: dark) { " +
         scheme(true) + " }";
}

std::string Facts(const Recording& recording) {
  std::string html;
  for (const auto& [name, value] : recording.facts) {
    html += "<div><dt>" + Escaped(name) + "</dt><dd>" + Escaped(value) +
            "</dd></div>\n";
  }
  return html;
}

std::string Commands(const Recording& recording) {
  std::string text;
  for (const std::string& command : recording.commands) {
    if (!text.empty()) text += '\n';
    text += Escaped(command);
  }
  return text;
}

}  // namespace

std::string PlayerPage(const Recording& recording) {
  const std::pair<std::string_view, std::string> parts[] = {
      {"title", Escaped(recording.heading.title)},
      {"note", Escaped(recording.heading.note)},
      {"colours", Colours(recording)},
      {"facts", Facts(recording)},
      {"commands", Commands(recording)},
      {"experiment", Escaped(recording.experiment)},
      {"recording", ForScript(Write(RecordingJson(recording)))}};
  std::string page;
  std::string_view rest = kPlayerHtml;
  for (size_t open; (open = rest.find("{{")) != rest.npos;) {
    const size_t close = rest.find("}}", open);
    const std::string_view name = rest.substr(open + 2, close - open - 2);
    const auto* part =
        std::find_if(std::begin(parts), std::end(parts),
                     [&](const auto& each) { return each.first == name; });
    Check(part != std::end(parts), "the page asks for a part of no name");
    page += rest.substr(0, open);
    page += part->second;
    rest.remove_prefix(close + 2);
  }
  return page += rest;
}

}  // namespace unnoise
