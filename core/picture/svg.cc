// See svg.h.

#include "core/picture/svg.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/picture/encode.h"
#include "core/picture/numbers.h"

namespace unnoise {
namespace {

std::string Number(double value) { return Compact(value, 2); }

std::string FillOf(Ink ink) {
  std::string text = " fill=\"" + HexOf(ink.colour) + '"';
  if (ink.alpha < 1) text += " fill-opacity=\"" + Number(ink.alpha) + '"';
  return text;
}

// The length of the UTF-8 letter at the start, 0 if there is none.
size_t LetterLength(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead == '\n' || lead == '\t') return 1;
  if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
  const size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  // Overlong forms, surrogates, beyond U+10FFFF, U+FFFE and U+FFFF.
  const uint8_t next = byte(1);
  if ((lead == 0xe0 && next < 0xa0) || (lead == 0xed && next > 0x9f) ||
      (lead == 0xf0 && next < 0x90) || (lead == 0xf4 && next > 0x8f)) {
    return 0;
  }
  if (lead == 0xef && next == 0xbf && byte(2) >= 0xbe) return 0;
  return length;
}

}  // namespace

std::string Escaped(std::string_view text) {
  std::string escaped;
  while (!text.empty()) {
    const size_t length = LetterLength(text);
    const std::string_view letter = text.substr(0, std::max<size_t>(length, 1));
    text.remove_prefix(letter.size());
    if (length == 0) {
      escaped += "\ufffd";
    } else if (letter == "&") {
      escaped += "&amp;";
    } else if (letter == "<") {
      escaped += "&lt;";
    } else if (letter == ">") {
      escaped += "&gt;";
    } else if (letter == "\"") {
      escaped += "&quot;";
    } else if (letter == "'") {
      escaped += "&#39;";
    } else {
      escaped += letter;
    }
  }
  return escaped;
}

Svg::Svg(int width, int height, double detail, Colour background,
         std::string_view title, std::string_view description)
    : detail_(detail) {
  const std::string wide = Number(width / detail);
  const std::string tall = Number(height / detail);
  text_ =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" "
      "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"" +
      std::to_string(width) + "\" height=\"" + std::to_string(height) +
      "\" viewBox=\"0 0 " + wide + " " + tall +
      "\" role=\"img\" aria-labelledby=\"title description\" "
      "font-family=\"system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto "
      "Sans', 'DejaVu Sans', sans-serif\">\n<title id=\"title\">" +
      Escaped(title) + "</title>\n<desc id=\"description\">" +
      Escaped(description) + "</desc>\n<rect width=\"" + wide + "\" height=\"" +
      tall + "\" fill=\"" + HexOf(background) + "\"/>\n";
}

std::string Svg::Finish() {
  text_ += "</svg>\n";
  return std::move(text_);
}

std::string Svg::Snapped(const Box& box) const {
  const auto whole = [&](double value) {
    return std::floor(detail_ * value + 0.5);
  };
  const double left = whole(box.left), top = whole(box.top);
  const double wide = std::max(1.0, whole(box.right()) - left);
  const double tall = std::max(1.0, whole(box.bottom()) - top);
  return " x=\"" + Number(left / detail_) + "\" y=\"" + Number(top / detail_) +
         "\" width=\"" + Number(wide / detail_) + "\" height=\"" +
         Number(tall / detail_) + '"';
}

void Svg::Clip(const Box& box) {
  const std::string id = "clip" + std::to_string(++clips_);
  text_ += "<clipPath id=\"" + id + "\"><rect" + Snapped(box) +
           "/></clipPath>\n<g clip-path=\"url(#" + id + ")\">\n";
}

void Svg::Unclip() { text_ += "</g>\n"; }

void Svg::Fill(const Box& box, Ink ink) {
  text_ += "<rect" + Snapped(box) + FillOf(ink) + "/>\n";
}

void Svg::Squares(std::span<const Place> centres, double size, Ink ink) {
  if (centres.empty()) return;
  const std::string wide = Number(size);
  text_ += "<g" + FillOf(ink) + ">\n";
  for (const Place& centre : centres) {
    text_ += "<rect x=\"" + Number(centre.x - size / 2) + "\" y=\"" +
             Number(centre.y - size / 2) + "\" width=\"" + wide +
             "\" height=\"" + wide + "\"/>\n";
  }
  text_ += "</g>\n";
}

void Svg::Discs(std::span<const Place> centres, double radius, Ink ink) {
  if (centres.empty()) return;
  text_ += "<g" + FillOf(ink) + ">\n";
  for (const Place& centre : centres) {
    text_ += "<circle cx=\"" + Number(centre.x) + "\" cy=\"" +
             Number(centre.y) + "\" r=\"" + Number(radius) + "\"/>\n";
  }
  text_ += "</g>\n";
}

void Svg::Path(std::string_view commands, double width, Ink ink) {
  text_ += "<path d=\"" + std::string(commands) + "\" fill=\"none\" stroke=\"" +
           HexOf(ink.colour) + "\" stroke-width=\"" + Number(width) + '"';
  if (ink.alpha < 1) text_ += " stroke-opacity=\"" + Number(ink.alpha) + '"';
  text_ += " stroke-linecap=\"round\" stroke-linejoin=\"round\"/>\n";
}

void Svg::Line(std::span<const Place> places, double width, Ink ink) {
  if (places.size() < 2) return;
  std::string commands;
  for (const Place& place : places) {
    commands += commands.empty() ? 'M' : 'L';
    commands += Number(place.x) + ' ' + Number(place.y);
  }
  Path(commands, width, ink);
}

void Svg::Segments(std::span<const Place> places, double width, Ink ink) {
  if (places.size() < 2) return;
  std::string commands;
  for (size_t i = 0; i + 1 < places.size(); i += 2) {
    commands += 'M' + Number(places[i].x) + ' ' + Number(places[i].y) + 'L' +
                Number(places[i + 1].x) + ' ' + Number(places[i + 1].y);
  }
  Path(commands, width, ink);
}

void Svg::Text(Place at, Anchor anchor, double size, std::string_view text,
               Ink ink) {
  text_ += "<text x=\"" + Number(at.x) + "\" y=\"" + Number(at.y) +
           "\" font-size=\"" + Number(size) + '"' + FillOf(ink);
  if (anchor == Anchor::kMiddle) text_ += " text-anchor=\"middle\"";
  if (anchor == Anchor::kEnd) text_ += " text-anchor=\"end\"";
  text_ += '>' + Escaped(text) + "</text>\n";
}

void Svg::Picture(const Box& box, const Image& image) {
  // xlink: programs older than SVG 2 know no other.
  const std::string data = "data:image/png;base64," + Base64(EncodePng(image));
  text_ += "<image" + Snapped(box) +
           " preserveAspectRatio=\"none\" xlink:href=\"" + data + "\"/>\n";
}

}  // namespace unnoise
